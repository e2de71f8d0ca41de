"""Commands to the media plane, as frozen values.

The control plane and the doors describe what they want with these; the media worker obeys. Nothing here opens a
socket or imports a codec, so any plane may import it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What one m-line of an endpoint is for."""

    AUDIO = "audio"
    CAMERA = "camera"
    SCREEN = "screen"
    SCREEN_AUDIO = "screen_audio"
    SLOT = "slot"


@dataclass(frozen=True, slots=True)
class Codec:
    """A negotiated payload format; `rtx_payload_type` is its RFC 4588 companion, if negotiated."""

    name: str
    payload_type: int
    clock_rate: int
    channels: int = 1
    parameters: tuple[tuple[str, str], ...] = ()
    rtx_payload_type: int | None = None


@dataclass(frozen=True, slots=True)
class HeaderExtensions:
    """Negotiated ids of the RTP header extensions we use (RFC 8285); None where not negotiated."""

    mid: int | None = None
    rid: int | None = None
    repaired_rid: int | None = None
    transport_cc: int | None = None
    audio_level: int | None = None


@dataclass(frozen=True, slots=True)
class MediaLine:
    """One m-line as negotiated, seen from us.

    `receives`: the client may send to us; `sends`: we may send to the client, with `ssrc` (and `rtx_ssrc`).
    `remote_ssrcs` are those the offer announced, as pairs (media, rtx or None). `rids` are the simulcast layers the
    client offered, lowest quality first; empty without simulcast.
    """

    mid: str
    purpose: Purpose
    codec: Codec
    extensions: HeaderExtensions
    receives: bool
    sends: bool
    ssrc: int | None = None
    rtx_ssrc: int | None = None
    cname: str = ""
    remote_ssrcs: tuple[tuple[int, int | None], ...] = ()
    rids: tuple[str, ...] = ()
    has_nack: bool = False
    has_transport_cc: bool = False


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A certificate digest as in `a=fingerprint` (RFC 8122): `sha-256`, upper-case hex with colons."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class TransportParams:
    """Credentials of one ICE-lite + DTLS transport: ours, and what the client's description says of it."""

    local_ufrag: str
    local_pwd: str
    remote_ufrag: str
    remote_pwd: str
    remote_fingerprints: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class EndpointParams:
    """One device of a participant: its transport and its m-lines in offer order."""

    endpoint_id: str
    participant_id: str
    transport: TransportParams
    lines: tuple[MediaLine, ...]


@dataclass(frozen=True, slots=True)
class RoomParams:
    """What the media plane must know of a room. `cells`: pictures each viewer sees at most (0..9).

    In a lobby nobody's media reach anybody; who is there hears `music`, the path of a file of packets, or nothing.
    """

    room_id: str
    cells: int = 9
    max_speakers: int = 6
    is_lobby: bool = False
    music: str | None = None


@dataclass(frozen=True, slots=True)
class ParticipantParams:
    """What the media plane must know of a participant.

    Muted: nobody hears their voice; silenced: nor what their screen sounds like. `has_camera` / `has_screen`: they
    publish that picture now. `position`: -1 never shown, 0.. the cell they are pinned to, None by speech. `order`:
    ascending by time of joining, breaks ties.
    """

    participant_id: str
    order: int
    is_muted: bool = False
    is_silenced: bool = False
    has_camera: bool = False
    has_screen: bool = False
    position: int | None = None


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Create a room; opening one that exists updates its parameters."""

    room: RoomParams


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """Close a room with all its endpoints."""

    room_id: str


@dataclass(frozen=True, slots=True)
class SetParticipant:
    """Add a participant to a room or replace what is known of them."""

    room_id: str
    participant: ParticipantParams


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    """Remove a participant and close their endpoints."""

    room_id: str
    participant_id: str


@dataclass(frozen=True, slots=True)
class SetView:
    """Whose pictures a participant wants to see whoever speaks; None: nobody's in particular."""

    room_id: str
    participant_id: str
    pinned_id: str | None


@dataclass(frozen=True, slots=True)
class OpenEndpoint:
    """Open an endpoint of a known participant; with an id that is open, renegotiate its m-lines, restart its ICE."""

    room_id: str
    endpoint: EndpointParams


@dataclass(frozen=True, slots=True)
class CloseEndpoint:
    """Close one endpoint (DTLS close_notify is sent)."""

    room_id: str
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class AskStats:
    """Ask for a `StatsReport` carrying the same token."""

    token: int


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Close every transport and leave."""


Command = (
    OpenRoom
    | CloseRoom
    | SetParticipant
    | RemoveParticipant
    | SetView
    | OpenEndpoint
    | CloseEndpoint
    | AskStats
    | Shutdown
)
