"""What a forwarded video packet costs the daemon: one camera to 1, 10 and 30 viewers, beside the floor.

Nothing is subtracted: receiving and routing the camera's packets, feedback, reports, the beat of the audio mixer and
the daemon's own idling are in the figure, spread over the packets that viewers got. Nobody speaks.
"""

import asyncio

from benches.figures import Figure
from benches.floor import measure_floor
from benches.load_process import LoadProcess, running_load
from benches.scale import Scale
from benches.subject import Subject, running_subject

BENCH = "forwarded video packet"
VIEWERS = (1, 10, 30)
TARGET_FLOORS = 2.5


async def measure(scale: Scale) -> list[Figure]:
    """CPU per packet for each number of viewers, after its floor."""
    figures: list[Figure] = []
    for viewers in VIEWERS:
        floor = await measure_floor(viewers)
        note = f"{floor.paced:.1f} us at a camera's pace"
        figures.append(Figure(BENCH, f"viewers: {viewers}, floor (protect + sendto)", floor.tight, "us", note=note))
        async with running_subject() as subject, running_load() as load:
            url = await subject.create_meeting()
            await load.join(url, 1, has_camera=True)
            await load.join(url, viewers)
            await load.microphones(0, "off")
            await asyncio.sleep(scale.settle_s)
            figures.append(await _per_packet(subject, load, scale, viewers, TARGET_FLOORS * floor.tight))
    return figures


async def _per_packet(subject: Subject, load: LoadProcess, scale: Scale, viewers: int, target: float) -> Figure:
    before, cpu_before = await load.counters(), subject.cpu_s()
    await asyncio.sleep(scale.window_s)
    cpu_s, after = subject.cpu_s() - cpu_before, await load.counters()
    forwarded = after.video_packets - before.video_packets
    sent = after.camera_packets - before.camera_packets
    share = forwarded / (sent * viewers) if sent else 0.0
    note = f"{sent / scale.window_s:.0f} packets/s in, {100 * share:.1f} % reach a viewer"
    return Figure(BENCH, f"viewers: {viewers}", cpu_s * 1e6 / max(1, forwarded), "us", target, note)
