"""Opus through PyAV, for machines where libopus itself cannot be loaded.

It has no DTX, no concealment, no in-band FEC on reception and no exact fork; losses are a fading repetition. RFC 6716.
"""

from typing import Self

import av
import numpy as np

from mixer.audio.coding import CodecError, EncoderSettings
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm

REPETITION_GAIN = 0.5
"""Each repetition of the last sound is this much weaker: three of them are heard, more would be a buzz."""

INT16_SCALE = np.float32(1 / 32_768)


class AvOpusEncoder:
    """One mono voice stream."""

    def __init__(self, settings: EncoderSettings = EncoderSettings()) -> None:  # noqa: B008  frozen
        self._settings = settings
        self._context = av.CodecContext.create("libopus", "w")
        self._context.sample_rate = SAMPLE_RATE
        self._context.layout = "mono"
        self._context.format = "flt"
        self._context.bit_rate = settings.bitrate
        self._context.options = {
            "application": "voip",
            "frame_duration": "20",
            "compression_level": str(settings.complexity),
            "packet_loss": str(settings.expected_loss_percent),
            "fec": str(int(settings.has_fec)),
        }

    def encode(self, frame: Pcm, is_independent: bool = False) -> bytes:
        """See `AudioEncoder`; `is_independent` has no counterpart here. Raises CodecError."""
        if frame.shape != (FRAME_SAMPLES,):
            raise CodecError(f"a frame is {FRAME_SAMPLES} samples, not {frame.shape}")
        wrapped = av.AudioFrame.from_ndarray(np.ascontiguousarray(frame, np.float32)[None], format="flt", layout="mono")
        wrapped.sample_rate = SAMPLE_RATE
        try:
            return b"".join(bytes(packet) for packet in self._context.encode(wrapped))
        except av.FFmpegError as error:
            raise CodecError(str(error)) from error

    def fork(self) -> Self:
        """See `AudioEncoder`. FFmpeg cannot copy a codec's state: the twin begins anew, audibly for some 20 ms."""
        return type(self)(self._settings)


class AvOpusDecoder:
    """One voice stream; stereo packets come out as mono."""

    def __init__(self) -> None:
        self._context = av.CodecContext.create("libopus", "r")
        self._context.sample_rate = SAMPLE_RATE
        self._context.layout = "mono"
        self._last: Pcm = np.zeros(FRAME_SAMPLES, np.float32)

    def decode(self, payload: bytes | None, *, is_recovery: bool = False, samples: int = FRAME_SAMPLES) -> Pcm:
        """See `AudioDecoder`."""
        if payload is None or is_recovery:
            self._last = np.resize(self._last, samples) * np.float32(REPETITION_GAIN)
            return self._last
        try:
            frames = self._context.decode(av.Packet(payload))
        except av.FFmpegError as error:
            raise CodecError(str(error)) from error
        if not frames:
            raise CodecError("no sound in the packet")
        self._last = np.concatenate([_mono(frame) for frame in frames])
        return self._last


def _mono(frame: av.AudioFrame) -> Pcm:
    """The mean of the channels of a frame, planar or interleaved, int16 or float."""
    channels = len(frame.layout.channels)
    sound = frame.to_ndarray()
    samples = sound if frame.format.is_planar else sound.reshape(-1, channels).T
    mono: Pcm = samples.mean(axis=0, dtype=np.float32)
    return mono * INT16_SCALE if sound.dtype == np.int16 else mono
