"""Which Opus is used: libopus where it can be loaded, PyAV where it cannot.

It chooses once per process and encodes nothing itself.
"""

import ctypes
import functools

from mixer.audio.coding import AudioDecoder, AudioEncoder, EncoderSettings
from mixer.audio.opus import LibopusMissingError, OpusDecoder, OpusEncoder, load_libopus
from mixer.audio.opus_av import AvOpusDecoder, AvOpusEncoder


@functools.cache
def _libopus() -> ctypes.PyDLL | None:
    try:
        return load_libopus()
    except LibopusMissingError:
        return None


def opus_encoder(settings: EncoderSettings = EncoderSettings()) -> AudioEncoder:  # noqa: B008  frozen
    """A fresh encoder. Raises CodecError."""
    library = _libopus()
    return AvOpusEncoder(settings) if library is None else OpusEncoder(library, settings)


def opus_decoder() -> AudioDecoder:
    """A fresh decoder. Raises CodecError."""
    library = _libopus()
    return AvOpusDecoder() if library is None else OpusDecoder(library)
