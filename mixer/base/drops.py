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
    STUN_REPLAYED = "stun.replayed"
    STUN_REFUSED = "stun.refused"
    STUN_CLOSED = "stun.closed"
    STUN_TOO_MANY = "stun.too-many"
    STUN_ADDRESS_IN_USE = "stun.address-in-use"

    # dtls: handshake and alerts (RFC 6347, RFC 5764)
    DTLS_CLOSED = "dtls.closed"
    DTLS_APPLICATION_DATA = "dtls.application-data"
    DTLS_MALFORMED = "dtls.malformed"
    DTLS_UNPROTECTED = "dtls.unprotected"
    DTLS_NO_COOKIE = "dtls.no-cookie"
    DTLS_WRONG_COOKIE = "dtls.wrong-cookie"
    DTLS_TOO_MANY = "dtls.too-many"

    # srtp: both directions (RFC 3711)
    SRTP_NO_KEYS = "srtp.no-keys"
    SRTP_NO_PATH = "srtp.no-path"
    SRTP_WRONG_AUTHENTICATION = "srtp.wrong-authentication"
    SRTP_REPLAYED = "srtp.replayed"
    SRTP_MALFORMED = "srtp.malformed"
    SRTP_TOO_LONG = "srtp.too-long"
    SRTP_TOO_MANY_SSRCS = "srtp.too-many-ssrcs"
    SRTP_TOO_MANY_PACKETS = "srtp.too-many-packets"
    SRTP_TOO_MUCH_RTCP = "srtp.too-much-rtcp"

    # rtp: parsing and routing to tracks (RFC 3550)
    RTP_MALFORMED = "rtp.malformed"
    RTP_UNKNOWN_STREAM = "rtp.unknown-stream"
    RTP_UNKNOWN_RID = "rtp.unknown-rid"
    RTP_TOO_MANY_SSRCS = "rtp.too-many-ssrcs"
    RTP_TOO_MANY_PACKETS = "rtp.too-many-packets"
    RTP_PAYLOAD_TYPE = "rtp.payload-type"
    RTP_DUPLICATE = "rtp.duplicate"
    RTP_TOO_OLD = "rtp.too-old"
    RTP_SEQ_JUMP = "rtp.seq-jump"
    RTP_PADDING = "rtp.padding"
    RTP_RTX_BEFORE_MEDIA = "rtp.rtx-before-media"
    RTP_NOT_LISTENED = "rtp.not-listened"
    RTCP_MALFORMED = "rtp.rtcp-malformed"
    RTCP_TOO_MANY_NACKS = "rtp.rtcp-too-many-nacks"

    # forward: up track to down track
    FORWARD_WAITING_KEY_FRAME = "forward.waiting-key-frame"
    FORWARD_NOT_CURRENT = "forward.not-current"
    FORWARD_BEFORE_SWITCH = "forward.before-switch"
    FORWARD_SOURCE_JUMPED = "forward.source-jumped"
    FORWARD_PADDING = "forward.padding"
    FORWARD_NOT_IN_HISTORY = "forward.not-in-history"
    FORWARD_RESENT_JUST_NOW = "forward.resent-just-now"
    FORWARD_RESEND_BUDGET = "forward.resend-budget"

    # audio: jitter buffer and decoding
    AUDIO_MUTED = "audio.muted"
    AUDIO_QUIET = "audio.quiet"
    AUDIO_LATE = "audio.late"
    AUDIO_DUPLICATE = "audio.duplicate"
    AUDIO_OVERFLOW = "audio.overflow"
    AUDIO_CATCH_UP = "audio.catch-up"
    AUDIO_RESTARTED = "audio.restarted"
    AUDIO_UNDECODABLE = "audio.undecodable"


Drops = Counter[DropReason]
