"""What a flood does to a call: how late the tick is, and how a tone comes through, without and with it.

Three floods of FLOOD_PER_S each: strangers who send random bytes, strangers who send what looks like ours, and a guest
with a seat who sends too much of everything. Each meets a fresh daemon and a call of its own, as the quiet one has it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from benches.figures import Figure
from benches.load_process import running_load
from benches.scale import Scale
from benches.subject import Subject, running_subject
from tests.peers.flood import Kind, flooding

BENCH = "flood"
FLOOD_PER_S = 10_000
PEOPLE = 10
"""Two of whom say a tone, and one shows a picture."""
QUIET_FACTOR = 2.0

Disturbance = Callable[[Subject, str, float], AbstractAsyncContextManager[object]]


async def measure(scale: Scale) -> list[Figure]:
    """Tick lateness p99, and the worse of two tones."""
    figures: list[Figure] = []
    target: float | None = None
    for name, disturbance in DISTURBANCES.items():
        figures += await _one_call(name, disturbance, scale, target)
        target = target or QUIET_FACTOR * figures[0].value
    return figures


async def _one_call(name: str, disturbance: Disturbance, scale: Scale, target: float | None) -> list[Figure]:
    async with running_subject() as subject, running_load() as load:
        url = await subject.create_meeting()
        await load.join(url, PEOPLE - 1)
        await load.join(url, 1, has_camera=True)
        async with disturbance(subject, url, scale.lateness_s):
            tones = await load.tones(scale.lateness_s)
            counters = await subject.counters()
    dropped = sum(value for counter, value in counters.items() if counter.startswith("drop."))
    note = f"{counters.get('tick.skipped', 0.0):.0f} skipped, {dropped:.0f} datagrams dropped"
    return [
        Figure(BENCH, f"{name}: tick lateness p99", counters["tick.lateness_p99_ms"], "ms", target, note),
        Figure(BENCH, f"{name}: level of the tone", min(tone.level_dbov for tone in tones), "dBov"),
        Figure(BENCH, f"{name}: tone against all else", min(tone.snr_db for tone in tones), "dB"),
        Figure(BENCH, f"{name}: sound that did not come", 1000 * max(tone.missing_s for tone in tones), "ms"),
    ]


@contextlib.asynccontextmanager
async def _nobody(subject: Subject, url: str, seconds: float) -> AsyncIterator[None]:
    yield


def _strangers(kind: Kind) -> Disturbance:
    return lambda subject, url, seconds: flooding(subject.daemon.udp_port, FLOOD_PER_S, 2 * seconds + 5, kind)


@contextlib.asynccontextmanager
async def _a_guest(subject: Subject, url: str, seconds: float) -> AsyncIterator[None]:
    async with running_load() as load:
        await load.join(url, 1, has_camera=True)
        flood = asyncio.create_task(load.flood(FLOOD_PER_S, seconds + 1))
        try:
            yield
        finally:
            await flood


DISTURBANCES: dict[str, Disturbance] = {
    "quiet": _nobody,
    "random": _strangers(Kind.RANDOM),
    "well-formed": _strangers(Kind.WELL_FORMED),
    "one source": _strangers(Kind.ONE_SOURCE),
    "a guest": _a_guest,
}
