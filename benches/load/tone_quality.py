"""How well a tone came through: its level, what else was heard with it, and how much of the sound came at all.

It follows level and phase of the tone window by window, so that a stretch which was left out costs little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benches.load.onset import TimedPacket
from benches.load.sounds import FRAME_SAMPLES, RATE, decode

SILENCE_DBOV = -127.0
WINDOW = RATE // 50
"""A whole number of periods of any tone that is a multiple of 50 Hz."""
SETTLING_WINDOWS = 15
LOUD_QUANTILE = 0.9
"""A decoder that begins in the middle needs a while."""


@dataclass(frozen=True, slots=True)
class ToneQuality:
    """`level_dbov` of the tone at its loudest, `snr_db` against all else, `missing_s` of the mix that did not come."""

    level_dbov: float
    snr_db: float
    missing_s: float


def tone_quality(packets: Sequence[TimedPacket], hz: int, seconds: float) -> ToneQuality:
    """Judge consecutive packets of a mix, recorded for `seconds`, in which only that tone should be."""
    sound = decode([packet.payload for packet in packets])
    missing_s = max(0.0, seconds - len(packets) * FRAME_SAMPLES / RATE)
    windows = sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)[SETTLING_WINDOWS:]
    if not len(windows):
        return ToneQuality(SILENCE_DBOV, 0.0, missing_s)
    angle = 2 * np.pi * hz * np.arange(WINDOW) / RATE
    probes = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    amplitudes = windows @ probes * (2 / WINDOW)
    residue = windows - amplitudes @ probes.T
    powers, noise = np.sum(amplitudes**2, axis=1) / 2, float(np.mean(residue**2))
    loud = float(np.quantile(powers, LOUD_QUANTILE))
    return ToneQuality(_db(loud), _db(float(np.mean(powers))) - _db(noise), missing_s)


def _db(power: float) -> float:
    return 10 * float(np.log10(max(power, 1e-12)))
