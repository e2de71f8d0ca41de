"""What the mixer asks of a speech codec, whoever implements it.

It implements none and knows no format; see `mixer.audio.codec` for the choice.
"""

from dataclasses import dataclass
from typing import Protocol, Self

from mixer.audio.pcm import FRAME_SAMPLES, Pcm


class CodecError(ValueError):
    """A payload that cannot be decoded, or a frame that cannot be encoded."""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """How to encode. In-band FEC costs bits only as far as `expected_loss_percent` makes it worth them."""

    bitrate: int = 32_000
    complexity: int = 5
    expected_loss_percent: int = 5
    has_dtx: bool = True
    has_fec: bool = True


class AudioEncoder(Protocol):
    """Encodes one stream of frames."""

    def encode(self, frame: Pcm, is_independent: bool = False) -> bytes:
        """One packet of the 960 samples of `frame`. Up to 2 bytes mean that nothing need be sent (DTX).

        `is_independent`: predict as little as possible from frames before, for listeners who heard another stream.
        """

    def fork(self) -> Self:
        """An encoder that goes on from here on its own, so that listeners of this one can be moved to it."""


class AudioDecoder(Protocol):
    """Decodes one stream of packets."""

    def decode(self, payload: bytes | None, *, is_recovery: bool = False, samples: int = FRAME_SAMPLES) -> Pcm:
        """The sound of a packet, shape (n,), valid until the next call.

        `payload` None conceals `samples` of loss. `is_recovery`: `payload` is the packet after a lost one of
        `samples`, which is restored from its in-band FEC as far as there is any. Raises CodecError.
        """
