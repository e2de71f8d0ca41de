"""The waiting rooms of all meetings: who waits, what a host said of them, and how long it is remembered.

It lets nobody in itself: whoever was accepted is seated by the door, by the same rule as everybody (`admission`).
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.admission import MOST_WAITING
from confserver.rooms.crowding import who_yields
from confserver.rooms.ledger import Ledger
from confserver.rooms.marks import Marks
from confserver.rooms.waiting_entry import LIVES_S, WaitingEntry, WaitingState
from confserver.rooms.waiting_place import Place, WaitingMedia
from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import EndReason, SeatListener, WaitingView

MOST_SETTLED = 128
"""Of one meeting: who was accepted or rejected and may ask for it; of more the oldest goes first."""

HELD_S = 11.5
"""How long a place waits for somebody whose connection is gone: 12 s, less what the sweep may be late."""

LOOK_EVERY_S = 10.0
"""How often those are looked for who have waited for too long; there may be many, and it does not matter to seconds."""

REJECTED_S = 60.0
"""So long who was turned away hears the same answer; then they may knock again: hosts err, too."""


class _Held(NamedTuple):
    """A place whose connection is gone; `until`: monotonic seconds."""

    meeting_id: str
    until: float


class WaitingRooms:
    """`on_change` is told the meeting whose list has changed, `on_accepted` the one where somebody may come in now,
    `on_lost` who did not get in. `clock` gives Unix seconds, `monotonic` those that measure waiting.
    """

    def __init__(
        self,
        events: RoomEvents,
        media: WaitingMedia,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ledger: Ledger[WaitingEntry] = Ledger()
        self.on_change: Callable[[str], None] = lambda meeting_id: None
        self.on_accepted: Callable[[str], None] = lambda meeting_id: None
        self.on_lost: Callable[[WaitingEntry], None] = lambda entry: None
        self._events = events
        self._media = media
        self._clock = clock
        self._monotonic = monotonic
        self._places: dict[str, Place] = {}
        self._held: dict[str, _Held] = {}
        self._look_at = 0.0
        self._untold: set[str] | None = None

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        """The meetings that somebody is remembered to wait for, or to have waited for."""
        return self.ledger.meeting_ids

    def list(self, meeting_id: str) -> tuple[WaitingEntry, ...]:
        """Who waits, longest first; also who was accepted, as long as there is no seat free for them."""
        return tuple(each for each in self.ledger.of(meeting_id) if self._waits(each))

    def views(self, meeting_id: str) -> tuple[WaitingView, ...]:
        """The same, as hosts see them."""
        return tuple(entry.view() for entry in self.list(meeting_id))

    def taken(self, meeting_id: str, source: str) -> int:
        """How many places there are none of for somebody from this network."""
        waiting = self.list(meeting_id)
        return len(waiting) - (who_yields(waiting, source) is not None)

    def requests(self, meeting_id: str) -> tuple[WaitingEntry, ...]:
        """Of those who ask again and again, all that are remembered, whatever a host said; longest first."""
        return tuple(each for each in self.ledger.of(meeting_id) if each.guest_id is not None)

    def find(self, meeting_id: str, entry_id: str) -> WaitingEntry | None:
        """The entry, whatever a host said of it."""
        return self.ledger.find(meeting_id, entry_id)

    def place_of(self, meeting_id: str, entry_id: str) -> WaitingEntry | None:
        """The same, unless a host turned them away: they have no place any more."""
        entry = self.find(meeting_id, entry_id)
        return entry if entry is not None and entry.state is not WaitingState.REJECTED else None

    def places(self, meeting_id: str) -> tuple[Place, ...]:
        """The connections that wait, longest first."""
        return tuple(self._places[each.id] for each in self.ledger.of(meeting_id) if each.id in self._places)

    def turned_away(self, meeting_id: str, entry_id: str | None, device: str | None) -> WaitingEntry | None:
        """Who was rejected a moment ago, at this place or on the same device."""
        for each in self.ledger.of(meeting_id):
            is_theirs = each.id == entry_id or (device is not None and each.marks.device == device)
            if is_theirs and each.state is WaitingState.REJECTED and self.retry_after_s(each):
                return each
        return None

    def retry_after_s(self, turned_away: WaitingEntry) -> float:
        """Seconds until they may knock again."""
        return max(0.0, (turned_away.decided_at or 0.0) + REJECTED_S - self._clock())

    def request(self, meeting: Meeting, guest_id: str, display_name: str, source: str) -> WaitingEntry:
        """Somebody asks to be let in and will ask what came of it. Raises Refused WAITING_ROOM_FULL."""
        if self.taken(meeting.id, source) >= MOST_WAITING:
            raise Refused(RefusalReason.WAITING_ROOM_FULL)
        entry = WaitingEntry(
            id=secrets.token_urlsafe(9),
            meeting_id=meeting.id,
            display_name=display_name,
            since=self._clock(),
            guest_id=guest_id,
            marks=Marks(source),
            tenant_id=meeting.tenant_id,
        )
        self._begin(entry)
        return entry

    def take(self, entry: WaitingEntry, place: Place) -> None:
        """Somebody waits on a connection: for the first time, or again, then their older connection is replaced."""
        older = self._places.get(entry.id)
        self._places[entry.id] = place
        self._held.pop(entry.id, None)
        if older is not None:
            older.close(EndReason.REPLACED)
        if self.find(entry.meeting_id, entry.id) is None:
            self._begin(entry)
        else:
            self._put(entry)

    def gone(self, place: Place, is_held: bool) -> None:
        """A connection is gone; with `is_held` its place waits for its holder."""
        del self._places[place.waiting_id]
        entry = self.find(place.meeting.id, place.waiting_id)
        assert entry is not None, "a place goes before its entry does"
        if is_held:
            self._held[entry.id] = _Held(entry.meeting_id, self._monotonic() + HELD_S)
        else:
            self._end(entry, "left")

    def admit(self, meeting_id: str, waiting_id: str | None, by: Actor) -> None:
        """By a host: one, or with None all who wait. Raises RequestError `no_such_waiting`, or `full` if somebody whom
        they let in comes in only when somebody leaves.
        """
        entries = self.list(meeting_id) if waiting_id is None else (self._waiting(meeting_id, waiting_id),)
        with self.telling_once():
            for entry in entries:
                self._decide(entry, WaitingState.ACCEPTED, by)
            self.on_accepted(meeting_id)
        if any(entry.id in self._places for entry in entries):
            raise RequestError("full", "The meeting is full; who was let in comes in as soon as somebody leaves.")

    def accept(self, entry: WaitingEntry) -> WaitingEntry:
        """Somebody who asks again and again need not wait any longer, though no host said so."""
        return self._decide(entry, WaitingState.ACCEPTED, None)

    def decline(self, meeting_id: str, waiting_id: str, word: str | None, by: Actor) -> None:
        """By a host. Raises RequestError `no_such_waiting`."""
        entry = self._waiting(meeting_id, waiting_id)
        place = self._places.pop(entry.id, None)
        self._held.pop(entry.id, None)  # it is remembered for `REJECTED_S`, whether they come back or not
        self._media.close(meeting_id, entry.id)
        self._decide(entry, WaitingState.REJECTED, by, word or None)
        if place is not None:
            place.refuse(Refused(RefusalReason.DECLINED, REJECTED_S, word or None))

    def seated(self, entry: WaitingEntry, listener: SeatListener) -> None:
        """They are in, on this connection; what is to be remembered of them is in the book of seats."""
        place = self._places.pop(entry.id, None)
        if place is not None and place.listener is not listener:
            place.close(EndReason.REPLACED)
        elif place is not None:
            place.is_gone = True
        self._end(entry, "admitted")

    def refuse(self, entry: WaitingEntry, refusal: Refused) -> None:
        """They will not be let in any more, though no host said so."""
        place = self._places.pop(entry.id, None)
        self._end(entry, refusal.reason.value)
        if place is not None:
            place.refuse(refusal)

    @contextmanager
    def telling_once(self) -> Iterator[None]:
        """However many come in or go, hosts are told of it once, at the end: else their outbox might overflow."""
        if self._untold is not None:
            yield  # within another
            return
        self._untold = set()
        try:
            yield
        finally:
            untold, self._untold = self._untold, None
            for each in untold:
                self.on_change(each)

    def meeting_changed(self, meeting: Meeting) -> None:
        """Its definition was edited: perhaps nobody needs to wait any more."""
        places = self.places(meeting.id)
        for place in places:
            place.meeting = meeting
        if places:
            self.on_accepted(meeting.id)

    def meeting_over(self, meeting_id: str, reason: EndReason) -> None:
        """Nobody is let in any more; whoever waits is told so."""
        word = RefusalReason.CANCELLED if reason is EndReason.CANCELLED else RefusalReason.ENDED
        for entry in self.ledger.of(meeting_id):
            self.refuse(entry, Refused(word))

    def close_all(self, reason: EndReason) -> None:
        """The server stops; who waits stays remembered."""
        for place in tuple(self._places.values()):
            del self._places[place.waiting_id]
            place.close(reason)

    def restore(self, entries: Iterable[WaitingEntry]) -> None:
        """As the door opens: what storage holds. Who waited on a connection has `HELD_S` to come back."""
        self.ledger.recall(sorted(entries, key=lambda entry: entry.since))
        held_until = self._monotonic() + HELD_S
        for meeting_id in self.meeting_ids:
            for entry in self.ledger.of(meeting_id):
                if entry.guest_id is None and entry.state is not WaitingState.REJECTED:
                    self._held[entry.id] = _Held(meeting_id, held_until)

    def expire(self) -> None:
        """Forget whose time is up: who does not come back, and now and then who waited for a day or was turned away."""
        monotonic = self._monotonic()
        for entry_id, held in tuple(self._held.items()):
            entry = self.find(held.meeting_id, entry_id)
            if entry is not None and monotonic >= held.until:
                self._end(entry, "lost")
        if monotonic >= self._look_at:
            self._look_at = monotonic + LOOK_EVERY_S
            self._forget_old()

    def _forget_old(self) -> None:
        for entry in [entry for meeting_id in self.meeting_ids for entry in self.ledger.of(meeting_id)]:
            is_turned_away = entry.state is WaitingState.REJECTED and entry.guest_id is None
            if is_turned_away and not self.retry_after_s(entry):
                self._end(entry, "declined")
            elif self._clock() >= entry.since + LIVES_S:
                self.refuse(entry, Refused(RefusalReason.HOST_MUST_ADMIT))

    def _waits(self, entry: WaitingEntry) -> bool:
        return entry.state is WaitingState.PENDING or entry.id in self._places

    def _waiting(self, meeting_id: str, waiting_id: str) -> WaitingEntry:
        entry = self.find(meeting_id, waiting_id)
        if entry is None or not self._waits(entry):
            raise RequestError("no_such_waiting", "Nobody waits under this id.")
        return entry

    def _begin(self, entry: WaitingEntry) -> None:
        yields = who_yields(self.list(entry.meeting_id), entry.marks.source)
        if yields is not None:
            self.refuse(yields, Refused(RefusalReason.WAITING_ROOM_FULL))
        self._make_space(entry.meeting_id)
        self._publish(RoomEventKind.WAITING_STARTED, entry)
        self._put(entry)

    def _end(self, entry: WaitingEntry, outcome: str) -> None:
        """Forget an entry, and tell what became of it unless that was told."""
        self._held.pop(entry.id, None)
        self._media.close(entry.meeting_id, entry.id)
        self.ledger.drop(entry)
        if not entry.is_settled:
            self._tell_end(entry, outcome)
        if outcome != "admitted":
            self.on_lost(entry)
        self._changed(entry.meeting_id)

    def _put(self, entry: WaitingEntry) -> None:
        self.ledger.put(entry)
        self._changed(entry.meeting_id)

    def _changed(self, meeting_id: str) -> None:
        if self._untold is None:
            self.on_change(meeting_id)
        else:
            self._untold.add(meeting_id)

    def _make_space(self, meeting_id: str) -> None:
        settled = [entry for entry in self.ledger.of(meeting_id) if not self._waits(entry)]
        if len(settled) >= MOST_SETTLED:
            self._end(settled[0], settled[0].state.value)

    def _decide(
        self, entry: WaitingEntry, state: WaitingState, by: Actor | None, word: str | None = None
    ) -> WaitingEntry:
        decided = entry.decided(state, by, self._clock(), word)
        self._put(decided)
        if decided.is_settled:
            self._tell_end(decided, "admitted" if state is WaitingState.ACCEPTED else "declined")
        return decided

    def _tell_end(self, entry: WaitingEntry, outcome: str) -> None:
        decided = {"by": entry.decided_by, "by_id": entry.decided_by_id}
        self._publish(RoomEventKind.WAITING_ENDED, entry, outcome, **decided)

    def _publish(self, kind: RoomEventKind, entry: WaitingEntry, outcome: str | None = None, **more: Any) -> None:
        data = {"waiting_id": entry.id, "display_name": entry.display_name, "outcome": outcome, **more}
        told = {name: value for name, value in data.items() if value is not None}
        self._events.publish(RoomEvent(kind, entry.meeting_id, None, outcome, entry.tenant_id, told))
