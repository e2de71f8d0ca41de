"""What the rest of the control plane may ask of the rooms that are live.

Contracts only; the rooms implement them and the REST API, which has never seen a participant, calls them.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from confserver.meetings.fields import Control, Layout
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.bans import Removal
from confserver.rooms.waiting_entry import WaitingEntry
from signaling.commands import Command

Presence = Literal["OFFLINE", "ONLINE", "ON_CALL"]
"""OFFLINE: cannot be joined; ONLINE: nobody is in; ON_CALL: somebody is."""


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """A room at a glance; `muted`: everybody in it is; `spotlight_id`: whose picture is the main one.

    `control`, `layout` and `mute_on_entry` are as they hold at this moment; `waiting`: how many wait to be let in.
    """

    status: Presence
    locked: bool = False
    muted: bool = False
    recording: bool = False
    spotlight_id: str | None = None
    control: Control = Control.FREE
    layout: Layout = Layout.LAYOUT0
    mute_on_entry: bool = False
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class LiveParticipant:
    """Somebody in a room; `muted` by themselves or a host; `chairman`: the one host who owns the meeting for now.

    `position`: -1 never shown, 0.. the cell they are pinned to, None by speech; `role`: `host`, `guest`. `hand`: their
    place among those who ask for the word, 1 first; `camera`, `screen`: on at this moment; `camera_stopped` by a host;
    `floor`: heard and seen under MASTER; `reconnecting`: their seat is held for them; `verified`: their name is.
    """

    id: str
    display_name: str
    muted: bool
    chairman: bool
    position: int | None = None
    role: str = "guest"
    hand: int | None = None
    muted_by_host: bool = False
    camera: bool = False
    camera_stopped: bool = False
    floor: bool = False
    screen: bool = False
    reconnecting: bool = False
    verified: bool = False


class Preview(Protocol):
    """The rule of admission, asked before anybody knocks."""

    def __call__(self, meeting: Meeting) -> str:
        """`open`, `full`, `locked`, `ended`, `cancelled` or `not_started`, as in docs/protocol.md."""
        ...


class LiveRooms(Protocol):
    """The rooms of all meetings, by meeting id.

    A meeting that nobody is in has a status, a lock and no participants; `end` and `meeting_changed` do nothing
    without a room.
    """

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that are live."""
        ...

    @property
    def followed_ids(self) -> tuple[str, ...]:
        """The same, and those that somebody waits for."""
        ...

    def status(self, meeting: Meeting) -> RoomStatus:
        """How the room is, or would be if somebody came in."""
        ...

    def participants(self, meeting_id: str) -> tuple[LiveParticipant, ...]:
        """Who is in, in the order they came."""
        ...

    def obey(self, meeting: Meeting, actor: Actor, command: Command) -> None:
        """Does what somebody asks, if they may. Raises of confserver.errors: NotFound for somebody who is not there, or
        if nobody is in; Forbidden; Conflict for what cannot be done now.
        """
        ...

    def waiting(self, meeting_id: str) -> tuple[WaitingEntry, ...]:
        """Who waits to be let in, longest first."""
        ...

    def bans(self, meeting_id: str) -> tuple[Removal, ...]:
        """Who was shown the door, oldest first."""
        ...

    async def end(self, meeting_id: str, reason: str, by: Actor | None = None) -> None:
        """Ends the meeting for all; `reason` is one of `ended` in docs/protocol.md, `by` whoever asked for it."""
        ...

    async def meeting_changed(self, meeting: Meeting) -> None:
        """Applies a changed definition to the room."""
        ...
