"""What happens in rooms, for the parts that listen: metrics, logs, later webhooks and call records. Never packets."""

from dataclasses import dataclass
from enum import StrEnum

from pyee.base import EventEmitter


class RoomEventKind(StrEnum):
    """The names under which listeners subscribe."""

    ROOM_OPENED = "room.opened"
    ROOM_CLOSED = "room.closed"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_UPDATED = "participant.updated"
    PARTICIPANT_LEFT = "participant.left"
    MEDIA_CONNECTED = "media.connected"
    MEDIA_LOST = "media.lost"
    KNOCK_REFUSED = "knock.refused"


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One thing that happened. `detail` is a reason or role where the kind has one."""

    kind: RoomEventKind
    meeting_id: str
    participant_id: str | None = None
    detail: str | None = None


class RoomEvents:
    """A typed edge of pyee: everything that happens in any room passes `publish`."""

    ANY = "any"

    def __init__(self) -> None:
        self.emitter = EventEmitter()

    def publish(self, event: RoomEvent) -> None:
        """Tell those who listen to this kind, and those who listen to all."""
        self.emitter.emit(event.kind.value, event)
        self.emitter.emit(self.ANY, event)
