"""What a door needs of a room, and what a room tells whoever came in through it.

Values and protocols only: the control plane implements `Door` and `Seat`, each door implements `SeatListener`. How a
value travels (JSON, SIP) is the door's own business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from mixer.events import SlotView
from mixer.params import Purpose
from signaling.commands import Command
from signaling.errors import Refused


class LeaveReason(StrEnum):
    """Why somebody is no longer in the room."""

    LEFT = "left"
    REMOVED = "removed"
    LOST = "lost"


class EndReason(StrEnum):
    """Why the room closes a seat."""

    ENDED = "ended"
    DELETED = "deleted"
    REMOVED = "removed"
    REPLACED = "replaced"
    SHUTDOWN = "shutdown"
    TIME_UP = "time_up"
    HOST_LEFT = "host_left"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody asks for a seat: by access key, meeting id or the number that telephones dial, with what they show.

    `token` is the access token of a login, `seat_token` that of an earlier `Welcome`. `source` is the remote address,
    by which guesses are slowed down.
    """

    access_key: str | None
    meeting_id: str | None
    display_name: str
    pin: str | None = field(repr=False)
    token: str | None = field(repr=False)
    is_muted: bool
    has_camera: bool
    source: str
    number: str | None = None
    seat_token: str | None = field(default=None, repr=False)
    join_token: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """A participant as the others see them. `is_muted` is true for either kind of mute; `role`: `host`, `guest`.

    `is_reconnecting`: their connection is gone and their seat is held for a few seconds. `is_verified`: a login or a
    named token says that this is their name. `hand`: their place in the queue of raised hands, 1 first.
    """

    id: str
    display_name: str
    role: str
    is_muted: bool
    is_muted_by_host: bool
    has_camera: bool
    has_screen: bool
    is_reconnecting: bool = False
    is_chairman: bool = False
    is_verified: bool = False
    is_camera_stopped: bool = False
    has_floor: bool = False
    hand: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Somebody in the waiting room as the hosts see them; `since` Unix seconds.

    `is_known`: a login says who they are; `was_removed`: they come from where somebody was removed.
    """

    id: str
    display_name: str
    since: float
    is_known: bool = False
    was_removed: bool = False


@dataclass(frozen=True, slots=True)
class RemovedView:
    """Somebody who was shown the door, as the hosts see them; `by`: the name of who did it, `at` Unix seconds.

    `is_banned`: for as long as the meeting exists, and not only until it is over.
    """

    id: str
    display_name: str
    is_banned: bool
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a tenant has dressed its waiting room. Colours are `#rrggbb`; None is the page's own."""

    text: str | None = None
    background: str | None = None
    accent: str | None = None
    logo_url: str | None = None
    has_music: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the waiting room. `reason`: why one waits, a word of docs/protocol.md.

    `seat_token` brings its holder back to this place, and later into the seat.
    """

    waiting_id: str
    reason: str
    subject: str
    host_name: str
    look: Look
    seat_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The room as it is when a seat is taken. `cells`: slots to offer; `participants` includes oneself.

    `seat_token` brings its holder back into this seat. `is_resumed`: the seat was still held, and the others saw
    neither leave nor join; `has_media`: so is its peer connection, which an offer may continue. `chat`: what was
    written to somebody who comes back; `waiting` and `removed`: who waits and who was shown the door, for hosts.
    """

    participant_id: str
    role: str
    subject: str
    cells: int
    is_locked: bool
    control: str
    capacity: int
    participants: tuple[ParticipantView, ...]
    seat_token: str = field(repr=False)
    is_resumed: bool = False
    has_media: bool = False
    layout: str = "LAYOUT0"
    spotlight_id: str | None = None
    is_mute_on_entry: bool = False
    chat: "tuple[ChatMessage, ...]" = ()
    waiting: tuple[WaitingView, ...] = ()
    removed: tuple[RemovedView, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody else came in."""

    participant: ParticipantView


@dataclass(frozen=True, slots=True)
class Updated:
    """Somebody, perhaps oneself, changed."""

    participant: ParticipantView


@dataclass(frozen=True, slots=True)
class PeopleUpdated:
    """Several changed at once."""

    participants: tuple[ParticipantView, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody else is gone."""

    participant_id: str
    reason: LeaveReason


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who speaks now, loudest first."""

    participant_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slots:
    """What each of one's own slots is meant to show, in the order of the layout."""

    slots: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """What is not None has changed. `spotlight_id`: empty for nobody."""

    is_locked: bool | None = None
    subject: str | None = None
    cells: int | None = None
    layout: str | None = None
    control: str | None = None
    spotlight_id: str | None = None
    is_mute_on_entry: bool | None = None


@dataclass(frozen=True, slots=True)
class MediaLost:
    """The media worker was replaced; the client must negotiate a new peer connection."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """Somebody wrote; `to_id` None: to everybody. `at`: Unix seconds."""

    id: int
    from_id: str
    from_name: str
    to_id: str | None
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody shows a sign."""

    participant_id: str
    reaction: str


@dataclass(frozen=True, slots=True)
class AskedToUnmute:
    """A host would like to hear whoever is told this."""

    by_name: str


@dataclass(frozen=True, slots=True)
class WaitingList:
    """To hosts: everybody who waits, longest first."""

    waiting: tuple[WaitingView, ...]


@dataclass(frozen=True, slots=True)
class RemovedList:
    """To hosts: everybody who was shown the door, oldest first."""

    removed: tuple[RemovedView, ...]


@dataclass(frozen=True, slots=True)
class EndingSoon:
    """The meeting ends by itself; `reason`: `scheduled_end` or `max_duration`."""

    in_s: int
    reason: str


RoomMessage = (
    Joined
    | Updated
    | PeopleUpdated
    | Left
    | Speakers
    | Slots
    | RoomChanged
    | MediaLost
    | ChatMessage
    | Reaction
    | AskedToUnmute
    | WaitingList
    | RemovedList
    | EndingSoon
)


class SeatListener(Protocol):
    """Whoever sits or waits there, as the room speaks to them. All calls are synchronous, bounded and raise nothing."""

    def notify(self, message: RoomMessage) -> None:
        """Pass on a message. One that comes before `Door.enter` has returned is delivered after the welcome."""

    def admitted(self, seat: "Seat") -> None:
        """They have a seat: at once, or after a wait, with which their place is gone."""

    def made_to_wait(self, place: "WaitingPlace") -> None:
        """They have a place to wait; again, when they wait for something else than before."""

    def refused(self, refusal: Refused) -> None:
        """Whoever waited gets no seat, and their place is gone; who did not wait hears that from `Door.enter`."""

    def close(self, reason: EndReason) -> None:
        """The seat is gone: say why and hang up. The last call; the room has freed the seat already."""


class Negotiator(Protocol):
    """Whoever has media here, in a seat or while waiting."""

    async def negotiate(self, offer_sdp: str, lines: Mapping[str, Purpose], is_new: bool) -> str:
        """The answer to an offer, as SDP. `lines`: purpose by mid; `is_new` replaces the peer connection.

        Raises RequestError `bad_sdp`. Not called again before it has returned; it may be cancelled.
        """

    def leave(self) -> None:
        """Give the seat or place up and close its media; without effect when it is gone, or another is there."""

    def disconnect(self, is_going_away: bool) -> None:
        """The connection is gone, not the person: seat or place and media are held for a few seconds.

        `is_going_away`: the page said so as it went, by a reload or a closed tab. Without effect as with `leave`.
        """


class Seat(Negotiator, Protocol):
    """What its holder may ask of the room."""

    @property
    def participant_id(self) -> str:
        """By which others know who sits here."""

    @property
    def welcome(self) -> Welcome:
        """The room as it was when the seat was taken."""

    def obey(self, command: Command) -> None:
        """Do what its holder asks. Raises RequestError with the code that docs/protocol.md names."""


class WaitingPlace(Negotiator, Protocol):
    """A place in the waiting room, whose holder may do nothing but listen to its music, and go."""

    @property
    def waiting(self) -> Waiting:
        """The place as it was when it was taken."""


class Door(Protocol):
    """The one way into any room."""

    async def enter(self, knock: Knock, listener: SeatListener) -> None:
        """Tell the listener that they are admitted or made to wait. Raises Refused. When cancelled, neither."""
