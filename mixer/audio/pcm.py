"""The one form of sound inside the mixer: 48 kHz, mono, float32 with full scale at 1.0, in frames of 20 ms.

It converts nothing; codecs deliver and take this form.
"""

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 48_000
FRAME_SAMPLES = 960
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE

Pcm = npt.NDArray[np.float32]
"""Samples, shape (n,); several voices at once, shape (voices, n)."""
