"""What happens in rooms, for the parts that listen: metrics, logs, later webhooks and call records. Never packets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from pyee.base import EventEmitter

log = structlog.get_logger()


class RoomEventKind(StrEnum):
    """The names under which listeners subscribe."""

    ROOM_OPENED = "room.opened"
    ROOM_CLOSED = "room.closed"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_UPDATED = "participant.updated"
    PARTICIPANT_RECONNECTING = "participant.reconnecting"
    PARTICIPANT_RETURNED = "participant.returned"
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
