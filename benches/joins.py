"""How long a guest waits after pressing Join: from the `join` message to the first packet of the mix.

In it are admission, negotiation of microphone, camera and nine slots, ICE, DTLS, and the wait for the next tick. Guests
come one after the other into a room that fills; one in it speaks all the time, so that there is something to hear.
"""

from benches.figures import Figure, percentile
from benches.load_process import running_load
from benches.scale import Scale
from benches.subject import running_subject

BENCH = "join"
TARGET_P95_MS = 300.0


async def measure(scale: Scale) -> list[Figure]:
    """Percentiles over all guests but the first, who speaks."""
    async with running_subject() as subject, running_load() as load:
        url = await subject.create_meeting()
        await load.join(url, 1)
        await load.microphones(1, "muted")
        connected_s, heard_s = await load.join(url, scale.joins, waits_for_sound=True)
    note = f"{scale.joins} guests, one after the other"
    return [
        Figure(BENCH, "connected, p50", 1000 * percentile(connected_s, 50), "ms", note="ICE and DTLS done"),
        Figure(BENCH, "hears the mix, p50", 1000 * percentile(heard_s, 50), "ms", note=note),
        Figure(BENCH, "hears the mix, p95", 1000 * percentile(heard_s, 95), "ms", TARGET_P95_MS, note),
    ]
