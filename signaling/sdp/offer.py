"""Our own offer, for peers that are called, and what their answer makes of it.

Payload types and extension ids are ours to choose here and fixed. The peer must take the active DTLS role, because our
transports wait for the handshake. RFC 8829 section 5.2 and 5.11, RFC 3264 section 7.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mixer.capabilities import URI_AUDIO_LEVEL, URI_MID, URI_TRANSPORT_CC, Capabilities
from mixer.params import Codec, MediaLine, Purpose
from signaling.sdp.attributes import Extmap, Setup
from signaling.sdp.compose import media_section, session_lines
from signaling.sdp.errors import SdpError
from signaling.sdp.model import MediaDescription, SessionDescription
from signaling.sdp.plan import (
    MAX_SSRC_PAIRS,
    LocalDescription,
    Negotiated,
    Payload,
    PlannedLine,
    header_extensions,
    transport_of,
)
from signaling.sdp.profiles import NACK, PROFILES, TRANSPORT_CC
from signaling.sdp.render import render
from signaling.sdp.serve import asked_parameters, with_streams

PROTOCOL = "UDP/TLS/RTP/SAVPF"

CODECS: Mapping[str, Codec] = {
    codec.name: codec
    for codec in (
        Codec("opus", 111, 48000, 2),
        Codec("g722", 9, 8000),
        Codec("pcmu", 0, 8000),
        Codec("pcma", 8, 8000),
        Codec("vp8", 96, 90000, rtx_payload_type=97),
    )
}
EXTENSION_IDS: Mapping[str, int] = {URI_MID: 1, URI_AUDIO_LEVEL: 2, URI_TRANSPORT_CC: 3}
"""Simulcast is not asked for: the extensions of its layers are missing."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer that waits for its answer: its text and what it promised, m-line by m-line."""

    sdp: str
    local: LocalDescription
    planned: tuple[PlannedLine, ...]


def offer(
    purposes: Sequence[Purpose], local: LocalDescription, capabilities: Capabilities, allocate_ssrc: Callable[[], int]
) -> Offered:
    """An offer of one m-line for each purpose, in order, with mids 0, 1, ...

    `capabilities` may name the codecs of `CODECS` only.
    """
    planned = tuple(
        with_streams(_plan(str(index), purpose, capabilities), None, local.cname, allocate_ssrc)
        for index, purpose in enumerate(purposes)
    )
    description = SessionDescription(
        session_lines(local, 1, [plan.line.mid for plan in planned], is_mixed=True),
        tuple(media_section(plan, local, Setup.ACTPASS, is_first=index == 0) for index, plan in enumerate(planned)),
    )
    return Offered(render(description), local, planned)


def accept_answer(offered: Offered, answer: SessionDescription) -> Negotiated:
    """What was agreed on. Raises SdpError when the answer does not fit the offer or nothing of it was accepted."""
    if len(answer.media) != len(offered.planned):
        raise SdpError(f"the answer has {len(answer.media)} m-lines, the offer {len(offered.planned)}")
    pairs = list(zip(offered.planned, answer.media, strict=True))
    # Port 0 in an answer is a rejection, unless it is bundled: then the port is that of the first m-line.
    accepted = [(plan, media) for plan, media in pairs if media.head.port or plan.line.mid in answer.bundle]
    if not accepted:
        raise SdpError("the answer rejects every m-line")
    leader = accepted[0][1]
    if answer.setup_of(leader) is not Setup.ACTIVE:
        raise SdpError(f"a=setup:{answer.setup_of(leader)} in an answer; the peer has to start the DTLS handshake")
    lines = tuple(_agreed(plan, media, answer) for plan, media in accepted)
    return Negotiated(offered.sdp, offered.local, transport_of(answer, leader, offered.local), lines, 1)


def _plan(mid: str, purpose: Purpose, capabilities: Capabilities) -> PlannedLine:
    profile = PROFILES[purpose]
    names = capabilities.audio_codecs if profile.kind == "audio" else capabilities.video_codecs
    payloads = tuple(
        Payload(CODECS[name], asked_parameters(CODECS[name], capabilities), profile.feedback) for name in names
    )
    extmaps = tuple(Extmap(EXTENSION_IDS[uri], uri) for uri in profile.extensions if uri in EXTENSION_IDS)
    line = MediaLine(
        mid, purpose, payloads[0].codec, header_extensions(extmaps), receives=profile.receives, sends=profile.sends
    )
    return PlannedLine(line, profile.kind, PROTOCOL, payloads, extmaps)


def _agreed(plan: PlannedLine, media: MediaDescription, answer: SessionDescription) -> MediaLine:
    """Our m-line, narrowed to what the answer kept of it."""
    ours = {payload.codec.payload_type: payload.codec for payload in plan.payloads}
    entry = next((entry for entry in media.formats if entry.payload_type in ours), None)
    if entry is None:
        raise SdpError("the answer accepts an m-line without one of its payload types", media.lines[0].number)
    offered = ours[entry.payload_type]
    has_rtx = any(other.payload_type == offered.rtx_payload_type for other in media.formats)
    theirs = {extmap.id: extmap.uri for extmap in media.extmaps}
    extensions = header_extensions(tuple(extmap for extmap in plan.extmaps if theirs.get(extmap.id) == extmap.uri))
    direction = answer.direction_of(media)
    receives = plan.line.receives and direction.sends
    return replace(
        plan.line,
        codec=replace(
            offered, parameters=entry.parameters, rtx_payload_type=offered.rtx_payload_type if has_rtx else None
        ),
        extensions=extensions,
        receives=receives,
        sends=plan.line.sends and direction.receives,
        rtx_ssrc=plan.line.rtx_ssrc if has_rtx else None,
        remote_ssrcs=media.ssrc_pairs[:MAX_SSRC_PAIRS] if receives else (),
        has_nack=NACK in entry.feedback,
        has_transport_cc=TRANSPORT_CC in entry.feedback and extensions.transport_cc is not None,
    )
