"""The values of single SDP attributes, parsed.

Each `parse` takes the text after the colon and raises ValueError when it is not of the documented form; who calls
knows the line number. Nothing here looks at more than one attribute.

RFC 8866 section 6, RFC 8285 (extmap), RFC 5576 (ssrc), RFC 8851 (rid), RFC 8853 (simulcast), RFC 8839 (candidate),
RFC 5888 (group), RFC 8122 (fingerprint), RFC 8830 (msid).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from mixer.params import Fingerprint

MAX_SSRC = 2**32 - 1
MAX_PAYLOAD_TYPE = 127
MAX_PORT = 65535
MAX_EXTENSION_ID = 255
MAX_STREAMS = 32
"""Layers that a=simulcast may name, alternatives included."""
DIGEST_BYTES = {"sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64}


class Direction(StrEnum):
    """Which way media flows, seen from the author of a description."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @classmethod
    def of(cls, *, sends: bool, receives: bool) -> "Direction":
        """The direction of one who does these."""
        if sends:
            return cls.SENDRECV if receives else cls.SENDONLY
        return cls.RECVONLY if receives else cls.INACTIVE

    @property
    def sends(self) -> bool:
        """Whether the author sends."""
        return self in (Direction.SENDRECV, Direction.SENDONLY)

    @property
    def receives(self) -> bool:
        """Whether the author receives."""
        return self in (Direction.SENDRECV, Direction.RECVONLY)

    @property
    def reversed(self) -> "Direction":
        """The same, seen from the other side."""
        return Direction.of(sends=self.receives, receives=self.sends)


class Setup(StrEnum):
    """Who starts the DTLS handshake (RFC 4145)."""

    ACTIVE = "active"
    PASSIVE = "passive"
    ACTPASS = "actpass"
    HOLDCONN = "holdconn"


def number(text: str, high: int, low: int = 0) -> int:
    """A decimal number between the bounds, written in ASCII digits only; otherwise ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise ValueError(f"{text[:20]!r} is not a number")
    value = int(text)
    if not low <= value <= high:
        raise ValueError(f"{value} is not within {low}..{high}")
    return value


def parameters(text: str) -> tuple[tuple[str, str], ...]:
    """Format parameters `a=1;b=2`; a part without `=` (`0-15`, `111/111`) has an empty value."""
    pairs = (part.strip().partition("=") for part in text.split(";") if part.strip())
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


@dataclass(frozen=True, slots=True)
class MediaHead:
    """An m= line. `formats` as written: payload types for RTP, other words for other protocols."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]

    @classmethod
    def parse(cls, value: str) -> Self:
        """`audio 9 UDP/TLS/RTP/SAVPF 111 63`; a count of ports (`49170/2`) is accepted and ignored."""
        kind, port, protocol, *formats = value.split()
        if not formats:
            raise ValueError("no format")
        return cls(kind, number(port.partition("/")[0], MAX_PORT), protocol, tuple(formats))


@dataclass(frozen=True, slots=True)
class RtpMap:
    """`a=rtpmap`: what a payload type means. `name` is as written."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1

    @classmethod
    def parse(cls, value: str) -> Self:
        """`111 opus/48000/2`."""
        payload_type, encoding = value.split(maxsplit=1)
        name, clock_rate, *channels = encoding.strip().split("/")
        return cls(
            number(payload_type, MAX_PAYLOAD_TYPE),
            name,
            number(clock_rate, 10_000_000, low=1),
            number(channels[0], 255, low=1) if channels else 1,
        )


@dataclass(frozen=True, slots=True)
class FormatText:
    """`a=fmtp` and `a=rtcp-fb`: a payload type, None for `*`, and the rest of the line."""

    payload_type: int | None
    text: str

    @classmethod
    def parse(cls, value: str) -> Self:
        """`111 minptime=10;useinbandfec=1`, `* nack pli`."""
        payload_type, _, text = value.strip().partition(" ")
        return cls(None if payload_type == "*" else number(payload_type, MAX_PAYLOAD_TYPE), text.strip())


@dataclass(frozen=True, slots=True)
class Extmap:
    """`a=extmap`: the id of a header extension; `direction` None when the line does not limit it."""

    id: int
    uri: str
    direction: Direction | None = None

    @classmethod
    def parse(cls, value: str) -> Self:
        """`9/sendonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`; ids of either header form, 1..255."""
        head, uri, *_attributes = value.split()
        extension_id, _, direction = head.partition("/")
        return cls(
            number(extension_id, MAX_EXTENSION_ID, low=1), uri, Direction(direction.lower()) if direction else None
        )

    def render(self) -> str:
        """The text after the colon."""
        return f"{self.id}/{self.direction} {self.uri}" if self.direction else f"{self.id} {self.uri}"


@dataclass(frozen=True, slots=True)
class SsrcGroup:
    """`a=ssrc-group`: FID pairs a stream with its retransmissions."""

    semantics: str
    ssrcs: tuple[int, ...]

    @classmethod
    def parse(cls, value: str) -> Self:
        """`FID 2399662613 3894659405`."""
        semantics, *ssrcs = value.split()
        return cls(semantics, tuple(number(ssrc, MAX_SSRC) for ssrc in ssrcs))


def ssrc(value: str) -> int:
    """The ssrc of `a=ssrc:480769316 cname:x`."""
    return number(value.partition(" ")[0], MAX_SSRC)


@dataclass(frozen=True, slots=True)
class Rid:
    """`a=rid`: one layer; `is_sent` by the author of the line."""

    id: str
    is_sent: bool
    restrictions: str = ""

    @classmethod
    def parse(cls, value: str) -> Self:
        """`q send`, `f recv max-width=1280`."""
        rid, direction, *restrictions = value.split(maxsplit=2)
        if direction not in ("send", "recv"):
            raise ValueError("neither send nor recv")
        return cls(rid, direction == "send", "".join(restrictions))


@dataclass(frozen=True, slots=True)
class Layer:
    """One alternative of a simulcast stream."""

    rid: str
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Simulcast:
    """`a=simulcast`: streams each way, each a list of alternatives, most wanted first."""

    sent: tuple[tuple[Layer, ...], ...] = ()
    received: tuple[tuple[Layer, ...], ...] = ()

    @classmethod
    def parse(cls, value: str) -> Self:
        """`send q;h;~f`, `recv a,b send c`."""
        if value.count(";") + value.count(",") >= MAX_STREAMS:
            raise ValueError(f"more than {MAX_STREAMS} layers")
        words = value.split()
        if not words or len(words) % 2 or len(set(words[::2])) != len(words[::2]):
            raise ValueError("neither one nor two lists of streams")
        lists = {direction: tuple(cls._streams(text)) for direction, text in zip(words[::2], words[1::2], strict=True)}
        if not lists.keys() <= {"send", "recv"}:
            raise ValueError("neither send nor recv")
        return cls(lists.get("send", ()), lists.get("recv", ()))

    @staticmethod
    def _streams(text: str) -> Iterator[tuple[Layer, ...]]:
        for stream in text.split(";"):
            yield tuple(Layer(rid.removeprefix("~"), rid.startswith("~")) for rid in stream.split(","))


@dataclass(frozen=True, slots=True)
class Candidate:
    """`a=candidate`: where the author may be reached."""

    foundation: str
    component: int
    protocol: str
    priority: int
    address: str
    port: int
    kind: str

    @classmethod
    def parse(cls, value: str) -> Self:
        """`1 1 udp 2130706431 192.0.2.1 10000 typ host`, with any extensions after it."""
        foundation, component, protocol, priority, address, port, typ, kind, *_extensions = value.split()
        if typ != "typ":
            raise ValueError("no typ")
        return cls(
            foundation,
            number(component, 256, low=1),
            protocol.lower(),
            number(priority, MAX_SSRC),
            address,
            number(port, MAX_PORT),
            kind,
        )

    def render(self) -> str:
        """The text after the colon."""
        return (
            f"{self.foundation} {self.component} {self.protocol} {self.priority} {self.address} {self.port}"
            f" typ {self.kind}"
        )


@dataclass(frozen=True, slots=True)
class Group:
    """`a=group`: m-lines that belong together, by mid."""

    semantics: str
    mids: tuple[str, ...]

    @classmethod
    def parse(cls, value: str) -> Self:
        """`BUNDLE 0 1`."""
        semantics, *mids = value.split()
        return cls(semantics, tuple(mids))


@dataclass(frozen=True, slots=True)
class Msid:
    """`a=msid`: the stream and track an m-line's media belong to; `track_id` may be missing."""

    stream_id: str
    track_id: str | None = None

    @classmethod
    def parse(cls, value: str) -> Self:
        """`stream track`."""
        stream_id, *track_id = value.split()
        return cls(stream_id, track_id[0] if track_id else None)


def fingerprint(value: str) -> Fingerprint:
    """`sha-256 AB:CD:...`; the digest of a known algorithm must have its length."""
    algorithm, digest = value.split()
    algorithm = algorithm.lower()
    size = len(bytes.fromhex(digest.replace(":", "")))
    if size != DIGEST_BYTES.get(algorithm, size):
        raise ValueError("wrong length")
    return Fingerprint(algorithm, digest.upper())
