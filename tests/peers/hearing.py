"""Two thin guests who hear each other's tone; the sound itself is judged by `benches.load`, in a process of its own."""

from benches.load.tone_quality import ToneQuality
from benches.load_process import LoadProcess
from tests.peers.daemon import Daemon

HEARD_S = 1.0
SENT_DBOV = -20.0
TOLERANCE_DB = 3.0
TOLERANCE_S = 0.020
"""One packet, which may be on its way when listening ends."""
TRIES = 15
"""Other processes may spoil a second of sound; what lasts would spoil every one."""


async def two_in_a_room(load: LoadProcess, daemon: Daemon) -> str:
    """The first two guests of a load, in a meeting of their own; gives its invite link."""
    url = str((await daemon.create_meeting())["invite_url"])
    await load.join(url, 2)
    return url


async def hear_each_other(load: LoadProcess) -> None:
    """Return once both have heard a second of the other's tone, at its level and without a gap."""
    for _ in range(TRIES):
        heard = await load.tones(HEARD_S)
        if all(_is_whole(tone) for tone in heard):
            return
    raise AssertionError(f"no second of sound was whole; the last one: {heard}")


def _is_whole(tone: ToneQuality) -> bool:
    return abs(tone.level_dbov - SENT_DBOV) <= TOLERANCE_DB and tone.missing_s <= TOLERANCE_S
