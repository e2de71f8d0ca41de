"""How late the 20 ms tick is: an idle daemon's, one's with 100 people in a room, and the same while the API is busy.

The worker itself tells percentiles of its last minute: time from the deadline of a tick to its begin. What the machine
adds (other processes, timers) is in the empty tick's figure too, which is why the targets stand beside it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from benches.figures import Figure
from benches.load_process import running_load
from benches.scale import Scale
from benches.subject import Subject, running_subject

BENCH = "tick lateness"
PEOPLE = 100
SPEAKERS = 3
ALLOWED_MS = 2.0
CALLS_PER_S = 40
"""Calls of `GET /api/user/meetings`, by one client that waits for each answer."""


async def measure(scale: Scale) -> list[Figure]:
    """p50 and p99 of each, the latter beside the empty tick's."""
    async with running_subject() as subject:
        await asyncio.sleep(scale.idle_s)
        figures = await _percentiles(subject, "empty", None)
    target = figures[-1].value + ALLOWED_MS
    async with running_subject() as subject, running_load() as load:
        url = await subject.create_meeting()
        await load.join(url, PEOPLE)
        await load.microphones(SPEAKERS, "muted")
        await asyncio.sleep(scale.lateness_s)
        figures += await _percentiles(subject, f"{PEOPLE} people, {SPEAKERS} speak", target)
        async with _busy_api(subject) as calls:
            await asyncio.sleep(scale.lateness_s)
            name = f"the same, API busy ({len(calls) / scale.lateness_s:.0f} calls/s)"
            figures += await _percentiles(subject, name, target)
    return figures


async def _percentiles(subject: Subject, name: str, target: float | None) -> list[Figure]:
    counters = await subject.counters()
    skipped = f"{counters.get('tick.skipped', 0.0):.0f} skipped since the start"
    return [
        Figure(BENCH, f"{name}: p50", counters["tick.lateness_p50_ms"], "ms"),
        Figure(BENCH, f"{name}: p99", counters["tick.lateness_p99_ms"], "ms", target, skipped),
    ]


@contextlib.asynccontextmanager
async def _busy_api(subject: Subject) -> AsyncIterator[list[None]]:
    """Call while the block runs; gives a list that grows with each answer."""
    calls: list[None] = []

    async def keep_calling() -> None:
        while True:
            await subject.daemon.call("GET", "/user/meetings")
            calls.append(None)
            await asyncio.sleep(1 / CALLS_PER_S)

    task = asyncio.create_task(keep_calling())
    try:
        yield calls
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
