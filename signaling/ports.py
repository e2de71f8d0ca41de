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


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """A participant as the others see them. `is_muted` is true for either kind of mute; `role`: `host`, `guest`.

    `is_reconnecting`: their connection is gone and their seat is held for a few seconds.
    """

    id: str
    display_name: str
    role: str
    is_muted: bool
    is_muted_by_host: bool
    has_camera: bool
    has_screen: bool
    is_reconnecting: bool = False


@dataclass(frozen=True, slots=True)
class Welcome:
    """The room as it is when a seat is taken. `cells`: slots to offer; `participants` includes oneself.

    `seat_token` brings its holder back into this seat. `is_resumed`: the seat was still held, and the others saw
    neither leave nor join; `has_media`: so is its peer connection, which an offer may continue.
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


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody else came in."""

    participant: ParticipantView


@dataclass(frozen=True, slots=True)
class Updated:
    """Somebody, perhaps oneself, changed."""

    participant: ParticipantView


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
    """What is not None has changed."""

    is_locked: bool | None = None
    subject: str | None = None
    cells: int | None = None


@dataclass(frozen=True, slots=True)
class MediaLost:
    """The media worker was replaced; the client must negotiate a new peer connection."""


RoomMessage = Joined | Updated | Left | Speakers | Slots | RoomChanged | MediaLost


class SeatListener(Protocol):
    """Whoever sits there, as the room speaks to them. Both calls are synchronous, bounded and raise nothing."""

    def notify(self, message: RoomMessage) -> None:
        """Pass on a message. One that comes before `Door.enter` has returned is delivered after the welcome."""

    def close(self, reason: EndReason) -> None:
        """The seat is gone: say why and hang up. The last call; the room has freed the seat already."""


class Seat(Protocol):
    """What its holder may ask of the room. Everything but the last two raises RequestError when refused."""

    @property
    def participant_id(self) -> str:
        """By which others know who sits here."""

    @property
    def welcome(self) -> Welcome:
        """The room as it was when the seat was taken."""

    async def negotiate(self, offer_sdp: str, lines: Mapping[str, Purpose], is_new: bool) -> str:
        """The answer to an offer, as SDP. `lines`: purpose by mid; `is_new` replaces the peer connection.

        Raises RequestError `bad_sdp`. Not called again before it has returned; it may be cancelled.
        """

    def set_own(
        self,
        *,
        is_muted: bool | None = None,
        has_camera: bool | None = None,
        has_screen: bool | None = None,
        display_name: str | None = None,
    ) -> None:
        """Change one's own state; None leaves as is. Raises RequestError `muted_by_host`."""

    def mute(self, participant_id: str, is_muted: bool) -> None:
        """Host only. Raises RequestError `not_allowed`, `no_such_participant`."""

    def remove(self, participant_id: str) -> None:
        """Host only. Raises RequestError `not_allowed`, `no_such_participant`."""

    def lock(self, is_locked: bool) -> None:
        """Host only. Raises RequestError `not_allowed`."""

    def end(self) -> None:
        """Host only: end the meeting for all. Raises RequestError `not_allowed`."""

    def leave(self) -> None:
        """Give the seat up and close its media; without effect when it is gone already, or another sits there."""

    def disconnect(self, is_going_away: bool) -> None:
        """The connection is gone, not the person: the seat and its media are held for a few seconds.

        `is_going_away`: the page said so as it went, by a reload or a closed tab. Without effect as with `leave`.
        """


class Door(Protocol):
    """The one way into any room."""

    async def enter(self, knock: Knock, listener: SeatListener) -> Seat:
        """A seat. Raises Refused. When cancelled, no seat is taken."""
