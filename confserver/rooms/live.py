"""What the rest of the control plane may ask of the rooms that are live.

Contracts only; the rooms implement them and the REST API, which has never seen a participant, calls them.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from confserver.meetings.meeting import Meeting

Presence = Literal["OFFLINE", "ONLINE", "ON_CALL"]
"""OFFLINE: cannot be joined; ONLINE: nobody is in; ON_CALL: somebody is."""


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """A room at a glance; `muted`: everybody in it is."""

    status: Presence
    locked: bool = False
    muted: bool = False
    recording: bool = False


@dataclass(frozen=True, slots=True)
class LiveParticipant:
    """Somebody in a room; `muted` by themselves or a host, `chairman`: a host, `position`: see `ParticipantParams`."""

    id: str
    display_name: str
    muted: bool
    chairman: bool
    position: int | None = None


class Preview(Protocol):
    """The rule of admission, asked before anybody knocks."""

    def __call__(self, meeting: Meeting) -> str:
        """`open`, `full`, `locked`, `ended` or `not_started`, as in docs/protocol.md."""
        ...


class LiveRooms(Protocol):
    """The rooms of all meetings, by meeting id.

    A meeting that nobody is in has a status, a lock and no participants. `mute` and `remove` raise
    confserver.errors.NotFound for somebody who is not there; `end` and `meeting_changed` do nothing without a room.
    """

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that are live."""
        ...

    def status(self, meeting_id: str) -> RoomStatus:
        """How the room is."""
        ...

    def participants(self, meeting_id: str) -> tuple[LiveParticipant, ...]:
        """Who is in, in the order they came."""
        ...

    async def mute(self, meeting_id: str, participant_id: str, is_muted: bool) -> None:
        """Mutes a participant as a host does, or gives them back their voice."""
        ...

    async def remove(self, meeting_id: str, participant_id: str) -> None:
        """Shows a participant the door."""
        ...

    async def lock(self, meeting_id: str, is_locked: bool) -> None:
        """Lets nobody else in, or everybody again."""
        ...

    async def end(self, meeting_id: str, reason: str) -> None:
        """Ends the meeting for all; `reason` is one of `ended` in docs/protocol.md."""
        ...

    async def meeting_changed(self, meeting: Meeting) -> None:
        """Applies a changed definition to the room."""
        ...
