"""Hashes and checks passwords with Argon2id (RFC 9106), away from the event loop.

It stores nothing. The work takes tens of milliseconds and tens of megabytes by design, so few run at a time and few
wait: a flood of logins costs those who log in, not those who talk.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from confserver.errors import TooManyRequests
from confserver.store.ids import new_token

T = TypeVar("T")

THREADS = max(1, (os.cpu_count() or 1) // 2)
"""Half of the cores: each hash takes its share of the memory's speed, too, whatever its niceness."""
MOST_WAITING = 32
NICENESS = 10
"""Of these threads, where a thread can have its own: on a busy machine the media go first."""


class Passwords:
    """A bounded workshop for password hashes; `close` ends its threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        # One lane each (RFC 9106 section 3.1): more would be threads beside ours.
        self._hasher = hasher or PasswordHasher(parallelism=1)
        self._executor = ThreadPoolExecutor(THREADS, "passwords", _yield_to_others)
        self._waiting = 0
        self._decoy: str | None = None

    def check_capacity(self) -> None:
        """Raises TooManyRequests while so many wait that no one more is looked at."""
        if self._waiting >= MOST_WAITING:
            raise TooManyRequests("Too many people are logging in at this moment.", 1.0)

    async def hash(self, password: str) -> str:
        """The hash to store. Raises TooManyRequests when overloaded."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the stored hash.

        Without a stored hash the answer is no and takes as long, so that its time does not tell who exists.
        """
        return await self._run(lambda: self._verify(stored, password))

    def close(self) -> None:
        """Waits for what is being worked on."""
        self._executor.shutdown()

    def _verify(self, stored: str | None, password: str) -> bool:
        # Made whether it is needed or not: else the first unknown name would take longer.
        self._decoy = self._decoy or self._hasher.hash(new_token())
        try:
            return self._hasher.verify(stored or self._decoy, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        self.check_capacity()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting -= 1


def _yield_to_others() -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
