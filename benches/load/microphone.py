"""A guest's microphone: loops over packets made before, in the state that the bench asks for.

It is called once in 20 ms and answers with the packet to send, if there is one. It encodes nothing.
"""

from collections.abc import Callable
from enum import StrEnum

from benches.load.packets import audio_head
from benches.load.sounds import FRAME_SAMPLES, SILENT_FRAME, SpokenFrame, clicks, room_noise, speech, tone

DTX_FRAMES = 10
"""A muted browser with `usedtx` sends about 5 packets a second."""


class MicrophoneState(StrEnum):
    """Packets per second: 0, 5, and 50 for all others."""

    OFF = "off"
    MUTED = "muted"
    OPEN = "open"
    SPEAKING = "speaking"
    CLICKING = "clicking"
    LOW_TONE = "low tone"
    HIGH_TONE = "high tone"


LOW_HZ, HIGH_HZ = 500, 1000

_SOUNDS: dict[MicrophoneState, Callable[[], tuple[SpokenFrame, ...]]] = {
    MicrophoneState.OPEN: room_noise,
    MicrophoneState.SPEAKING: speech,
    MicrophoneState.CLICKING: clicks,
    MicrophoneState.LOW_TONE: lambda: tone(LOW_HZ),
    MicrophoneState.HIGH_TONE: lambda: tone(HIGH_HZ),
}


def make_sounds() -> None:
    """Encode what microphones will say. It takes a while, in which the schedule of guests would stand still."""
    for make in _SOUNDS.values():
        make()


class Microphone:
    """One outgoing Opus stream. `transport_seq` numbers packets across all streams of the guest."""

    def __init__(self, ssrc: int, mid: str, transport_seq: Callable[[], int]) -> None:
        self.ssrc = ssrc
        self.packets = 0
        self.octets = 0
        self.timestamp = 0
        self.frame_index = 0
        """Where in its loop the latest packet comes from."""
        self._mid = ord(mid)
        self._transport_seq = transport_seq
        self._loop: tuple[SpokenFrame, ...] = ()
        self._position = 0
        self.state = MicrophoneState.OFF

    def switch(self, state: MicrophoneState, position: int = 0) -> None:
        """Change what is heard; `position` is where in the loop to begin, so that not all say the same at once."""
        self.state = state
        self._loop = _SOUNDS[state]() if state in _SOUNDS else ()
        self._position = position % len(self._loop) if self._loop else 0

    def next_packet(self) -> bytes | None:
        """The packet of the next 20 ms, if there is one."""
        self.timestamp += FRAME_SAMPLES
        if self._loop:
            self.frame_index = self._position
            frame = self._loop[self._position]
            self._position = (self._position + 1) % len(self._loop)
        elif self.state is MicrophoneState.MUTED and self.timestamp // FRAME_SAMPLES % DTX_FRAMES == 0:
            frame = SILENT_FRAME
        else:
            return None
        head = audio_head(
            self.packets, self.timestamp, self.ssrc, self._transport_seq(), self._mid, frame.level, self.packets == 0
        )
        self.packets += 1
        self.octets += len(frame.payload)
        return head + frame.payload
