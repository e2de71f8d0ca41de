"""What a test may leave behind: nothing. Counts threads, descriptors and tasks before and after it.

It repairs nothing: a leak is named, and the test that caused it fails.
"""

import asyncio
import gc
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

GRACE_S = 0.5
"""A socket that is being closed and a thread that is ending get this long; only a test that leaks waits for it."""
GRACE_TURNS = 10
"""Turns of the event loop in which a task that was told to end must have ended."""

LASTING_DESCRIPTORS = {
    "/dev/urandom": "kept open by libraries for the life of the process",
    "/dev/null": "pytest's capture and Playwright's driver hand it to children",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Threads and open descriptors of this process at one moment."""

    threads: frozenset[threading.Thread]
    descriptors: frozenset[tuple[int, str]]

    @classmethod
    def take(cls) -> "Snapshot":
        """What is open now."""
        return cls(frozenset(threading.enumerate()), _open_descriptors())

    def wait_for_leaks(self) -> list[str]:
        """Names of what is open now and was not then, once it had a moment to close."""
        leaks = self._leaks()
        if not leaks:
            return []
        gc.collect()
        give_up_at = time.monotonic() + GRACE_S
        while (leaks := self._leaks()) and time.monotonic() < give_up_at:
            time.sleep(0.01)
        return leaks

    def _leaks(self) -> list[str]:
        now = Snapshot.take()
        threads = [f"thread {thread.name}" for thread in now.threads - self.threads]
        descriptors = [
            f"descriptor {number} ({target})"
            for number, target in now.descriptors - self.descriptors
            if target not in LASTING_DESCRIPTORS
        ]
        return sorted(threads) + sorted(descriptors)


@asynccontextmanager
async def ending_all_tasks() -> AsyncIterator[None]:
    """Fail the test if a task that was begun in the block still runs once it had a few turns of the loop to end."""
    before = asyncio.all_tasks()
    yield
    tasks: set[asyncio.Task[object]] = set()
    for _ in range(GRACE_TURNS):
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - before - {asyncio.current_task()}
        if not tasks:
            break
    leaks = sorted(f"{task.get_name()} {task.get_coro()}" for task in tasks)
    if leaks:
        pytest.fail("left running: " + "; ".join(leaks), pytrace=False)


def _open_descriptors() -> frozenset[tuple[int, str]]:
    found = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            found.add((int(name), os.readlink(f"/proc/self/fd/{name}")))
        except FileNotFoundError:
            continue  # the descriptor of the listing itself
    return frozenset(found)
