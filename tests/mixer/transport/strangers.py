"""What strangers may send, by name, and why it must be dropped. Sent on invented time and on real sockets."""

import random

from mixer.base.drops import DropReason
from mixer.params import TransportParams
from mixer.transport.dtls_gate import FIRST_HELLO
from mixer.wire.stun import build_request, build_success

_random = random.Random(1)
TRANSACTION_ID = _random.randbytes(12)
STUN_BASE = bytes.fromhex("0001 0000 2112a442") + TRANSACTION_ID


def letters(ours: TransportParams) -> dict[str, tuple[bytes, DropReason]]:
    """Datagrams of one who does not know `ours.local_pwd`, the password of a transport, but all the rest of it."""
    username = f"{ours.local_ufrag}:{ours.remote_ufrag}"
    guessed = _check(username, "a-guessed-password-of-24")
    unsigned = guessed[:-32]
    unsigned = unsigned[:2] + (len(unsigned) - 20).to_bytes(2, "big") + unsigned[4:]
    return {
        "a check with the wrong password": (guessed, DropReason.STUN_WRONG_INTEGRITY),
        "a check without integrity": (unsigned, DropReason.STUN_NO_INTEGRITY),
        "a check for nobody": (_check("nobody:ann", "guessed"), DropReason.STUN_UNKNOWN_USERNAME),
        "a check under half a name": (_check(ours.local_ufrag, "guessed"), DropReason.STUN_UNKNOWN_USERNAME),
        "a check without a name": (STUN_BASE, DropReason.STUN_NO_USERNAME),
        "a changed check": (guessed[:30] + b"\xff" + guessed[31:], DropReason.STUN_MALFORMED),
        "an answer to a check": (
            build_success(TRANSACTION_ID, ("192.0.2.1", 1), ours.local_pwd[::-1]),
            DropReason.STUN_NO_USERNAME,
        ),
        "an indication": (b"\x00\x11" + STUN_BASE[2:], DropReason.STUN_NO_USERNAME),
        "a TURN allocation": (b"\x00\x03" + STUN_BASE[2:], DropReason.STUN_MALFORMED),
        "a ClientHello": (FIRST_HELLO, DropReason.SOCKET_UNKNOWN_ADDRESS),
        "a DTLS alert": (bytes.fromhex("15fefd0000000000000063000202" + "28"), DropReason.SOCKET_UNKNOWN_ADDRESS),
        "SRTP": (b"\x80\x60" + _random.randbytes(100), DropReason.SOCKET_UNKNOWN_ADDRESS),
        "SRTCP": (b"\x80\xc8" + _random.randbytes(60), DropReason.SOCKET_UNKNOWN_ADDRESS),
        "random SRTP": (b"\xbf" + _random.randbytes(1200), DropReason.SOCKET_UNKNOWN_ADDRESS),
        "random DTLS": (b"\x3f" + _random.randbytes(1200), DropReason.SOCKET_UNKNOWN_ADDRESS),
    }


def noise(ours: TransportParams) -> dict[str, tuple[bytes, DropReason]]:
    """What a kernel with our filter keeps to itself, with the reason where there is none."""
    return {
        "ChannelData": (b"\x40\x01\x00\x10" + bytes(16), DropReason.SOCKET_UNKNOWN_ADDRESS),
        "nothing known": (b"\xff" * 200, DropReason.SOCKET_UNKNOWN_ADDRESS),
        "an HTTP request": (b"GET / HTTP/1.1\r\n\r\n", DropReason.SOCKET_UNKNOWN_ADDRESS),
        "a SIP request": (b"OPTIONS sip:a@b SIP/2.0\r\n\r\n", DropReason.SOCKET_UNKNOWN_ADDRESS),
        "STUN without its cookie": (STUN_BASE[:4] + bytes(16), DropReason.STUN_MALFORMED),
        "a single byte": (b"\x80", DropReason.SOCKET_TOO_SHORT),
        "nothing": (b"", DropReason.SOCKET_TOO_SHORT),
    }


def _check(username: str, password: str) -> bytes:
    return build_request(TRANSACTION_ID, username, password, 100, controlling=1, is_nominating=True)
