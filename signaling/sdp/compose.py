"""Writing our own descriptions: the session's head, the transport, and one section for each m-line.

It decides nothing; `plan` says what to write. RFC 8829 sections 5.2 and 5.3, RFC 8839, RFC 8842.
"""

from collections.abc import Iterator, Sequence

from mixer.params import Codec
from signaling.sdp.attributes import Candidate, Direction, Setup
from signaling.sdp.model import Line, MediaDescription, attribute
from signaling.sdp.plan import LocalDescription, Payload, PlannedLine

DISCARD_PORT = 9
"""Written where an m-line shares the port of another (RFC 9143 section 7.2)."""

ANYWHERE = ("0.0.0.0", DISCARD_PORT)  # noqa: S104 - written, never bound
HOST_PREFERENCE = 126 << 24
RTP_COMPONENT = 1


def session_lines(local: LocalDescription, version: int, bundle: Sequence[str], *, is_mixed: bool) -> tuple[Line, ...]:
    """The head. `bundle`: mids of the accepted m-lines; `is_mixed`: header extensions of both forms may mix."""
    return (
        Line("v", "0"),
        Line("o", f"- {local.session_id} {version} IN IP4 0.0.0.0"),
        Line("s", "-"),
        Line("t", "0 0"),
        attribute("ice-lite"),
        *([attribute("group", " ".join(("BUNDLE", *bundle)))] if bundle else []),
        *([attribute("extmap-allow-mixed")] if is_mixed else []),
    )


def media_section(planned: PlannedLine, local: LocalDescription, setup: Setup, *, is_first: bool) -> MediaDescription:
    """An accepted m-line; the first one carries the candidates of all."""
    return MediaDescription(
        (
            *_head(planned, local if is_first else None),
            *_transport(local, setup),
            *([attribute("mid", planned.line.mid)] if planned.has_mid else []),
            *(attribute("extmap", extmap.render()) for extmap in planned.extmaps),
            attribute(Direction.of(sends=planned.line.sends, receives=planned.line.receives)),
            attribute("rtcp-mux"),
            *(line for payload in planned.payloads for line in _payload(payload)),
            *_layers(planned.line.rids),
            *_streams(planned),
        )
    )


def rejected_section(media: MediaDescription) -> MediaDescription:
    """The same m-line with port 0 (RFC 3264 section 6)."""
    head = media.head
    return MediaDescription(
        (
            Line("m", f"{head.kind} 0 {head.protocol} {' '.join(head.formats)}"),
            Line("c", "IN IP4 0.0.0.0"),
            *([attribute("mid", media.mid)] if media.mid else []),
            attribute(Direction.INACTIVE),
        )
    )


def _head(planned: PlannedLine, local: LocalDescription | None) -> Iterator[Line]:
    address, port = local.candidates[0] if local and local.candidates else ANYWHERE
    formats = " ".join(str(payload_type) for payload_type in _payload_types(planned))
    yield Line("m", f"{planned.kind} {port} {planned.protocol} {formats}")
    yield Line("c", f"IN {'IP6' if ':' in address else 'IP4'} {address}")
    if local:
        for index, candidate in enumerate(local.candidates):
            yield attribute("candidate", _candidate(index, *candidate).render())
        yield attribute("end-of-candidates")


def _payload_types(planned: PlannedLine) -> Iterator[int]:
    for payload in planned.payloads:
        yield payload.codec.payload_type
        if payload.codec.rtx_payload_type is not None:
            yield payload.codec.rtx_payload_type


def _candidate(index: int, address: str, port: int) -> Candidate:
    priority = HOST_PREFERENCE + ((65535 - index) << 8) + 256 - RTP_COMPONENT
    return Candidate(str(index + 1), RTP_COMPONENT, "udp", priority, address, port, "host")


def _transport(local: LocalDescription, setup: Setup) -> Iterator[Line]:
    yield attribute("ice-ufrag", local.ufrag)
    yield attribute("ice-pwd", local.pwd)
    for entry in local.fingerprints:
        yield attribute("fingerprint", f"{entry.algorithm} {entry.value}")
    yield attribute("setup", setup)


def _payload(payload: Payload) -> Iterator[Line]:
    codec = payload.codec
    yield attribute("rtpmap", f"{codec.payload_type} {_encoding(codec)}")
    for feedback in payload.feedback:
        yield attribute("rtcp-fb", f"{codec.payload_type} {feedback}")
    if payload.parameters:
        text = ";".join(f"{name}={value}" for name, value in payload.parameters)
        yield attribute("fmtp", f"{codec.payload_type} {text}")
    if codec.rtx_payload_type is not None:
        yield attribute("rtpmap", f"{codec.rtx_payload_type} rtx/{codec.clock_rate}")
        yield attribute("fmtp", f"{codec.rtx_payload_type} apt={codec.payload_type}")


def _encoding(codec: Codec) -> str:
    name = codec.name if codec.name == "opus" else codec.name.upper()
    return f"{name}/{codec.clock_rate}" + (f"/{codec.channels}" if codec.channels > 1 else "")


def _layers(rids: Sequence[str]) -> Iterator[Line]:
    for rid in rids:
        yield attribute("rid", f"{rid} recv")
    if rids:
        yield attribute("simulcast", f"recv {';'.join(rids)}")


def _streams(planned: PlannedLine) -> Iterator[Line]:
    line = planned.line
    if line.ssrc is None:
        return
    # A stream of its own for each m-line: browsers hold sound back to match a picture of the same stream, and the mix
    # belongs to no single picture.
    yield attribute("msid", f"line-{line.mid} {planned.kind}-{line.mid}")
    if line.rtx_ssrc is not None:
        yield attribute("ssrc-group", f"FID {line.ssrc} {line.rtx_ssrc}")
    for ssrc in (line.ssrc, line.rtx_ssrc):
        if ssrc is not None:
            yield attribute("ssrc", f"{ssrc} cname:{line.cname}")
