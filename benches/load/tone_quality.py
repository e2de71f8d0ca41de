"""How well a steady tone came through: its level, what else was heard with it, and how much of the sound came at all.

It follows the phase of the tone window by window, so that a stretch which was left out costs a window, not the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benches.load.onset import TimedPacket
from benches.load.sounds import FRAME_SAMPLES, RATE, Samples, decode

WINDOW = RATE // 10
SETTLING_WINDOWS = 3
"""A decoder that begins in the middle needs a while."""


@dataclass(frozen=True, slots=True)
class ToneQuality:
    """`level_dbov` of the tone, `snr_db` against all else, `missing_s` of the mix that did not come."""

    level_dbov: float
    snr_db: float
    missing_s: float


def tone_quality(packets: Sequence[TimedPacket], hz: int) -> ToneQuality:
    """Judge consecutive packets of a mix in which only that tone should be. Raises ValueError if they are too few."""
    windows = _windows(decode([packet.payload for packet in packets]))
    angle = 2 * np.pi * hz * np.arange(WINDOW) / RATE
    probes = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    amplitudes = windows @ probes * (2 / WINDOW)
    residue = windows - amplitudes @ probes.T
    power, noise = float(np.mean(amplitudes**2)), float(np.mean(residue**2))
    lasted_s = packets[-1].at - packets[0].at
    came_s = (len(packets) - 1) * FRAME_SAMPLES / RATE
    return ToneQuality(10 * np.log10(power), 10 * np.log10(power / noise), max(0.0, lasted_s - came_s))


def _windows(sound: Samples) -> Samples:
    count = len(sound) // WINDOW
    if count <= SETTLING_WINDOWS:
        raise ValueError("too little was heard to judge it")
    windows: Samples = sound[: count * WINDOW].reshape(count, WINDOW)[SETTLING_WINDOWS:]
    return windows
