"""Added latency: when a click that was sent is heard in the mix, by the clock of one process.

A click sent in a packet at `t`, `p` samples into it, would be played `p / 48000` s later by somebody at the other end
of a wire; the same click arriving at `u`, `q` samples into a packet of the mix, is played at `u + q / 48000`. The
difference is what the server adds: its jitter buffer, the wait for the tick, and the look-ahead of its encoder. The
time that a packet takes to fill is in neither, as both ends have it with or without a server.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benches.load.sounds import CLICK_AMPLITUDE, FRAME_SAMPLES, RATE, Samples, SpokenFrame, decode

THRESHOLD = CLICK_AMPLITUDE / 2
QUIET_SAMPLES = RATE // 5
"""A click begins where the threshold is passed after this long below it."""
LONGEST_S = 0.5
"""What is heard later than this is no answer to the last click: the clicks are 0.6 s apart."""


@dataclass(frozen=True, slots=True)
class TimedPacket:
    """An Opus payload, and when it was sent or arrived (monotonic seconds)."""

    at: float
    payload: bytes


def onsets(sound: Samples) -> list[int]:
    """Positions in samples at which clicks set in."""
    loud = np.flatnonzero(np.abs(sound) > THRESHOLD)
    before = np.diff(loud, prepend=-QUIET_SAMPLES)
    return [int(position) for position in loud[before >= QUIET_SAMPLES]]


def onset_frames(frames: Sequence[SpokenFrame]) -> dict[int, float]:
    """For a loop of packets: index of each that holds an onset, with the seconds from its begin to the onset."""
    return {
        position // FRAME_SAMPLES: position % FRAME_SAMPLES / RATE
        for position in onsets(decode([frame.payload for frame in frames]))
    }


def heard_at(packets: Sequence[TimedPacket]) -> list[float]:
    """When the clicks in consecutive packets of the mix are played at the earliest."""
    sound = decode([packet.payload for packet in packets])
    return [
        packets[position // FRAME_SAMPLES].at + position % FRAME_SAMPLES / RATE
        for position in onsets(sound)
        if position // FRAME_SAMPLES < len(packets)
    ]


def added_latencies(said_at: Sequence[float], heard_at: Sequence[float]) -> list[float]:
    """Seconds from each heard click back to the last one said before it; both ascending."""
    found = []
    for heard in heard_at:
        index = bisect_right(said_at, heard) - 1
        if index >= 0 and heard - said_at[index] < LONGEST_S:
            found.append(heard - said_at[index])
    return found
