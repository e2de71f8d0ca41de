"""Gives what happens its number, and keeps it until it is stored.

It listens to the rooms' events (pyee) and decides what belongs into the stream; it stores nothing itself (`event_rows`)
and tells nobody (`tail`): both come after it.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from confserver.events import RoomEvent, RoomEventKind
from confserver.stream.event import StreamEvent

MOST_PENDING = 50_000
"""While the database is gone: an hour of a busy server, some 50 MB. The oldest go first, which the log tells."""

MOST_BATCH = 500
SPEAKERS_REST_S = 1.0
"""Who speaks changes several times a second; the stream tells each meeting's speakers once in so long."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Happening:
    """A room's event and its time, in Unix seconds to the millisecond, not numbered yet."""

    event: RoomEvent
    at: float


class Ledger:
    """Implements `store.write_behind.Memory`. `clock` gives Unix seconds, `call_later(s, act)` acts after a while.

    Numbers are given as a batch is taken: what could not be stored keeps its place in the queue, and gets the same
    number with the next try.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        call_later: Callable[[float, Callable[[], None]], object],
        *,
        keeps_chat: bool = False,
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._call_later = call_later
        self._keeps_chat = keeps_chat
        self._pending: deque[Happening] = deque()
        self._heads: dict[str, int] = {}
        self._resting: dict[str, RoomEvent | None] = {}
        self._lost = 0

    def begin(self, heads: Iterable[tuple[str, int]]) -> None:
        """At the start: the last number of each tenant's stream."""
        self._heads.update(heads)

    def hear(self, event: RoomEvent) -> None:
        """Something happened in a room, or to a meeting."""
        if not event.tenant_id or (event.kind is RoomEventKind.CHAT and not self._keeps_chat):
            return
        if event.kind is RoomEventKind.SPEAKERS:
            self._hear_speakers(event)
        else:
            self._note(event)

    def take_changes(self) -> tuple[StreamEvent, ...] | None:
        """The next batch, numbered; it stays here until `changes_stored`."""
        if not self._pending:
            return None
        heads: dict[str, int] = {}
        batch = []
        for happening in list(self._pending)[:MOST_BATCH]:
            event = happening.event
            number = heads.get(event.tenant_id, self._heads.get(event.tenant_id, 0)) + 1
            heads[event.tenant_id] = number
            batch.append(
                StreamEvent(
                    event.tenant_id,
                    number,
                    event.kind.value,
                    event.meeting_id,
                    happening.at,
                    event.owner_id,
                    participant_id=event.participant_id,
                    detail=event.detail,
                    data=event.data,
                )
            )
        return tuple(batch)

    def changes_stored(self, batch: Iterable[StreamEvent]) -> None:
        """The batch that was taken last is in the database."""
        for event in batch:
            self._pending.popleft()
            self._heads[event.tenant_id] = event.number
        if self._pending:
            self.on_change()

    def changes_failed(self) -> None:
        """The batch that was taken last is not in the database: it comes again."""
        while len(self._pending) > MOST_PENDING:
            self._pending.popleft()
            self._lost += 1
        if self._lost:
            log.warning("events could not be kept while the database was gone", events=self._lost)
            self._lost = 0
        self.on_change()

    def _note(self, event: RoomEvent) -> None:
        self._pending.append(Happening(event, round(self._clock(), 3)))
        self.on_change()

    def _hear_speakers(self, event: RoomEvent) -> None:
        if event.meeting_id in self._resting:
            self._resting[event.meeting_id] = event
            return
        self._note(event)
        self._resting[event.meeting_id] = None
        self._call_later(SPEAKERS_REST_S, lambda: self._rested(event.meeting_id))

    def _rested(self, meeting_id: str) -> None:
        newest = self._resting.pop(meeting_id, None)
        if newest is not None:
            self._hear_speakers(newest)
