"""The offer of a guest in the form of Chromium's, and the few facts of the answer that a thin client needs.

It is no SDP library: it writes one form and reads one form. RFC 8866, RFC 8829; the order of lines is that of
docs/protocol.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benches.load.packets import LEVEL_ID, MID_ID, OPUS_PT, RTX_PT, TRANSPORT_ID, VP8_PT

AUDIO_MID = "0"
CAMERA_MID = "1"
_FIRST_SLOT_MID = 2

_LEVEL = f"a=extmap:{LEVEL_ID} urn:ietf:params:rtp-hdrext:ssrc-audio-level"
_COMMON_EXTENSIONS = (
    f"a=extmap:{TRANSPORT_ID} http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
)
_OPUS = (
    f"a=rtpmap:{OPUS_PT} opus/48000/2",
    f"a=rtcp-fb:{OPUS_PT} transport-cc",
    f"a=fmtp:{OPUS_PT} minptime=10;useinbandfec=1",
)
_VP8 = (
    f"a=rtpmap:{VP8_PT} VP8/90000",
    f"a=rtcp-fb:{VP8_PT} goog-remb",
    f"a=rtcp-fb:{VP8_PT} transport-cc",
    f"a=rtcp-fb:{VP8_PT} ccm fir",
    f"a=rtcp-fb:{VP8_PT} nack",
    f"a=rtcp-fb:{VP8_PT} nack pli",
    f"a=rtpmap:{RTX_PT} rtx/90000",
    f"a=fmtp:{RTX_PT} apt={VP8_PT}",
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What identifies one end of a transport: ICE names and the fingerprint as `sha-256 AA:BB:...`."""

    ufrag: str
    pwd: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Streams:
    """The SSRCs a guest sends with, and their common name. Retransmissions of the camera have their own."""

    cname: str
    audio: int
    camera: int
    camera_rtx: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's end of the transport, and the address to send to."""

    credentials: Credentials
    address: tuple[str, int]


def render_offer(credentials: Credentials, streams: Streams, *, slots: int) -> str:
    """An offer of a microphone, a camera and `slots` pictures."""
    mids = [str(mid) for mid in range(_FIRST_SLOT_MID + slots)]
    lines = ["v=0", f"o=- {streams.audio} 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {' '.join(mids)}", "a=extmap-allow-mixed", "a=msid-semantic: WMS *"]
    lines += _audio_line(credentials, streams)
    lines += _video_line(credentials, CAMERA_MID, "sendonly")
    lines += _camera_streams(streams)
    for mid in mids[_FIRST_SLOT_MID:]:
        lines += _video_line(credentials, mid, "recvonly")
    return "\r\n".join(lines) + "\r\n"


def line_purposes(slots: int) -> dict[str, str]:
    """The `lines` that go with such an offer: mid to purpose."""
    slot_mids = (str(mid) for mid in range(_FIRST_SLOT_MID, _FIRST_SLOT_MID + slots))
    return {AUDIO_MID: "audio", CAMERA_MID: "camera", **dict.fromkeys(slot_mids, "slot")}


def parse_answer(sdp: str) -> Answer:
    """What the answer says of the server's transport. Raises ValueError when something is missing."""
    values = {name: next(_values(sdp, name), None) for name in ("ice-ufrag", "ice-pwd", "fingerprint", "candidate")}
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise ValueError(f"the answer has no {' and no '.join(missing)}")
    candidate = str(values["candidate"]).split()
    return Answer(
        Credentials(str(values["ice-ufrag"]), str(values["ice-pwd"]), str(values["fingerprint"])),
        (candidate[4], int(candidate[5])),
    )


def _values(sdp: str, attribute: str) -> Iterator[str]:
    prefix = f"a={attribute}:"
    return (line.removeprefix(prefix) for line in sdp.splitlines() if line.startswith(prefix))


def _audio_line(credentials: Credentials, streams: Streams) -> Iterator[str]:
    yield f"m=audio 9 UDP/TLS/RTP/SAVPF {OPUS_PT}"
    yield from _transport(credentials, AUDIO_MID)
    yield _LEVEL
    yield from (*_COMMON_EXTENSIONS, "a=sendrecv", "a=msid:- microphone", "a=rtcp-mux", *_OPUS)
    yield f"a=ssrc:{streams.audio} cname:{streams.cname}"


def _video_line(credentials: Credentials, mid: str, direction: str) -> Iterator[str]:
    yield f"m=video 9 UDP/TLS/RTP/SAVPF {VP8_PT} {RTX_PT}"
    yield from _transport(credentials, mid)
    yield from (*_COMMON_EXTENSIONS, f"a={direction}", "a=rtcp-mux", "a=rtcp-rsize", *_VP8)


def _camera_streams(streams: Streams) -> Iterator[str]:
    yield "a=msid:- camera"
    yield f"a=ssrc-group:FID {streams.camera} {streams.camera_rtx}"
    yield f"a=ssrc:{streams.camera} cname:{streams.cname}"
    yield f"a=ssrc:{streams.camera_rtx} cname:{streams.cname}"


def _transport(credentials: Credentials, mid: str) -> Iterator[str]:
    yield "c=IN IP4 0.0.0.0"
    yield "a=rtcp:9 IN IP4 0.0.0.0"
    yield f"a=ice-ufrag:{credentials.ufrag}"
    yield f"a=ice-pwd:{credentials.pwd}"
    yield f"a=fingerprint:{credentials.fingerprint}"
    yield "a=setup:actpass"
    yield f"a=mid:{mid}"
