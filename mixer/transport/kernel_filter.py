"""A program for the kernel: a datagram that begins like nothing of ours is dropped before it wakes anybody.

It knows what `mixer.wire.demux` knows, and the magic cookie of STUN. Strangers who know the protocols get past it; what
they send is judged like anything else. bpf(4) in its classic form; RFC 7983 section 7, RFC 8489 section 5.
"""

import struct

from mixer.wire.demux import MIN_DATAGRAM_BYTES
from mixer.wire.stun import MAGIC_COOKIE

_INSTRUCTION = struct.Struct("=HBBI")
"""Code, jumps if true and if false (instructions to pass over), operand."""
_LENGTH, _BYTE, _WORD = 0x80, 0x30, 0x20
_IF_EQUAL, _IF_GREATER, _IF_NOT_LESS = 0x15, 0x25, 0x35
_RETURN = 0x06
_UDP_HEADER_BYTES = 8
_ALL = 0xFFFFFFFF

_STEPS = (
    (_LENGTH, 0, 0, 0),
    (_IF_NOT_LESS, 0, 9, _UDP_HEADER_BYTES + MIN_DATAGRAM_BYTES),
    (_BYTE, 0, 0, _UDP_HEADER_BYTES),
    (_IF_GREATER, 7, 0, 191),
    (_IF_NOT_LESS, 5, 0, 128),  # SRTP
    (_IF_GREATER, 5, 0, 63),
    (_IF_NOT_LESS, 3, 0, 20),  # DTLS
    (_IF_GREATER, 3, 0, 3),
    (_WORD, 0, 0, _UDP_HEADER_BYTES + 4),
    (_IF_EQUAL, 0, 1, MAGIC_COOKIE),  # STUN
    (_RETURN, 0, 0, _ALL),
    (_RETURN, 0, 0, 0),
)

STEPS = len(_STEPS)
PROGRAM = b"".join(_INSTRUCTION.pack(*step) for step in _STEPS)
"""STEPS instructions, as SO_ATTACH_FILTER takes them."""
