"""How late the 20 ms tick is: an idle daemon's, one's with 100 people in a room, the same while the API is busy, and
while people log in, whose passwords take tens of milliseconds each to check.

The worker itself tells percentiles of its last minute: time from the deadline of a tick to its begin. What the machine
adds (other processes, timers) is in the empty tick's figure too, which is why the targets stand beside it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

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
LOGINS = 4
"""Clients that log in, each again as soon as it is in: more than there are threads that check passwords."""


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
        for what, clients, ask in (("API busy", 1, _list_meetings), ("logins", LOGINS, _log_in)):
            async with _busy(subject, clients, ask) as answers:
                await asyncio.sleep(scale.lateness_s)
                name = f"the same, {what} ({len(answers) / scale.lateness_s:.0f}/s)"
                figures += await _percentiles(subject, name, target)
    return figures


async def _percentiles(subject: Subject, name: str, target: float | None) -> list[Figure]:
    counters = await subject.counters()
    skipped = f"{counters.get('tick.skipped', 0.0):.0f} skipped since the start"
    return [
        Figure(BENCH, f"{name}: p50", counters["tick.lateness_p50_ms"], "ms"),
        Figure(BENCH, f"{name}: p99", counters["tick.lateness_p99_ms"], "ms", target, skipped),
    ]


async def _list_meetings(subject: Subject) -> None:
    await subject.daemon.call("GET", "/user/meetings")
    await asyncio.sleep(1 / CALLS_PER_S)


async def _log_in(subject: Subject) -> None:
    await subject.daemon.login()


@contextlib.asynccontextmanager
async def _busy(subject: Subject, clients: int, ask: Callable[[Subject], Awaitable[None]]) -> AsyncIterator[list[None]]:
    """So many ask again and again while the block runs; gives a list that grows with each answer."""
    answers: list[None] = []

    async def keep_asking() -> None:
        while True:
            await ask(subject)
            answers.append(None)

    tasks = [asyncio.create_task(keep_asking()) for _ in range(clients)]
    try:
        yield answers
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome
