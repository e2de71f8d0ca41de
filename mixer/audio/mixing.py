"""The arithmetic of a mix: a wide sum, each voice taken out of its own mix, one soft limiter at the very end.

It knows no participants and keeps no state: the limiter is a curve, not a moving gain, so nobody's loudness makes
another voice pump.
"""

import numpy as np

from mixer.audio.pcm import SAMPLE_RATE, Pcm

RAMP_SAMPLES = SAMPLE_RATE // 200
"""5 ms: too short to lose a consonant, long enough not to click."""

_RISE: Pcm = np.linspace(0, 1, RAMP_SAMPLES, endpoint=False, dtype=np.float32)

KNEE = np.float32(0.7)
"""Below -3 dB of full scale nothing is changed; a single full-scale sine loses half a decibel."""

_ROOM = np.float32(1) - KNEE


def fade_in(sound: Pcm) -> None:
    """Let `sound`, shape (n,), begin from nothing, in place."""
    length = min(RAMP_SAMPLES, sound.shape[-1])
    sound[:length] *= _RISE[:length]


def fade_out(sound: Pcm) -> None:
    """Let `sound`, shape (n,), end after RAMP_SAMPLES, in place."""
    length = min(RAMP_SAMPLES, sound.shape[-1])
    sound[:length] *= _RISE[::-1][:length]
    sound[length:] = 0


def mix_minus(voices: Pcm) -> Pcm:
    """Mixes of shape (1 + voices, n): row 0 is everybody, row 1 + i is everybody but voice i; within full scale."""
    mixes = np.empty((len(voices) + 1, voices.shape[1]), np.float32)
    np.sum(voices, axis=0, out=mixes[0])
    np.subtract(mixes[0], voices, out=mixes[1:])
    soft_limit(mixes)
    return mixes


def soft_limit(mixes: Pcm) -> None:
    """Bend what is beyond the knee so that it approaches full scale and never reaches past it, in place."""
    magnitude = np.abs(mixes)
    loud = magnitude > KNEE
    if loud.any():
        bent = KNEE + _ROOM * np.tanh((magnitude[loud] - KNEE) / _ROOM)
        mixes[loud] = np.copysign(bent, mixes[loud])
