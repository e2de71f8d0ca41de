"""What guests' cameras show, as VP8 frames made once: real moving pictures, or synthetic ones of a known size.

It makes frames, not packets (`camera` does). Synthetic frames carry the bits a forwarder reads and noise for the rest.
RFC 7741 section 4.3, RFC 6386 section 9.1.
"""

import colorsys
import functools
import os
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

CHUNK_BYTES = 1_070
"""With the RTP header, its extensions and the descriptor a full packet has 1100 bytes."""
WIDTH, HEIGHT = 640, 360
PICTURE_SECONDS = 3.0
PICTURE_BITRATE = 400_000
SYNTHETIC_CHUNKS = 5
SYNTHETIC_FRAMES = 8

_INTER_FRAME = b"\x31"
_KEY_FRAME = b"\x30\x01\x00\x9d\x01\x2a" + WIDTH.to_bytes(2, "little") + HEIGHT.to_bytes(2, "little")

Frame = tuple[bytes, ...]
"""The payloads of one picture, packet by packet, without descriptors."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A loop of pictures. The first is the key frame; a loop goes on at `loop_start` once all were shown.

    `ticks_per_frame`: how many ticks of 20 ms lie between two pictures.
    """

    frames: tuple[Frame, ...]
    loop_start: int
    ticks_per_frame: int


@functools.cache
def synthetic_clip() -> Clip:
    """25 pictures of 5 full packets a second; a key frame only when one is asked for."""

    def frame(head: bytes) -> Frame:
        body = head + os.urandom(SYNTHETIC_CHUNKS * CHUNK_BYTES - len(head))
        return _chunks(body)

    return Clip((frame(_KEY_FRAME), *(frame(_INTER_FRAME) for _ in range(SYNTHETIC_FRAMES))), 1, 2)


def person_clip(index: int) -> Clip:
    """12.5 pictures a second of somebody before a wall, in colours that tell `index` from its neighbours."""
    ticks_per_frame = 4
    rate = Fraction(50, ticks_per_frame)
    count = round(PICTURE_SECONDS * rate)
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.bit_rate, encoder.gop_size = rate, PICTURE_BITRATE, count
    encoder.options = {"deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0", "auto-alt-ref": "0"}
    pictures = []
    for number in range(count):
        image = av.VideoFrame.from_ndarray(_person(index, number / count), format="rgb24").reformat(format="yuv420p")
        image.pts = number
        pictures += [_chunks(bytes(packet)) for packet in encoder.encode(image)]
    return Clip(tuple(pictures), 0, ticks_per_frame)


def _chunks(body: bytes) -> Frame:
    return tuple(body[start : start + CHUNK_BYTES] for start in range(0, len(body), CHUNK_BYTES))


def _person(index: int, turn: float) -> npt.NDArray[np.uint8]:
    """Head and shoulders that sway once per loop; `turn` in 0..1. Shape (HEIGHT, WIDTH, 3)."""
    hue = index * 0.381966 % 1.0
    row, column = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    sway = np.sin(2 * np.pi * turn)
    centre = WIDTH / 2 + 14 * sway
    shade = (1.0 - 0.35 * row / HEIGHT + 0.06 * np.sin(column / 90 + 2 * np.pi * turn))[..., None]
    picture = _colour(hue, 0.35, 0.80) * shade
    shoulders = ((column - centre) / 165) ** 2 + ((row - HEIGHT - 10) / 150) ** 2 < 1
    neck = (abs(column - centre) < 30) & (row > 190) & (row < 270)
    head = ((column - centre - 6 * sway) / 62) ** 2 + ((row - 150) / 80) ** 2 < 1
    hair = ((column - centre - 6 * sway) / 68) ** 2 + ((row - 132) / 78) ** 2 < 1
    picture[hair & (row < 135)] = _colour(0.07, 0.55, 0.12 + 0.25 * (index * 7 % 5) / 4)
    picture[neck | (head & (row >= 112))] = _colour(0.07, 0.42, 0.55 + 0.35 * (index * 3 % 4) / 3)
    picture[shoulders] = _colour((hue + 0.45) % 1.0, 0.5, 0.5)
    clipped: npt.NDArray[np.uint8] = np.clip(picture, 0, 255).astype(np.uint8)
    return clipped


def _colour(hue: float, saturation: float, value: float) -> npt.NDArray[np.float32]:
    return np.array(colorsys.hsv_to_rgb(hue, saturation, value), np.float32) * 255
