"""Why a datagram, packet or frame was not delivered: one name for each reason, shared by the whole mixer.

Whoever drops counts the reason in a `collections.Counter[DropReason]`. It decides nothing about what is dropped.
"""

from collections import Counter
from enum import StrEnum


class DropReason(StrEnum):
    """`<group>.<reason>`, as it appears in stats after `drop.`; a group belongs to one layer."""

    # socket: the edge, before anything is known about a datagram
    SOCKET_SEND_FULL = "socket.send-full"
    SOCKET_SEND_FAILED = "socket.send-failed"
    SOCKET_TOO_SHORT = "socket.too-short"
    SOCKET_UNKNOWN_PROTOCOL = "socket.unknown-protocol"
    SOCKET_UNKNOWN_ADDRESS = "socket.unknown-address"

    # stun: ICE checks (RFC 8489, RFC 8445)
    STUN_MALFORMED = "stun.malformed"
    STUN_NOT_A_REQUEST = "stun.not-a-request"
    STUN_NO_USERNAME = "stun.no-username"
    STUN_UNKNOWN_USERNAME = "stun.unknown-username"
    STUN_NO_INTEGRITY = "stun.no-integrity"
    STUN_WRONG_INTEGRITY = "stun.wrong-integrity"
    STUN_REFUSED = "stun.refused"
    STUN_CLOSED = "stun.closed"

    # dtls: handshake and alerts (RFC 6347, RFC 5764)
    DTLS_CLOSED = "dtls.closed"
    DTLS_APPLICATION_DATA = "dtls.application-data"

    # srtp: both directions (RFC 3711)
    SRTP_NO_KEYS = "srtp.no-keys"
    SRTP_NO_PATH = "srtp.no-path"
    SRTP_WRONG_AUTHENTICATION = "srtp.wrong-authentication"
    SRTP_REPLAYED = "srtp.replayed"
    SRTP_MALFORMED = "srtp.malformed"
    SRTP_TOO_LONG = "srtp.too-long"
    SRTP_TOO_MANY_SSRCS = "srtp.too-many-ssrcs"

    # rtp: parsing and routing to tracks (RFC 3550)

    # forward: up track to down track

    # audio: jitter buffer and decoding


Drops = Counter[DropReason]
