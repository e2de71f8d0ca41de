"""Opus through libopus itself: concealment, in-band FEC and all controls, which PyAV does not pass on.

It finds the library but does not choose between codecs. RFC 6716; the calls are libopus' own interface.
"""

import ctypes
import importlib.util
from pathlib import Path
from typing import Self

import numpy as np

from mixer.audio.coding import CodecError, EncoderSettings
from mixer.audio.opus_packet import MAX_SAMPLES
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm

MAX_PACKET_BYTES = 1_275
"""The longest frame that RFC 6716 allows; ours hold one frame."""

_APPLICATION_VOIP = 2048
_SIGNAL_VOICE = 3001
_SET_BITRATE = 4002
_SET_COMPLEXITY = 4010
_SET_INBAND_FEC = 4012
_SET_PACKET_LOSS_PERCENT = 4014
_SET_DTX = 4016
_SET_SIGNAL = 4024
_SET_PREDICTION_DISABLED = 4042


class LibopusMissingError(Exception):
    """No usable libopus on this machine."""


def _library_paths() -> list[str]:
    """Where libopus may be: beside the installed av package, then wherever the system keeps it."""
    package = importlib.util.find_spec("av")
    bundled: list[Path] = []
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent
        bundled = [*folder.parent.glob("av.libs/libopus*"), *folder.glob(".dylibs/libopus*")]
    return [*map(str, bundled), "libopus.so.0", "libopus.0.dylib"]


def load_libopus() -> ctypes.PyDLL:
    """The library. Raises LibopusMissingError.

    PyDLL keeps the GIL: a call takes some 0.1 ms, but to get the GIL back from a busy thread may take 5 ms.
    """
    for path in _library_paths():
        try:
            return _declared(ctypes.PyDLL(path))
        except (OSError, AttributeError):
            continue
    raise LibopusMissingError("libopus was found neither beside PyAV nor in the system")


def _declared(library: ctypes.PyDLL) -> ctypes.PyDLL:
    """Tell ctypes the arguments once, so that calls convert without guessing. Raises AttributeError."""
    pointer, integer = ctypes.c_void_p, ctypes.c_int32
    library.opus_strerror.restype = ctypes.c_char_p
    library.opus_encoder_init.argtypes = [pointer, integer, integer, integer]
    library.opus_decoder_init.argtypes = [pointer, integer, integer]
    library.opus_encode_float.argtypes = [pointer, pointer, integer, pointer, integer]
    library.opus_decode_float.argtypes = [pointer, ctypes.c_char_p, integer, pointer, integer, integer]
    return library


class OpusEncoder:
    """One mono voice stream. The codec's whole state is one block of memory that this object owns."""

    def __init__(self, library: ctypes.PyDLL, settings: EncoderSettings = EncoderSettings()) -> None:  # noqa: B008  frozen
        self._library = library
        self._settings = settings
        self._state = ctypes.create_string_buffer(library.opus_encoder_get_size(1))
        self._packet = ctypes.create_string_buffer(MAX_PACKET_BYTES)
        _checked(library, library.opus_encoder_init(self._state, SAMPLE_RATE, 1, _APPLICATION_VOIP))
        for request, value in (
            (_SET_BITRATE, settings.bitrate),
            (_SET_COMPLEXITY, settings.complexity),
            (_SET_SIGNAL, _SIGNAL_VOICE),
            (_SET_INBAND_FEC, int(settings.has_fec)),
            (_SET_PACKET_LOSS_PERCENT, settings.expected_loss_percent),
            (_SET_DTX, int(settings.has_dtx)),
        ):
            self._control(request, value)

    def encode(self, frame: Pcm, is_independent: bool = False) -> bytes:
        """See `AudioEncoder`. `frame` is contiguous, shape (960,). Raises CodecError."""
        if frame.shape != (FRAME_SAMPLES,) or frame.dtype != np.float32 or not frame.flags.c_contiguous:
            raise CodecError(f"a frame is {FRAME_SAMPLES} contiguous float32 samples, not {frame.dtype}{frame.shape}")
        if is_independent:
            self._control(_SET_PREDICTION_DISABLED, 1)
        size = _checked(
            self._library,
            self._library.opus_encode_float(
                self._state, frame.ctypes.data, FRAME_SAMPLES, self._packet, MAX_PACKET_BYTES
            ),
        )
        if is_independent:
            self._control(_SET_PREDICTION_DISABLED, 0)
        return self._packet.raw[:size]

    def fork(self) -> Self:
        """See `AudioEncoder`. libopus allows its state to be copied, so the twin's packets fit exactly."""
        twin = type(self)(self._library, self._settings)
        ctypes.memmove(twin._state, self._state, len(self._state))
        return twin

    def _control(self, request: int, value: int) -> None:
        result = self._library.opus_encoder_ctl(self._state, ctypes.c_int(request), ctypes.c_int(value))
        _checked(self._library, result)


class OpusDecoder:
    """One voice stream; stereo packets come out as mono."""

    def __init__(self, library: ctypes.PyDLL) -> None:
        self._library = library
        self._state = ctypes.create_string_buffer(library.opus_decoder_get_size(1))
        self._pcm: Pcm = np.zeros(MAX_SAMPLES, np.float32)
        self._pcm_address = self._pcm.ctypes.data
        _checked(library, library.opus_decoder_init(self._state, SAMPLE_RATE, 1))

    def decode(self, payload: bytes | None, *, is_recovery: bool = False, samples: int = FRAME_SAMPLES) -> Pcm:
        """See `AudioDecoder`. `samples` is a multiple of 120 (2.5 ms) up to 5760."""
        room = samples if payload is None or is_recovery else MAX_SAMPLES
        count = _checked(
            self._library,
            self._library.opus_decode_float(
                self._state, payload, len(payload or b""), self._pcm_address, room, is_recovery
            ),
        )
        return self._pcm[:count]


def _checked(library: ctypes.PyDLL, result: int) -> int:
    """`result` of a libopus call. Raises CodecError with the library's own words if it is an error."""
    if result < 0:
        raise CodecError(library.opus_strerror(result).decode())
    return result
