"""Puts the packets of one audio stream back into order and time, with as little delay as its network allows.

It decodes nothing and reads no clock: it says what to do for the next stretch of sound. While nobody wants to hear the
stream it rests and keeps only the newest packets. RFC 3550; DTX as in RFC 7587 section 3.1.3.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from mixer.base.drops import DropReason, Drops
from mixer.rtp.playout_delay import IsTimely, PlayoutDelay, always

MAX_PACKETS = 50
RESTING_PACKETS = 6
"""Kept while resting: enough for WARM_UP_PACKETS that are past and, on a jittery path, some that are not yet due."""

WARM_UP_PACKETS = 3
MAX_STARVED = 3
"""Ticks concealed while nothing comes. Opus fades by itself, but a fourth would only be a moan."""

MAX_CONCEALED = 10
"""A hole of more packets than this is skipped: it cannot be filled with anything that means something."""

SLACK_S = 0.025
"""How far playing may stray from the wanted delay before silence is cut or stretched: a tick of 20 ms, and some."""

MAX_EXCESS_S = 0.100
"""With more delay than this, sound is left out even in the middle of a word."""

NOTHING_TO_SEND_BYTES = 2
"""A payload up to this size is the sender's DTX: after it, silence is no under-run."""

STEP_SAMPLES = 120
"""2.5 ms, the granularity of Opus: the shortest stretch that can be concealed."""


class Action(Enum):
    """What the decoder is to do next."""

    PLAY = auto()
    RECOVER = auto()
    """The packet before `payload` is lost, `payload` may hold its in-band FEC; it will be played next."""
    CONCEAL = auto()
    """A packet is lost, and so is the one after it."""
    STARVE = auto()
    """Nothing has come although the sender was speaking; what comes later is still welcome."""
    PAUSE = auto()
    """Silence: the sender sends nothing (DTX), or the next packet is not due yet."""


class Playout(NamedTuple):
    """The next stretch of sound: `samples` of it (0: up to the next tick), from `payload` if there is one."""

    action: Action
    samples: int = 0
    payload: bytes | None = None
    is_spare: bool = False
    """It is heard later than need be: leave it out if it is quiet."""


class _Packet(NamedTuple):
    seq: int
    timestamp: int
    payload: bytes


class JitterBuffer:
    """One stream. `seq` and `timestamp` are extended; `samples_of` tells the length of a payload in timestamp units.
    `is_timely` is asked of a packet that comes late: one that has waited for us, not on its way, proves no delay.

    It begins at rest; `start` and `stop` frame the time in which somebody calls `take` about every 20 ms.
    """

    def __init__(
        self, clock_rate: int, samples_of: Callable[[bytes], int], drops: Drops, is_timely: IsTimely = always
    ) -> None:
        self._samples_of = samples_of
        self._drops = drops
        self._delay = PlayoutDelay(clock_rate, is_timely)
        self._tick = clock_rate // 50
        self._slack = SLACK_S * clock_rate
        self._max_excess = MAX_EXCESS_S * clock_rate
        self._packets: dict[int, _Packet] = {}
        self._is_resting = True
        self._next_seq: int | None = None
        self._cursor: int | None = None
        """Timestamp of the next sample to be heard; None in a pause."""
        self._newest: _Packet | None = None
        self._last_samples = self._tick
        self._is_last_dtx = False
        self._starved = 0

    def observe(self, timestamp: int, now: float) -> None:
        """Learn from the arrival of a packet that is not wanted, so that the delay is right for the first that is."""
        if self._delay.observe(timestamp, now):
            self._restart()

    def insert(self, seq: int, timestamp: int, payload: bytes, now: float) -> None:
        """Take in a packet; what overflows is the oldest."""
        if self._delay.observe(timestamp, now):
            self._restart()
        packets = self._packets
        if seq in packets:
            self._drops[DropReason.AUDIO_DUPLICATE] += 1
            return
        if self._next_seq is not None and seq < self._next_seq:
            self._drops[DropReason.AUDIO_LATE] += 1
            return
        packet = packets[seq] = _Packet(seq, timestamp, payload)
        self._expect_recovery(packet, now)
        if self._is_resting:
            if len(packets) > RESTING_PACKETS:
                self._drop(min(packets), DropReason.AUDIO_QUIET)
        elif len(packets) > MAX_PACKETS:
            self._drop(min(packets), DropReason.AUDIO_OVERFLOW)

    def start(self, now: float) -> list[bytes]:
        """Stop resting. Returns the payloads before the first that will be played, to warm the decoder with."""
        self._is_resting = False
        due = self._delay.due(now)
        past = sorted(seq for seq, packet in self._packets.items() if packet.timestamp + self._tick <= due)
        for seq in past[:-WARM_UP_PACKETS]:
            self._drop(seq, DropReason.AUDIO_QUIET)
        if past:
            self._next_seq = past[-1] + 1
        return [self._packets.pop(seq).payload for seq in past[-WARM_UP_PACKETS:]]

    def stop(self) -> None:
        """Rest, and keep the newest packets for the next start."""
        for seq in sorted(self._packets)[:-RESTING_PACKETS]:
            self._drop(seq, DropReason.AUDIO_QUIET)
        self._is_resting = True
        self._next_seq = None
        self._pause()

    def clear(self, reason: DropReason) -> None:
        """Drop every packet: nothing of before may be heard."""
        self._drops[reason] += len(self._packets)
        self._packets.clear()

    def take(self, now: float, is_quiet: bool = False) -> Playout:
        """What to do for the next stretch. `is_quiet`: what was last heard is quiet, so a pause hurts nobody."""
        if not self._packets:
            return self._starve(is_quiet)
        due = self._delay.due(now)
        head = self._catch_up(due)
        samples = self._samples_of(head.payload)
        # A tick takes in 20 ms: of shorter packets, the last must have come before the first may be heard.
        early = head.timestamp + max(0, self._tick - samples) - due
        is_paused = self._cursor is None or (self._next_seq == head.seq and head.timestamp > self._cursor)
        if (is_paused and early > 0) or (is_quiet and early > self._slack):
            self._cursor = None
            return Playout(Action.PAUSE)
        if is_paused or self._cursor is None or self._next_seq is None or head.seq <= self._next_seq:
            return self._play(head, samples, is_spare=-early > self._slack and len(self._packets) > 1)
        while self._starved and self._next_seq < head.seq and due - self._cursor > self._slack:
            # What is missing was concealed already while it could still have been late.
            self._starved -= 1
            self._next_seq += 1
            self._cursor += self._last_samples
        return self._fill(head, samples, head.seq - self._next_seq, head.timestamp - self._cursor)

    def _expect_recovery(self, packet: _Packet, now: float) -> None:
        """A lost packet arrives inside its successor: where that happens often, it is worth the delay."""
        newest = self._newest
        if newest is not None and packet.seq < newest.seq:
            return
        self._newest = packet
        if newest is not None and packet.seq == newest.seq + 2:
            lost_timestamp = newest.timestamp + self._last_samples
            if packet.timestamp == lost_timestamp + self._last_samples:
                self._delay.observe(lost_timestamp, now)

    def _play(self, head: _Packet, samples: int, is_spare: bool = False) -> Playout:
        del self._packets[head.seq]
        self._next_seq = head.seq + 1
        self._starved = 0
        self._is_last_dtx = len(head.payload) <= NOTHING_TO_SEND_BYTES
        self._last_samples = samples or self._last_samples
        self._cursor = head.timestamp + self._last_samples
        return Playout(Action.PLAY, self._last_samples, head.payload, is_spare)

    def _fill(self, head: _Packet, samples: int, missing: int, gap: int) -> Playout:
        """Make up for the packet before `head`, one of `missing`, which together should have lasted `gap` at least."""
        length = min(self._last_samples, gap) // STEP_SAMPLES * STEP_SAMPLES
        if not 0 < missing <= MAX_CONCEALED or length <= 0:
            return self._play(head, samples)
        self._next_seq = head.seq - missing + 1
        self._cursor = head.timestamp - gap + length
        if missing == 1:
            return Playout(Action.RECOVER, length, head.payload)
        return Playout(Action.CONCEAL, length)

    def _starve(self, is_quiet: bool) -> Playout:
        if self._cursor is None or is_quiet or self._is_last_dtx or self._starved == MAX_STARVED:
            self._pause()
            return Playout(Action.PAUSE)
        # The cursor stays: the missing packet is played when it comes, and silence later makes up for the delay.
        self._starved += 1
        return Playout(Action.STARVE)

    def _catch_up(self, due: float) -> _Packet:
        """The packet to play next, after leaving out what would be heard far too late."""
        head = self._head()
        if due - head.timestamp > self._max_excess:
            while len(self._packets) > 1 and due - head.timestamp > self._slack:
                self._drop(head.seq, DropReason.AUDIO_CATCH_UP)
                head = self._head()
            self._next_seq = head.seq
            self._cursor = head.timestamp
        return head

    def _head(self) -> _Packet:
        if self._next_seq is not None and self._next_seq in self._packets:
            return self._packets[self._next_seq]
        return self._packets[min(self._packets)]

    def _restart(self) -> None:
        self.clear(DropReason.AUDIO_RESTARTED)
        self._next_seq = None
        self._newest = None
        self._pause()

    def _pause(self) -> None:
        self._cursor = None
        self._starved = 0

    def _drop(self, seq: int, reason: DropReason) -> None:
        del self._packets[seq]
        self._drops[reason] += 1
