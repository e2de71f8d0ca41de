"""How one m-line of an offer is answered: what remains of it when both sides' wishes are laid together.

It looks at one m-line at a time; `negotiate` picks which are served and what they share.
RFC 3264 section 6, RFC 8285 section 5 (extension directions), RFC 8853 section 5.3 (simulcast).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from mixer.capabilities import Capabilities
from mixer.params import Codec, MediaLine, Purpose
from signaling.sdp.attributes import Direction, Extmap
from signaling.sdp.model import MediaDescription, PayloadFormat
from signaling.sdp.plan import MAX_SSRC_PAIRS, Payload, PlannedLine, codec_of, header_extensions
from signaling.sdp.profiles import LAYER_URIS, NACK, PROFILES, TRANSPORT_CC, Profile

PROTOCOLS = frozenset({"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF", "RTP/SAVPF"})
"""What a description of DTLS-SRTP may be headed by; all four mean the same here (RFC 8829 section 5.1.2)."""

CLOCK_RATES: Mapping[str, int] = {"opus": 48_000, "g722": 8_000, "pcmu": 8_000, "pcma": 8_000, "vp8": 90_000}
"""What a codec's timestamps count; under another rate its name means nothing we know (RFC 3551, 7587, 7741)."""

MAX_LAYERS = 3
RID = re.compile(r"[A-Za-z0-9_-]{1,16}")


def served_format(media: MediaDescription, purpose: Purpose, capabilities: Capabilities) -> PayloadFormat | None:
    """The payload type that an m-line of this purpose is served with; None when it cannot be served."""
    if media.head.kind != PROFILES[purpose].kind or media.head.protocol not in PROTOCOLS:
        return None
    names = capabilities.audio_codecs if media.head.kind == "audio" else capabilities.video_codecs
    fitting = (
        entry
        for name in names
        for entry in media.formats
        if entry.name.lower() == name and entry.clock_rate == CLOCK_RATES[name]
    )
    return next(fitting, None)


def plan_line(
    media: MediaDescription,
    mid: str,
    purpose: Purpose,
    entry: PayloadFormat,
    offered: Direction,
    capabilities: Capabilities,
) -> PlannedLine:
    """The answer to one m-line, with payload type `entry`; our streams have no SSRCs yet."""
    profile = PROFILES[purpose]
    receives = profile.receives and offered.sends
    rids = tuple(_layers(media)) if receives and LAYER_URIS.intersection(profile.extensions) else ()
    extmaps = tuple(_extmaps(media, profile, has_layers=bool(rids)))
    extensions = header_extensions(extmaps)
    feedback = tuple(
        item
        for item in profile.feedback
        if item in entry.feedback and (item != TRANSPORT_CC or extensions.transport_cc is not None)
    )
    codec = codec_of(entry, media.formats)
    line = MediaLine(
        mid=mid,
        purpose=purpose,
        codec=codec,
        extensions=extensions,
        receives=receives,
        sends=profile.sends and offered.receives,
        remote_ssrcs=media.ssrc_pairs[:MAX_SSRC_PAIRS] if receives else (),
        rids=rids,
        has_nack=NACK in feedback,
        has_transport_cc=TRANSPORT_CC in feedback,
    )
    payload = Payload(codec, asked_parameters(codec, capabilities), feedback)
    return PlannedLine(line, media.head.kind, media.head.protocol, (payload,), extmaps, media.mid is not None)


def with_streams(
    planned: PlannedLine, kept: MediaLine | None, cname: str, allocate_ssrc: Callable[[], int]
) -> PlannedLine:
    """The same, its outgoing streams named: as in `kept`, what this m-line was before, or anew."""
    line = planned.line
    if not line.sends:
        return planned
    ssrc, rtx_ssrc = (kept.ssrc, kept.rtx_ssrc) if kept else (None, None)
    if ssrc is None:
        ssrc = allocate_ssrc()
    if line.codec.rtx_payload_type is None:
        rtx_ssrc = None
    elif rtx_ssrc is None:
        rtx_ssrc = allocate_ssrc()
    return replace(planned, line=replace(line, ssrc=ssrc, rtx_ssrc=rtx_ssrc, cname=cname))


def asked_parameters(codec: Codec, capabilities: Capabilities) -> tuple[tuple[str, str], ...]:
    """The format parameters that we write for a codec: how we would like to be sent it."""
    return capabilities.opus_parameters if codec.name == "opus" else ()


def _layers(media: MediaDescription) -> Iterator[str]:
    """The rids of a simulcast offer in its order; of alternatives the first, of many layers the first few."""
    known = {rid.id for rid in media.rids if rid.is_sent and RID.fullmatch(rid.id)}
    streams = media.simulcast.sent if media.simulcast else ()
    rids = dict.fromkeys(alternatives[0].rid for alternatives in streams if alternatives[0].rid in known)
    yield from list(rids)[:MAX_LAYERS]


def _extmaps(media: MediaDescription, profile: Profile, *, has_layers: bool) -> Iterator[Extmap]:
    """The extensions as answered: those that we use and that may travel in the direction we use them in."""
    wanted = {uri for uri in profile.extensions if has_layers or uri not in LAYER_URIS}
    for extmap in media.extmaps:
        direction = extmap.direction or Direction.SENDRECV
        is_usable = (profile.receives and direction.sends) or (profile.sends and direction.receives)
        if extmap.uri in wanted and is_usable:
            wanted.remove(extmap.uri)
            yield replace(extmap, direction=extmap.direction and extmap.direction.reversed)
