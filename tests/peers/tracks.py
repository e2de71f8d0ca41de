"""What an aiortc client sends and how it looks at what it gets: a gated tone, a coloured picture with a moving bar.

It knows nothing of meetings; whose picture a frame is, the caller tells from the frame's generation.
"""

import asyncio
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from aiortc.mediastreams import MediaStreamTrack
from av import AudioFrame, VideoFrame

from tests.peers.tone import RATE, Tone

FRAME_SAMPLES = RATE // 50
VIDEO_RATE = 90_000
WIDTH, HEIGHT = 160, 90
BAR_HEIGHT = 10
"""Rows at the top in which a white bar wanders; the colour is measured below them."""

Colour = tuple[int, int, int]


class PacedTrack(MediaStreamTrack):
    """A track whose frames are due at absolute times: a late one does not delay those after it."""

    def __init__(self, frames_per_second: int) -> None:
        super().__init__()
        self.frames_per_second = frames_per_second
        self._due_at: float | None = None

    async def wait(self) -> None:
        """Return when the next frame is due."""
        loop = asyncio.get_running_loop()
        if self._due_at is None:
            self._due_at = loop.time()
        await asyncio.sleep(self._due_at - loop.time())
        self._due_at += 1 / self.frames_per_second


class ToneTrack(PacedTrack):
    """A microphone that hears one tone; `is_open` False makes it hear nothing. Frames of 20 ms."""

    kind = "audio"

    def __init__(self, tone: Tone) -> None:
        super().__init__(frames_per_second=50)
        self.tone = tone
        self.is_open = True
        self._pts = 0

    async def recv(self) -> AudioFrame:
        """The next 20 ms."""
        await self.wait()
        samples = np.round(self.tone.next(FRAME_SAMPLES) * self.is_open).astype(np.int16)
        # Both channels by ourselves: the encoder would make them of mono 3 dB lower.
        frame = AudioFrame.from_ndarray(samples.repeat(2)[np.newaxis], format="s16", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._pts, Fraction(1, RATE)
        self._pts += FRAME_SAMPLES
        return frame


class PictureTrack(PacedTrack):
    """A camera that sees one colour, which may be changed, and a white bar that never rests."""

    kind = "video"

    def __init__(self, colour: Colour, frames_per_second: int = 15) -> None:
        super().__init__(frames_per_second)
        self.colour = colour
        self._number = 0

    async def recv(self) -> VideoFrame:
        """The next picture."""
        await self.wait()
        picture = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        picture[:] = self.colour
        left = self._number * 4 % WIDTH
        picture[:BAR_HEIGHT, left : left + BAR_HEIGHT] = 255
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self._number * VIDEO_RATE // self.frames_per_second, Fraction(1, VIDEO_RATE)
        self._number += 1
        return frame


def mono(frame: AudioFrame) -> npt.NDArray[np.int16]:
    """The samples of a decoded frame, its channels averaged."""
    channels = len(frame.layout.channels)
    samples = frame.to_ndarray().reshape(-1, channels).mean(axis=1)
    return np.asarray(np.round(samples), np.int16)


def mean_colour(frame: VideoFrame) -> Colour:
    """The mean colour of a picture without its bar."""
    picture = frame.to_ndarray(format="rgb24")
    below_bar = picture[picture.shape[0] * (BAR_HEIGHT + 4) // HEIGHT :]
    red, green, blue = below_bar.mean(axis=(0, 1))
    return round(red), round(green), round(blue)


def looks_like(seen: Colour | None, colour: Colour, tolerance: int = 40) -> bool:
    """Whether a seen colour is this one, but for what the codec does to it."""
    return seen is not None and all(abs(a - b) <= tolerance for a, b in zip(seen, colour, strict=True))
