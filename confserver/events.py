"""What happens in rooms, for the parts that listen: metrics, logs, later webhooks and call records. Never packets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import structlog
from pyee.base import EventEmitter

log = structlog.get_logger()


class RoomEventKind(StrEnum):
    """The names under which listeners subscribe."""

    ROOM_OPENED = "room.opened"
    ROOM_CHANGED = "room.changed"
    ROOM_CLOSED = "room.closed"
    MEETING_CREATED = "meeting.created"
    MEETING_CHANGED = "meeting.changed"
    MEETING_STATE = "meeting.state"
    MEETING_DELETED = "meeting.deleted"
    ENDING_SOON = "meeting.ending_soon"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_UPDATED = "participant.updated"
    PARTICIPANT_RECONNECTING = "participant.reconnecting"
    PARTICIPANT_RETURNED = "participant.returned"
    PARTICIPANT_LEFT = "participant.left"
    PARTICIPANT_ROLE = "participant.role"
    HAND = "participant.hand"
    REACTION = "participant.reaction"
    SPEAKERS = "room.speakers"
    CHAT = "chat.sent"
    WAITING_STARTED = "waiting.started"
    WAITING_ENDED = "waiting.ended"
    REMOVAL_LIFTED = "removal.lifted"
    INVITATION_ISSUED = "invitation.issued"
    INVITATION_REVOKED = "invitation.revoked"
    MEDIA_CONNECTED = "media.connected"
    MEDIA_LOST = "media.lost"
    KNOCK_REFUSED = "knock.refused"


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One thing that happened. `detail` is a reason or role where the kind has one, of few words; `data` says more.

    `tenant_id` and `meeting_id` are empty where nobody knows: somebody knocked at no door of ours. `owner_id` of the
    meeting is told with what is done to its definition, as nobody could ask for it once that is deleted.
    """

    kind: RoomEventKind
    meeting_id: str
    participant_id: str | None = None
    detail: str | None = None
    tenant_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    owner_id: str = ""


class _Emitter(EventEmitter):
    """A listener that fails is our fault and goes into the log; neither the room nor the other listeners notice."""

    def _emit_run(self, f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            super()._emit_run(f, args, kwargs)
        except Exception:
            log.exception("a listener to room events failed")


class RoomEvents:
    """A typed edge of pyee: everything that happens in any room passes `publish`."""

    ANY = "any"

    def __init__(self) -> None:
        self.emitter: EventEmitter = _Emitter()

    def publish(self, event: RoomEvent) -> None:
        """Tell those who listen to this kind, and those who listen to all."""
        self.emitter.emit(event.kind.value, event)
        self.emitter.emit(self.ANY, event)
