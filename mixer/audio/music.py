"""What a lobby sounds like: the packets of one file again and again, the same for everybody, or nothing.

It decodes and encodes nothing: whoever made the file has (`mixer.transcode`). It stands where a room has its mixer.
"""

import mmap
from pathlib import Path

from mixer.audio.counters import AudioCounters
from mixer.audio.pcm import FRAME_SAMPLES
from mixer.audio.sink import AudioFrame
from mixer.base.drops import Drops
from mixer.base.packet_file import PacketFile


class Music:
    """Plays the file at `path` while anybody listens; silent without one, or if it is none."""

    def __init__(self, path: str | None) -> None:
        self.counters = AudioCounters()
        self.drops = Drops()
        self._packets = _read(path) if path else None
        self._listener_ids: tuple[str, ...] = ()
        self._next = 0
        self._timestamp = 0

    def add_listener(self, listener_id: str, participant_id: str) -> None:
        """Somebody who hears it from now on."""
        self._listener_ids = (*self._listener_ids, listener_id)

    def remove_listener(self, listener_id: str) -> None:
        """Somebody who does not."""
        self._listener_ids = tuple(each for each in self._listener_ids if each != listener_id)

    def set_muted(self, participant_id: str, is_muted: bool, is_silenced: bool | None = None) -> None:
        """Nobody is heard here anyway."""

    def speakers(self) -> tuple[str, ...]:
        """Nobody speaks here."""
        return ()

    def tick(self, now: float, skipped: int = 0) -> list[AudioFrame]:
        """The packet of the next 20 ms; `skipped` ticks before it did not take place."""
        self._timestamp += (1 + skipped) * FRAME_SAMPLES
        self.counters.ticks += 1
        if self._packets is None or not self._listener_ids:
            return []
        payload = self._packets[self._next]
        self._next = (self._next + 1) % len(self._packets)
        return [AudioFrame(payload, False, self._timestamp, self._listener_ids)]


def _read(path: str) -> PacketFile | None:
    try:
        with Path(path).open("rb") as file:
            # Mapped, not read: many lobbies share the pages, and a tick waits for no more than the packet it plays.
            return PacketFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None  # a tenant's music that is gone is no reason to let nobody wait
