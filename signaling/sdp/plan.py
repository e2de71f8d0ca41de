"""What one m-line of ours will say and mean: the value between deciding and writing.

`negotiate` and `offer` decide, `compose` writes. It holds what both need and touches no text.
"""

from dataclasses import dataclass

from mixer.capabilities import URI_AUDIO_LEVEL, URI_MID, URI_REPAIRED_RID, URI_RID, URI_TRANSPORT_CC
from mixer.params import Codec, Fingerprint, HeaderExtensions, MediaLine, TransportParams
from signaling.sdp.attributes import Extmap
from signaling.sdp.errors import SdpError
from signaling.sdp.model import MediaDescription, PayloadFormat, SessionDescription

STRONG_DIGESTS = ("sha-256", "sha-384", "sha-512")

MAX_SSRC_PAIRS = 8
"""Streams that are noted per m-line: three simulcast layers and room for what is stopped."""


@dataclass(frozen=True, slots=True)
class LocalDescription:
    """Our side of one transport. `candidates`: (address, UDP port), most wanted first; `session_id` of the o= line."""

    ufrag: str
    pwd: str
    fingerprints: tuple[Fingerprint, ...]
    candidates: tuple[tuple[str, int], ...]
    cname: str
    session_id: int


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What both sides agreed on: our side and its text, the peer's, and the accepted m-lines in offer order."""

    sdp: str
    local: LocalDescription
    transport: TransportParams
    lines: tuple[MediaLine, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload type as we write it: `parameters` are what we ask for, `feedback` what we will send or heed."""

    codec: Codec
    parameters: tuple[tuple[str, str], ...]
    feedback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One m-line of ours. `has_mid` is False for clients that name no m-lines; their order stands in."""

    line: MediaLine
    kind: str
    protocol: str
    payloads: tuple[Payload, ...]
    extmaps: tuple[Extmap, ...]
    has_mid: bool = True


def mid_of(media: MediaDescription, index: int) -> str:
    """The name of an m-line; its place, when the author gives it none."""
    return media.mid or str(index)


def codec_of(entry: PayloadFormat, formats: tuple[PayloadFormat, ...]) -> Codec:
    """The codec that a payload type stands for, with its companion for retransmissions among `formats`."""
    companions = (other.payload_type for other in formats if other.retransmits == entry.payload_type)
    return Codec(
        entry.name.lower(),
        entry.payload_type,
        entry.clock_rate,
        entry.channels,
        entry.parameters,
        next(companions, None),
    )


def header_extensions(extmaps: tuple[Extmap, ...]) -> HeaderExtensions:
    """The ids of the extensions that we use."""
    ids = {extmap.uri: extmap.id for extmap in extmaps}
    return HeaderExtensions(
        mid=ids.get(URI_MID),
        rid=ids.get(URI_RID),
        repaired_rid=ids.get(URI_REPAIRED_RID),
        transport_cc=ids.get(URI_TRANSPORT_CC),
        audio_level=ids.get(URI_AUDIO_LEVEL),
    )


def transport_of(description: SessionDescription, media: MediaDescription, local: LocalDescription) -> TransportParams:
    """The transport to the author of `description`, whose bundle is led by `media`.

    Raises SdpError when credentials are missing or too weak.
    """
    ufrag = description.value_of(media, "ice-ufrag")
    pwd = description.value_of(media, "ice-pwd")
    if not ufrag or not pwd:
        raise SdpError("there is no a=ice-ufrag with a=ice-pwd; media needs ICE")
    fingerprints = description.fingerprints_of(media)
    if not fingerprints:
        raise SdpError("there is no a=fingerprint; media needs DTLS")
    strong = tuple(entry for entry in fingerprints if entry.algorithm in STRONG_DIGESTS)
    if not strong:
        raise SdpError("the certificate has no fingerprint of sha-256 or better")
    if not media.has("rtcp-mux"):
        raise SdpError("there is no a=rtcp-mux; RTCP has to share the port of RTP")
    return TransportParams(local.ufrag, local.pwd, ufrag, pwd, strong)
