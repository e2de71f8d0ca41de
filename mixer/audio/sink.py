"""From mixes to packets: one encoder for all who hear the same, one of their own for each who speaks.

It mixes nothing and addresses nobody: a frame names its listeners, and each listener's numbering is the caller's.

Who begins to speak needs a mix without himself from the first tick on. His encoder is a fork of the shared one, whose
packets he has been decoding, so the seam cannot be heard. On the way back the two encoders have heard the same for
seconds, and the shared one predicts nothing in the first packet that it sends him.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mixer.audio.coding import AudioEncoder
from mixer.audio.counters import AudioCounters
from mixer.audio.pcm import FRAME_SAMPLES, Pcm

HOLD_MIN_S = 3.0
HOLD_MAX_S = 5.0
"""How long an encoder of one's own is kept after the last word; from the minimum on, a silence to switch in ends it."""

QUIET_PEAK = 0.01
"""-40 dB of full scale: a seam below this is nobody's concern."""

NOTHING_TO_SEND_BYTES = 2
"""A packet of libopus up to this size is DTX and need not be sent."""

KEEPALIVE_TICKS = 20
"""400 ms: how often something is sent in silence, as Opus' own DTX does."""

SETTLE_TICKS = 15
"""After so many silent ticks the encoder is in DTX (it takes 10), and encoding more silence would change nothing."""

_SILENCE: Pcm = np.zeros(FRAME_SAMPLES, np.float32)


@dataclass(slots=True)
class AudioFrame:
    """One packet for several listeners. `timestamp` counts samples since the mixer began; `marker` begins a talkspurt.

    `listener_ids` is the same object as long as its contents are the same.
    """

    payload: bytes
    marker: bool
    timestamp: int
    listener_ids: Sequence[str]


@dataclass(slots=True)
class Mix:
    """What somebody is to hear for 20 ms: `sound` of shape (960,) whose largest magnitude is `peak`."""

    sound: Pcm
    peak: float


SILENT_MIX = Mix(_SILENCE, 0.0)


class _Stream:
    """An encoder and those who listen to it."""

    def __init__(self, encoder: AudioEncoder) -> None:
        self.listener_ids: tuple[str, ...] = ()
        self.voiced_at = 0.0
        self.is_independent = False
        self._encoder = encoder
        self._silent_ticks = 0
        self._unsent_ticks = KEEPALIVE_TICKS

    def fork(self) -> "_Stream":
        twin = _Stream(self._encoder.fork())
        twin._silent_ticks = self._silent_ticks
        twin._unsent_ticks = self._unsent_ticks
        return twin

    def encode(self, mix: Mix, timestamp: int, counters: AudioCounters) -> AudioFrame | None:
        """The packet for this tick, if one is worth sending."""
        self._silent_ticks = self._silent_ticks + 1 if mix is SILENT_MIX else 0
        is_keepalive = self._unsent_ticks + 1 >= KEEPALIVE_TICKS
        if self._silent_ticks > SETTLE_TICKS and not is_keepalive:
            self._unsent_ticks += 1
            return None
        counters.encodes += 1
        payload = self._encoder.encode(mix.sound, self.is_independent)
        if len(payload) <= NOTHING_TO_SEND_BYTES and not is_keepalive:
            self._unsent_ticks += 1
            return None
        self.is_independent = False
        marker = self._unsent_ticks > 0
        self._unsent_ticks = 0
        return AudioFrame(payload, marker, timestamp, self.listener_ids)


class AudioSink:
    """All listeners of a room. One `encode` per tick; at most `max_private` encoders beside the shared one."""

    def __init__(self, new_encoder: Callable[[], AudioEncoder], max_private: int, counters: AudioCounters) -> None:
        self._counters = counters
        self._max_private = max_private
        self._shared = _Stream(new_encoder())
        self._private: dict[str, _Stream] = {}
        self._listeners: dict[str, list[str]] = {}
        """Listener ids by participant."""
        self._is_stale = False

    def add_listener(self, listener_id: str, participant_id: str) -> None:
        """Somebody who hears everybody but this participant."""
        self._listeners.setdefault(participant_id, []).append(listener_id)
        self._is_stale = True

    def remove_listener(self, listener_id: str) -> None:
        """Raises KeyError for a listener who is not there."""
        participant = next((owner for owner, ids in self._listeners.items() if listener_id in ids), None)
        if participant is None:
            raise KeyError(listener_id)
        self._listeners[participant].remove(listener_id)
        if not self._listeners[participant]:
            del self._listeners[participant]
            self._private.pop(participant, None)
        self._is_stale = True

    def encode(self, everybody: Mix, without: Mapping[str, Mix], timestamp: int, now: float) -> list[AudioFrame]:
        """The packets of a tick. `without`: for each participant who is in the mix, the mix without him."""
        self._hand_back(everybody, without, now)
        self._hand_over(without, now)
        if self._is_stale:
            self._assign_listeners()
        frames = [
            stream.encode(without.get(participant, everybody), timestamp, self._counters)
            for participant, stream in self._private.items()
        ]
        if self._shared.listener_ids:
            frames.append(self._shared.encode(everybody, timestamp, self._counters))
        return [frame for frame in frames if frame is not None]

    def _hand_over(self, speaking: Collection[str], now: float) -> None:
        """Give an encoder to those who begin to speak. The shared one has not encoded this tick yet."""
        for participant in speaking:
            if participant in self._listeners and participant not in self._private:
                self._private[participant] = self._shared.fork()
                self._counters.forks += 1
                self._is_stale = True
            if participant in self._private:
                self._private[participant].voiced_at = now

    def _hand_back(self, everybody: Mix, speaking: Collection[str], now: float) -> None:
        """Return to the shared encoder who has long been silent; sooner if there are too many for those who speak."""
        silent = [participant for participant in self._private if participant not in speaking]
        silent.sort(key=lambda participant: self._private[participant].voiced_at)
        newcomers = sum(participant in self._listeners and participant not in self._private for participant in speaking)
        surplus = len(self._private) + newcomers - self._max_private
        hold = HOLD_MIN_S if everybody.peak < QUIET_PEAK else HOLD_MAX_S
        for index, participant in enumerate(silent):
            if index < surplus or now - self._private[participant].voiced_at >= hold:
                self._return_to_shared(participant)

    def _return_to_shared(self, participant: str) -> None:
        stream = self._private.pop(participant)
        if self._shared.listener_ids:
            self._shared.is_independent = True
        else:
            # Nobody follows the shared encoder, so it has stood still; this one is what the listener knows.
            self._shared = stream
        self._assign_listeners()

    def _assign_listeners(self) -> None:
        self._is_stale = False
        for participant, stream in self._private.items():
            stream.listener_ids = tuple(self._listeners[participant])
        shared = (ids for participant, ids in self._listeners.items() if participant not in self._private)
        self._shared.listener_ids = tuple(listener for ids in shared for listener in ids)
