"""What a participant costs: a room that fills up to 100; three speak, the others are muted or have open microphones.

CPU is user and system time of the daemon and its media worker together. A muted microphone with DTX sends 5 packets a
second, an open one in a quiet room 50. Everybody listens all the time.
"""

import asyncio

from benches.figures import Figure
from benches.load_process import LoadProcess, running_load
from benches.scale import Scale
from benches.subject import Subject, running_subject

SIZES = (2, 10, 50, 100)
SPEAKERS = 3
OTHERS = {"muted": 5, "open": 50}
"""Packets per second of those who do not speak."""
TARGETED_SIZE = 100
TARGET_PERCENT = 25.0


async def measure(scale: Scale) -> list[Figure]:
    """Share of a core, CPU per participant-second, and codec work per tick, by size and state of the microphones."""
    async with running_subject() as subject, running_load() as load:
        url = await subject.create_meeting()
        figures = [await _idle(subject, scale)]
        joined = 0
        for size in SIZES:
            await load.join(url, size - joined)
            joined = size
            for others in OTHERS:
                await load.microphones(min(SPEAKERS, size), others)
                await asyncio.sleep(scale.settle_s)
                figures += await _one_state(subject, load, scale, size, others)
    return figures


async def _idle(subject: Subject, scale: Scale) -> Figure:
    before = subject.cpu_s()
    await asyncio.sleep(scale.window_s)
    return Figure("idle daemon", "share of a core", 100 * (subject.cpu_s() - before) / scale.window_s, "%")


async def _one_state(subject: Subject, load: LoadProcess, scale: Scale, size: int, others: str) -> list[Figure]:
    before, heard_before, cpu_before = await subject.counters(), await load.counters(), subject.cpu_s()
    await asyncio.sleep(scale.window_s)
    cpu_s, after, heard_after = subject.cpu_s() - cpu_before, await subject.counters(), await load.counters()
    speakers = min(SPEAKERS, size)
    bench = f"room of {size}, {speakers} speak, others {others} ({OTHERS[others]}/s)"
    per_second = (heard_after.audio_packets - heard_before.audio_packets) / scale.window_s / size
    late = heard_after.late_turns - heard_before.late_turns
    heard = f"each hears {per_second:.1f} packets/s" + (f"; the load was late {late} times" if late else "")
    target = TARGET_PERCENT if (size, others) == (TARGETED_SIZE, "muted") else None

    def grown(counter: str) -> float:
        return after.get(counter, 0.0) - before.get(counter, 0.0)

    def per_tick(counter: str) -> float:
        return grown(counter) / max(1.0, grown("audio.ticks"))

    return [
        Figure(bench, "share of a core", 100 * cpu_s / scale.window_s, "%", target, heard),
        Figure(bench, "CPU per participant-second", 1000 * cpu_s / scale.window_s / size, "ms"),
        Figure(bench, "encodes per tick", per_tick("audio.encodes"), "", speakers + 1),
        Figure(bench, "decodes per tick", per_tick("audio.decodes"), ""),
    ]
