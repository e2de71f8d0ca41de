"""Sound like speech, always the same: voiced harmonics with moving formants, hiss, syllables and pauses.

It needs no recording and no synthesiser, and says nothing.
"""

import numpy as np

from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm

SYLLABLE_S = 0.22
PITCH_HZ = 115.0
FORMANTS = ((300.0, 2300.0), (700.0, 1200.0), (500.0, 1800.0), (400.0, 800.0), (600.0, 1000.0))


def speech(seconds: float, seed: int = 0, dbov: float = -20.0, has_pauses: bool = True) -> Pcm:
    """Speech-like sound, whole frames of it; `dbov` is the level of all of it together."""
    random = np.random.default_rng(seed)
    count = int(seconds * SAMPLE_RATE) // FRAME_SAMPLES * FRAME_SAMPLES
    syllable = int(SYLLABLE_S * SAMPLE_RATE)
    sound = np.zeros(count + syllable)
    for start in range(0, count, syllable):
        if has_pauses and random.random() < 0.2:
            continue
        kind = random.random()
        part = _hiss(random, syllable) if kind < 0.2 else _vowel(random, syllable)
        sound[start : start + syllable] = part * np.hanning(syllable) ** 0.5
    sound = sound[:count]
    scale = 10 ** (dbov / 20) / max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    return np.clip(sound * scale, -1, 1).astype(np.float32)


def frames(sound: Pcm) -> Pcm:
    """`sound` as rows of 20 ms."""
    return sound.reshape(-1, FRAME_SAMPLES)


def level(sound: Pcm) -> float:
    """dBov of all of `sound`."""
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-13))


def _vowel(random: np.random.Generator, count: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    seconds = np.arange(count) / SAMPLE_RATE
    pitch = PITCH_HZ * random.uniform(0.8, 1.6)
    phase = 2 * np.pi * pitch * (seconds + 0.3 * random.uniform(-1, 1) * seconds**2)
    first, second = FORMANTS[random.integers(len(FORMANTS))]
    sound = random.normal(size=count) * 0.003
    for harmonic in range(1, 40):
        hz = harmonic * pitch
        gain = np.exp(-(((hz - first) / 150) ** 2)) + 0.5 * np.exp(-(((hz - second) / 250) ** 2)) + 0.02
        sound += gain * np.sin(harmonic * phase)
    return sound


def _hiss(random: np.random.Generator, count: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    noise = random.normal(size=count)
    return 0.3 * (noise - np.roll(noise, 1))
