"""What guests say, as samples and as Opus packets made once before anybody joins.

Nothing is encoded while guests are in a room: a microphone only loops over these packets. RFC 6716, RFC 6464.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
FRAME_SAMPLES = RATE // 50
BITRATE = 24_000
FULL_SCALE = 32_768
QUIETEST = 127
"""The audio level of silence, in -dBov."""

CLICK_PERIOD_FRAMES = 30
CLICK_HZ = 1_000
CLICK_SAMPLES = RATE // 10
CLICK_AMPLITUDE = 0.35
MURMUR_AMPLITUDE = 0.004
"""What lies between two clicks: far below them, yet the mixer keeps its source open and its encoder sending."""

TONE_AMPLITUDE = 0.1 * 2**0.5
"""-20 dBov."""
TONE_SWING_DB = 12.0
TONE_SWELLS = 4
"""In a second."""

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpokenFrame:
    """20 ms of sound: an Opus payload, and its level for the header extension in -dBov."""

    payload: bytes
    level: int


SILENT_FRAME = SpokenFrame(b"\xf8\xff\xfe", QUIETEST)
"""20 ms of digital silence, as a muted microphone with DTX sends it from time to time."""


@functools.cache
def speech(seconds: float = 6.0, seed: int = 1) -> tuple[SpokenFrame, ...]:
    """Something with the rhythm, pitch and bandwidth of speech at about -20 dBov."""
    return encode(_speech_samples(seconds, seed))


@functools.cache
def room_noise(seconds: float = 4.0, seed: int = 2) -> tuple[SpokenFrame, ...]:
    """An open microphone in a quiet room, at about -55 dBov: nothing that anybody needs to hear."""
    noise = np.random.default_rng(seed).normal(0.0, 10 ** (-55 / 20), round(seconds * RATE))
    return encode(noise.astype(np.float32))


@functools.cache
def clicks(periods: int = 10) -> tuple[SpokenFrame, ...]:
    """A tone that sets in once every CLICK_PERIOD_FRAMES, over a murmur that never stops."""
    period = np.zeros(CLICK_PERIOD_FRAMES * FRAME_SAMPLES, np.float32)
    click = CLICK_AMPLITUDE * np.cos(2 * np.pi * CLICK_HZ * np.arange(CLICK_SAMPLES) / RATE)
    middle = len(period) // 2
    period[middle : middle + CLICK_SAMPLES] = click
    sound = np.tile(period, periods)
    murmur = np.random.default_rng(3).normal(0.0, MURMUR_AMPLITUDE, len(sound))
    return encode((sound + murmur).astype(np.float32))


@functools.cache
def tone(hz: int) -> tuple[SpokenFrame, ...]:
    """A second of a sine that never pauses and four times falls from -20 dBov to -32: steady ones pass for noise."""
    at = np.arange(RATE) / RATE
    swell = 10 ** (TONE_SWING_DB / 40 * (np.cos(2 * np.pi * TONE_SWELLS * at) - 1))
    return encode((TONE_AMPLITUDE * swell * np.sin(2 * np.pi * hz * at)).astype(np.float32))


def encode(sound: Samples) -> tuple[SpokenFrame, ...]:
    """Opus packets of mono sound at 48 kHz in -1..1, one per 20 ms; what is left over at the end is dropped."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = RATE
    encoder.layout = "mono"
    encoder.format = "flt"
    encoder.bit_rate = BITRATE
    encoder.options = {"application": "voip", "frame_duration": "20"}
    frames = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    spoken = []
    for index, samples in enumerate(frames):
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE, index * FRAME_SAMPLES
        spoken += [SpokenFrame(bytes(packet), level_of(samples)) for packet in encoder.encode(frame)]
    return tuple(spoken)


def decode(payloads: Sequence[bytes]) -> Samples:
    """The sound of consecutive packets, mono at 48 kHz: FRAME_SAMPLES for each."""
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate = RATE
    decoder.layout = "mono"
    blocks = [
        frame.to_ndarray()[0, :FRAME_SAMPLES] / np.float32(FULL_SCALE)
        for payload in payloads
        for frame in decoder.decode(av.Packet(payload))
    ]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def level_of(samples: Samples) -> int:
    """Level in -dBov, 0..127."""
    effective = float(np.sqrt(np.mean(np.square(samples))))
    return min(QUIETEST, round(-20 * np.log10(effective))) if effective > 0 else QUIETEST


def _speech_samples(seconds: float, seed: int) -> Samples:
    """Harmonics of a wandering pitch and some breath, in syllables of about 0.25 s with a pause every third second."""
    random = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE)) / RATE
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * at + seed) + 12 * np.sin(2 * np.pi * 2.3 * at)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = sum(np.sin(n * phase) / n * (1.5 if 4 <= n <= 8 else 1.0) for n in range(1, 25))
    breath = random.normal(0.0, 0.3, len(at))
    syllables = np.clip(np.sin(2 * np.pi * 2.0 * at) + 0.35, 0.0, 1.0)
    sentence = np.where(at % 3.0 < 2.5, 1.0, 0.0)
    sound = (np.asarray(voice) + breath) * syllables * sentence
    speech: Samples = (0.1 * sound / np.sqrt(np.mean(np.square(sound)))).astype(np.float32)
    return speech
