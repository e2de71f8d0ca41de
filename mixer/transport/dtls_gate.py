"""What of a client's DTLS a server gets to see, so that who forges the client's address cannot spoil its handshake.

Up to its end a handshake is protected by nothing: one alert ends it, one foreign ClientHello begins another, one high
record number makes OpenSSL deaf to all lower ones. So a ClientHello passes only with the cookie, which was sent to the
client's address; before it nothing else passes; unprotected alerts and data never do; unprotected numbers are given
anew. What remains is to guess a whole message well in the one round trip that follows the cookie. It answers nothing
and checks no signature: `dtls` and OpenSSL do. RFC 6347 sections 4.1.2.7 and 4.2.1.
"""

import secrets
import struct
from enum import Enum, auto
from hmac import compare_digest
from typing import NamedTuple

from mixer.base.drops import DropReason, Drops
from mixer.transport.dtls_record import CHANGE_CIPHER_SPEC, HANDSHAKE, HEADER, numbered, split

COOKIE_BYTES = 16

_CLIENT_HELLO = 1
_NUMBERS = {11: 2, 16: 3, 15: 4}
"""Certificate, key exchange and proof follow the second hello, in this order; all else is protected."""
_MESSAGE = struct.Struct("!B3sH3s3s")
"""Type, length, message number, offset and length of the fragment."""
_SESSION_ID_AT = HEADER.size + _MESSAGE.size + 2 + 32
"""Behind version and random of a ClientHello come two strings, each with its length in a byte: session id, cookie."""

FIRST_HELLO = bytes.fromhex(
    "16fefd00000000000000000036" + "0100002a000000000000002a" + "fefd" + 32 * "00" + "00000002c02b0100"
)
"""A ClientHello that says nothing, has no cookie and is in no hash: it brings OpenSSL to ask for the cookie."""


class Sifted(NamedTuple):
    """`records` are for OpenSSL. `is_asking`: the client has not got, or not had, what was sent last."""

    records: bytes
    is_asking: bool


class _Verdict(Enum):
    PASSES = auto()
    ASKS = auto()


class DtlsGate:
    """One server's. `cookie` is for OpenSSL to ask for; set `is_done` when the handshake is."""

    def __init__(self, drops: Drops) -> None:
        self.cookie = secrets.token_bytes(COOKIE_BYTES)
        self.is_done = False
        self._drops = drops
        self._hello_length: bytes | None = None
        self._sequence = 0

    def sift(self, datagram: bytes) -> Sifted:
        """Judge each record of a datagram; what does not pass is counted."""
        passed = b""
        length = 0
        for record in split(datagram):
            length += len(record)
            verdict = self._judge(record)
            if verdict is _Verdict.ASKS:
                # What else is in it has been seen.
                return Sifted(b"", True)
            if verdict is _Verdict.PASSES:
                passed += self._numbered(record)
            else:
                self._drops[verdict] += 1
        if length < len(datagram):
            self._drops[DropReason.DTLS_MALFORMED] += 1
        return Sifted(passed, False)

    def _judge(self, record: bytes) -> _Verdict | DropReason:
        kind, _, epoch, _, _, length = HEADER.unpack_from(record)
        is_known = self._hello_length is not None
        if epoch:
            return _Verdict.PASSES if is_known else DropReason.DTLS_NO_COOKIE
        if kind not in (CHANGE_CIPHER_SPEC, HANDSHAKE):
            return DropReason.DTLS_UNPROTECTED
        if self.is_done:
            return _Verdict.ASKS
        if kind == HANDSHAKE:
            return self._judge_message(record, length)
        return _Verdict.PASSES if is_known else DropReason.DTLS_NO_COOKIE

    def _judge_message(self, record: bytes, length: int) -> _Verdict | DropReason:
        """By the first message of a record: what some pack behind it, others send alone."""
        if length < _MESSAGE.size:
            return DropReason.DTLS_MALFORMED
        kind, _, number, _, _ = _MESSAGE.unpack_from(record, HEADER.size)
        if kind == _CLIENT_HELLO:
            return self._judge_hello(record)
        if self._hello_length is None:
            return DropReason.DTLS_NO_COOKIE
        return _Verdict.PASSES if _NUMBERS.get(kind) == number else DropReason.DTLS_UNPROTECTED

    def _judge_hello(self, record: bytes) -> _Verdict | DropReason:
        """The first hello has no cookie, the second has: in its first fragment, if it is in several."""
        _, length, number, offset, _ = _MESSAGE.unpack_from(record, HEADER.size)
        if any(offset):
            return _Verdict.PASSES if (length, number) == (self._hello_length, 1) else DropReason.DTLS_NO_COOKIE
        cookie = _cookie_of(record)
        if cookie is None:
            return DropReason.DTLS_MALFORMED
        if not cookie:
            return _Verdict.ASKS if self._hello_length is None else DropReason.DTLS_NO_COOKIE
        if number != 1 or not compare_digest(cookie, self.cookie) or self._hello_length not in (None, length):
            return DropReason.DTLS_WRONG_COOKIE
        self._hello_length = length
        return _Verdict.PASSES

    def _numbered(self, record: bytes) -> bytes:
        if HEADER.unpack_from(record)[2]:
            return record
        self._sequence += 1
        return numbered(record, self._sequence)


def _cookie_of(hello: bytes) -> bytes | None:
    """The cookie of a ClientHello, None if its record ends before."""
    if len(hello) <= _SESSION_ID_AT:
        return None
    at = _SESSION_ID_AT + 1 + hello[_SESSION_ID_AT]
    if len(hello) <= at or len(hello) < at + 1 + hello[at]:
        return None
    return hello[at + 1 : at + 1 + hello[at]]
