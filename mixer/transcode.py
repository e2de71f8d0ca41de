"""Makes a file of packets for lobbies (`mixer.base.packet_file`) out of any sound that PyAV can read.

Run as a process of its own, `python -m mixer.transcode SOURCE TARGET`: what people upload is read by a library of
codecs, which neither the daemon nor a media worker should do. A line on standard error says what is wrong with it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from mixer.audio.codec import opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm
from mixer.base.packet_file import write_packets

LONGEST_S = 600
LEVEL_DBOV = -26.0
"""Of the whole, by its RMS: music to wait by is quieter than the voice that ends the wait."""

HIGHEST_PEAK = 0.7
LOOP_FADE_SAMPLES = SAMPLE_RATE // 20
SETTINGS = EncoderSettings(bitrate=40_000, has_dtx=False, has_fec=False)


class TranscodeError(Exception):
    """A source that cannot be used; the message is for whoever uploaded it."""


def transcode(source: Path) -> bytes:
    """The packets of a sound as a file's bytes. Raises TranscodeError."""
    sound = _levelled(_read(source))
    sound[:LOOP_FADE_SAMPLES] *= np.linspace(0, 1, LOOP_FADE_SAMPLES, dtype=np.float32)
    sound[-LOOP_FADE_SAMPLES:] *= np.linspace(1, 0, LOOP_FADE_SAMPLES, dtype=np.float32)
    encoder = opus_encoder(SETTINGS)
    return write_packets([encoder.encode(frame) for frame in sound.reshape(-1, FRAME_SAMPLES)])


def _read(source: Path) -> Pcm:
    """The sound, mono, shape (n,), whole frames of 20 ms."""
    parts: list[Pcm] = []
    samples = 0
    try:
        with av.open(str(source)) as container:
            if not container.streams.audio:
                raise TranscodeError("The file has no sound in it.")
            for part in _resampled(container):
                parts.append(part)
                samples += len(part)
                if samples > LONGEST_S * SAMPLE_RATE:
                    raise TranscodeError(f"The sound is longer than {LONGEST_S // 60} minutes.")
    except (av.error.FFmpegError, ValueError) as error:
        raise TranscodeError("The file is no sound that can be read.") from error
    whole = samples - samples % FRAME_SAMPLES
    if whole < SAMPLE_RATE:
        raise TranscodeError("The sound is shorter than a second.")
    return np.concatenate(parts)[:whole]


def _resampled(container: "av.container.InputContainer") -> Iterator[Pcm]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    for frame in container.decode(audio=0):
        for part in resampler.resample(frame):
            yield part.to_ndarray().reshape(-1).astype(np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray().reshape(-1).astype(np.float32)


def _levelled(sound: Pcm) -> Pcm:
    """At one loudness whatever was uploaded, and nowhere near the limit."""
    rms, peak = float(np.sqrt(np.mean(np.square(sound)))), float(np.abs(sound).max())
    if rms < 1e-5:
        raise TranscodeError("The file is silent.")
    gain = min(10 ** (LEVEL_DBOV / 20) / rms, HIGHEST_PEAK / peak)
    return (sound * np.float32(gain)).astype(np.float32)


def main(source: str, target: str) -> int:
    """The exit code: 0, or 1 with a sentence on standard error."""
    try:
        Path(target).write_bytes(transcode(Path(source)))
    except TranscodeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
