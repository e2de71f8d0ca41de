"""Levels in dBov: what a packet claims of its sound, and what its sound really has.

It ranks nobody. 0 dBov is a full-scale square wave, so a full-scale sine has -3. RFC 6464 section 3.
"""

import numpy as np

from mixer.audio.pcm import Pcm

SILENCE_DBOV = -127.0
SPEECH_DBOV = -50.0
"""From here on sound is taken for speech: soft talkers are some 10 dB above, quiet rooms some 10 dB below."""

UNLABELLED_SPEECH_DBOV = -40.0
"""Assumed where the sender labels nothing: speech, but anybody who labels theirs as clearly audible comes first."""

SUBSTANCE_BYTES = 10
"""An Opus frame of silence or comfort noise is not longer than this."""

_SILENT_POWER = 10 ** (SILENCE_DBOV / 10)


def claimed_dbov(level: int | None, payload_bytes: int) -> float:
    """What a packet claims: by its header extension (`level` 0..127 below full scale), or else by its size."""
    if level is not None:
        return -float(level)
    return UNLABELLED_SPEECH_DBOV if payload_bytes > SUBSTANCE_BYTES else SILENCE_DBOV


def levels_dbov(frames: Pcm) -> list[float]:
    """The level of each row of `frames`, shape (voices, samples)."""
    power = np.einsum("ij,ij->i", frames, frames) / frames.shape[1]
    levels: list[float] = (10 * np.log10(np.maximum(power, _SILENT_POWER))).tolist()
    return levels
