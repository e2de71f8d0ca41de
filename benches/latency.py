"""How much later one is heard for the server in between: see `benches.load.onset` for what exactly is compared.

Eight rooms of two at once, whose speakers' packets are spread over the 20 ms of a tick, so that the wait for the tick
is sampled evenly. Loopback network.
"""

from benches.figures import Figure, percentile
from benches.load_process import running_load
from benches.scale import Scale
from benches.subject import running_subject

BENCH = "added audio latency"
ROOMS = 8
TARGET_P50_MS = 50.0


async def measure(scale: Scale) -> list[Figure]:
    """Percentiles over all clicks."""
    async with running_subject() as subject, running_load() as load:
        for _ in range(ROOMS):
            await load.join(await subject.create_meeting(), 2)
        latencies_s = await load.latency(scale.latency_s)
    note = f"{len(latencies_s)} clicks in {ROOMS} rooms"
    return [
        Figure(BENCH, "p50", 1000 * percentile(latencies_s, 50), "ms", TARGET_P50_MS, note),
        Figure(BENCH, "p95", 1000 * percentile(latencies_s, 95), "ms", note=note),
    ]
