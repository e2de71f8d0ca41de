"""Password hashing costs those who log in, never those who talk."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from confserver.auth.passwords import MOST_WAITING, NICENESS, THREADS, Passwords
from confserver.errors import TooManyRequests


class SlowHasher(PasswordHasher):
    """Takes until it is let go, and notes in which threads it worked and how nice they were."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = threading.Event()
        self.threads: set[int] = set()
        self.niceness: set[int] = set()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.threads.add(threading.get_native_id())
        self.niceness.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        assert self.may_go.wait(10.0)
        return "hash"


@pytest.fixture
def hasher() -> SlowHasher:
    return SlowHasher()


@pytest.fixture
def passwords(hasher: SlowHasher) -> Iterator[Passwords]:
    workshop = Passwords(hasher)
    yield workshop
    workshop.close()


async def test_few_run_at_a_time_few_wait_and_the_loop_goes_on(passwords: Passwords, hasher: SlowHasher) -> None:
    waiting = [asyncio.create_task(passwords.hash("secret")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequests):
        await passwords.hash("one too many")
    hasher.may_go.set()
    assert await asyncio.gather(*waiting) == ["hash"] * MOST_WAITING
    assert len(hasher.threads) <= THREADS
    assert threading.get_native_id() not in hasher.threads


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a priority of its own")
async def test_hashing_yields_to_everything_else(passwords: Passwords, hasher: SlowHasher) -> None:
    hasher.may_go.set()
    await passwords.hash("secret")
    assert hasher.niceness == {NICENESS}
