"""A session description as it was written, with typed views on what we understand of it.

Lines are kept verbatim and in order, so that rendering gives back what was parsed; views are read when asked for and
name the line that is malformed. It decides nothing about what is offered or answered.

RFC 8866; session-level values that apply to every m-line: RFC 8866 section 6.7, RFC 8839, RFC 8842.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from mixer.params import Fingerprint
from signaling.sdp import attributes
from signaling.sdp.attributes import (
    Candidate,
    Direction,
    Extmap,
    FormatText,
    Group,
    MediaHead,
    Msid,
    Rid,
    RtpMap,
    Setup,
    Simulcast,
    SsrcGroup,
)
from signaling.sdp.errors import SdpError

Value = TypeVar("Value")

STATIC_FORMATS = {
    entry.payload_type: entry
    for entry in (
        RtpMap(0, "PCMU", 8000),
        RtpMap(3, "GSM", 8000),
        RtpMap(4, "G723", 8000),
        RtpMap(8, "PCMA", 8000),
        RtpMap(9, "G722", 8000),
        RtpMap(13, "CN", 8000),
        RtpMap(15, "G728", 8000),
        RtpMap(18, "G729", 8000),
        RtpMap(31, "H261", 90000),
        RtpMap(34, "H263", 90000),
    )
}
"""Payload types that need no rtpmap (RFC 3551 section 6); telephones leave it out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line `kind=value`; `number` counts from 1 and is 0 in a description that was not parsed."""

    kind: str
    value: str
    number: int = field(default=0, compare=False)


def attribute(name: str, value: str | None = None) -> Line:
    """The line `a=name:value`, or `a=name`."""
    return Line("a", name if value is None else f"{name}:{value}")


@dataclass(frozen=True, slots=True)
class PayloadFormat:
    """A payload type with all that is said of it. `feedback`: `nack`, `nack pli`, ..."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int
    parameters: tuple[tuple[str, str], ...] = ()
    feedback: tuple[str, ...] = ()

    @property
    def retransmits(self) -> int | None:
        """The payload type that this one repeats (RFC 4588), if it is one that repeats."""
        apt = dict(self.parameters).get("apt", "")
        is_number = apt.isascii() and apt.isdigit() and len(apt) <= 3
        return int(apt) if self.name.lower() == "rtx" and is_number else None


@dataclass(frozen=True)
class Section:
    """The lines of the session, or of one m-line. Views raise SdpError on a malformed line."""

    lines: tuple[Line, ...]

    @cached_property
    def _by_name(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.kind == "a":
                found[line.value.partition(":")[0]].append(line)
        return dict(found)

    def has(self, name: str) -> bool:
        """Whether there is an attribute of this name."""
        return name in self._by_name

    def values(self, name: str) -> tuple[str, ...]:
        """What follows the colon of each attribute of this name, in order."""
        return self._views(name, str)

    def value(self, name: str) -> str | None:
        """The first of `values`, if any."""
        return next(iter(self.values(name)), None)

    def _views(self, name: str, parse: Callable[[str], Value]) -> tuple[Value, ...]:
        parsed = []
        for line in self._by_name.get(name, ()):
            try:
                parsed.append(parse(line.value.partition(":")[2].strip()))
            except ValueError as error:
                raise SdpError(f"a={name} is malformed ({error})", line.number) from error
        return tuple(parsed)

    @property
    def direction(self) -> Direction | None:
        """The direction that is written here."""
        return next((direction for direction in Direction if self.has(direction)), None)

    @property
    def setup(self) -> Setup | None:
        """The DTLS role that is written here."""
        return next(iter(self._views("setup", Setup)), None)

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Digests of the author's certificate, in any algorithm."""
        return self._views("fingerprint", attributes.fingerprint)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of m-lines; at session level only."""
        return self._views("group", Group.parse)

    @property
    def extmaps(self) -> tuple[Extmap, ...]:
        """Header extensions."""
        return self._views("extmap", Extmap.parse)


@dataclass(frozen=True)
class MediaDescription(Section):
    """An m= line and what follows it."""

    @cached_property
    def head(self) -> MediaHead:
        """The m= line."""
        try:
            return MediaHead.parse(self.lines[0].value)
        except ValueError as error:
            raise SdpError(f"m= is malformed ({error})", self.lines[0].number) from error

    @property
    def is_bundle_only(self) -> bool:
        """Whether port 0 means that the m-line has no port of its own (RFC 9143), and not that it is rejected."""
        return self.has("bundle-only")

    @property
    def mid(self) -> str | None:
        """The name of the m-line."""
        return self.value("mid")

    @cached_property
    def formats(self) -> tuple[PayloadFormat, ...]:
        """The payload types of the m= line in its order; those that nothing is known of are left out."""
        maps = STATIC_FORMATS | {entry.payload_type: entry for entry in self._views("rtpmap", RtpMap.parse)}
        by_word = {str(payload_type): entry for payload_type, entry in maps.items()}
        texts = {entry.payload_type: entry.text for entry in self._views("fmtp", FormatText.parse)}
        feedback: dict[int | None, list[str]] = defaultdict(list)
        for item in self._views("rtcp-fb", FormatText.parse):
            feedback[item.payload_type].append(item.text)
        # Each once, however often it is written: what is said of it may be long.
        known = (by_word[word] for word in dict.fromkeys(self.head.formats) if word in by_word)
        return tuple(
            PayloadFormat(
                entry.payload_type,
                entry.name,
                entry.clock_rate,
                entry.channels,
                attributes.parameters(texts.get(entry.payload_type, "")),
                (*feedback.get(entry.payload_type, ()), *feedback.get(None, ())),
            )
            for entry in known
        )

    @property
    def ssrc_pairs(self) -> tuple[tuple[int, int | None], ...]:
        """Announced streams, each with the ssrc of its retransmissions if there is one (FID)."""
        pairs = [
            (group.ssrcs[0], group.ssrcs[1])
            for group in self._views("ssrc-group", SsrcGroup.parse)
            if group.semantics == "FID" and len(group.ssrcs) == 2
        ]
        paired = {ssrc for pair in pairs for ssrc in pair}
        alone = dict.fromkeys(ssrc for ssrc in self._views("ssrc", attributes.ssrc) if ssrc not in paired)
        return (*pairs, *((ssrc, None) for ssrc in alone))

    @property
    def msids(self) -> tuple[Msid, ...]:
        """Streams and tracks that the media belong to."""
        return self._views("msid", Msid.parse)

    @property
    def rids(self) -> tuple[Rid, ...]:
        """Layers by name."""
        return self._views("rid", Rid.parse)

    @property
    def simulcast(self) -> Simulcast | None:
        """Which layers are sent or received side by side."""
        return next(iter(self._views("simulcast", Simulcast.parse)), None)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Where the author may be reached."""
        return self._views("candidate", Candidate.parse)


@dataclass(frozen=True)
class SessionDescription(Section):
    """A whole description: `lines` are those before the first m= line."""

    media: tuple[MediaDescription, ...] = ()

    @cached_property
    def bundle(self) -> tuple[str, ...]:
        """The mids of the first BUNDLE group, in its order."""
        return next((group.mids for group in self.groups if group.semantics == "BUNDLE"), ())

    def direction_of(self, media: MediaDescription) -> Direction:
        """The direction that applies to an m-line."""
        return media.direction or self.direction or Direction.SENDRECV

    def setup_of(self, media: MediaDescription) -> Setup:
        """The DTLS role that applies to an m-line."""
        return media.setup or self.setup or Setup.ACTIVE

    def fingerprints_of(self, media: MediaDescription) -> Sequence[Fingerprint]:
        """The certificate digests that apply to an m-line."""
        return media.fingerprints or self.fingerprints

    def value_of(self, media: MediaDescription, name: str) -> str | None:
        """The value of an attribute that an m-line inherits from the session."""
        return media.value(name) or self.value(name)
