"""What is remembered of seats and rooms beyond a connection, and beyond the process: the memory, not its storage.

It is authoritative while the server runs; `write_behind` carries its changes to the database. It decides nothing about
who may come back (`admission`) and holds no one's connection.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from confserver.rooms.seat_tokens import GOOD_FOR_S

MAX_SEATS = 1_000
"""For each meeting; of more, the one that was free longest goes first."""


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """A seat as it is remembered. `updated_at`: Unix seconds, set by the book.

    `is_present`: somebody holds it, connected or not; `is_removed`: a host showed them the door. `has_floor`: it was
    given to them; `is_verified`: a login or a named token says that this is their name.
    """

    seat_id: str
    meeting_id: str
    display_name: str
    role: Role
    order: int
    is_self_muted: bool = False
    is_muted_by_host: bool = False
    is_camera_stopped: bool = False
    has_floor: bool = False
    is_verified: bool = False
    marks: Marks = field(default_factory=Marks, repr=False)
    position: int | None = None
    is_present: bool = True
    is_removed: bool = False
    updated_at: float = 0.0


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """What hosts have made of a meeting's room, which may be empty; the ids are those of seats.

    `is_locked_ahead`: it was locked while nobody was in, so for those who come next.
    """

    meeting_id: str
    is_locked: bool = False
    chairman_id: str | None = None
    is_chair_given: bool = False
    spotlight_id: str | None = None
    is_locked_ahead: bool = False


@dataclass(frozen=True, slots=True)
class SeatChanges:
    """What storage must learn: of these ids it is to hold what is given here and nothing else.

    `is_all`: of all ids.
    """

    is_all: bool
    seat_ids: frozenset[str]
    seats: tuple[SeatRecord, ...]
    meeting_ids: frozenset[str]
    rooms: tuple[RoomRecord, ...]


class SeatBook:
    """Seats and rooms by meeting. `on_change` is called after each change; `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._seats: dict[str, dict[str, SeatRecord]] = {}
        self._rooms: dict[str, RoomRecord] = {}
        self._changed_seats: dict[str, str] = {}
        self._changed_rooms: set[str] = set()
        self._is_all_changed = False

    def find(self, meeting_id: str, seat_id: str) -> SeatRecord | None:
        """The seat, if it is remembered."""
        return self._seats.get(meeting_id, {}).get(seat_id)

    def present(self) -> Mapping[str, tuple[SeatRecord, ...]]:
        """By meeting, the seats that somebody holds, in the order in which they came."""
        held = {
            meeting_id: tuple(sorted((seat for seat in seats.values() if seat.is_present), key=lambda seat: seat.order))
            for meeting_id, seats in self._seats.items()
        }
        return {meeting_id: seats for meeting_id, seats in held.items() if seats}

    def note(self, seat: SeatRecord) -> None:
        """Remember a seat as it is now."""
        seats = self._seats.setdefault(seat.meeting_id, {})
        if seat.seat_id not in seats and len(seats) >= MAX_SEATS:
            self._make_space(seats)
        seats[seat.seat_id] = replace(seat, updated_at=self._clock())
        self._seat_changed(seat.meeting_id, seat.seat_id)

    def forget_seat(self, meeting_id: str, seat_id: str) -> None:
        """Its holder has left for good; without effect if it is not remembered."""
        seats = self._seats.get(meeting_id, {})
        if seats.pop(seat_id, None) is not None:
            self._seat_changed(meeting_id, seat_id)
            if not seats:
                del self._seats[meeting_id]

    def forget_meeting(self, meeting_id: str) -> None:
        """The meeting is over: its seats and its room were for those who were in."""
        for seat_id in tuple(self._seats.get(meeting_id, ())):
            self.forget_seat(meeting_id, seat_id)
        if self._rooms.pop(meeting_id, None) is not None:
            self._room_changed(meeting_id)

    def forget_expired(self) -> None:
        """Free seats that no token leads to any more, and removals that no token could get around."""
        oldest = self._clock() - GOOD_FOR_S
        for meeting_id, seats in tuple(self._seats.items()):
            for seat in tuple(seats.values()):
                if not seat.is_present and seat.updated_at < oldest:
                    self.forget_seat(meeting_id, seat.seat_id)

    def room(self, meeting_id: str) -> RoomRecord:
        """How a meeting's room is, or was when it was left."""
        return self._rooms.get(meeting_id) or RoomRecord(meeting_id)

    def note_room(self, room: RoomRecord) -> None:
        """Remember a room as it is now."""
        self._rooms[room.meeting_id] = room
        self._room_changed(room.meeting_id)

    def recall(self, seats: Iterable[SeatRecord], rooms: Iterable[RoomRecord]) -> None:
        """At the start: what storage holds. Seats older than their tokens are left out."""
        oldest = self._clock() - GOOD_FOR_S
        for seat in seats:
            if seat.updated_at >= oldest:
                self._seats.setdefault(seat.meeting_id, {})[seat.seat_id] = seat
            else:
                self._seat_changed(seat.meeting_id, seat.seat_id)
        self._rooms.update((room.meeting_id, room) for room in rooms)

    def take_changes(self) -> SeatChanges | None:
        """What has changed since it was asked last; None for nothing."""
        if not (self._is_all_changed or self._changed_seats or self._changed_rooms):
            return None
        changes = self._everything() if self._is_all_changed else self._changes()
        self._changed_seats.clear()
        self._changed_rooms.clear()
        self._is_all_changed = False
        return changes

    def changes_failed(self) -> None:
        """What was taken last did not reach storage: what it holds is anybody's guess, so everything is due.

        So the memory of what is due stays small, however long storage is gone.
        """
        self._is_all_changed = True
        self.on_change()

    def _changes(self) -> SeatChanges:
        seats = (self.find(meeting_id, seat_id) for seat_id, meeting_id in self._changed_seats.items())
        return SeatChanges(
            is_all=False,
            seat_ids=frozenset(self._changed_seats),
            seats=tuple(seat for seat in seats if seat is not None),
            meeting_ids=frozenset(self._changed_rooms),
            rooms=tuple(self._rooms[each] for each in self._changed_rooms if each in self._rooms),
        )

    def _everything(self) -> SeatChanges:
        seats = tuple(seat for seats in self._seats.values() for seat in seats.values())
        return SeatChanges(True, frozenset(), seats, frozenset(), tuple(self._rooms.values()))

    def _make_space(self, seats: dict[str, SeatRecord]) -> None:
        free = [seat for seat in seats.values() if not seat.is_present]
        if free:
            oldest = min(free, key=lambda seat: (seat.is_removed, seat.updated_at))
            self.forget_seat(oldest.meeting_id, oldest.seat_id)

    def _seat_changed(self, meeting_id: str, seat_id: str) -> None:
        if not self._is_all_changed:
            self._changed_seats[seat_id] = meeting_id
        self.on_change()

    def _room_changed(self, meeting_id: str) -> None:
        if not self._is_all_changed:
            self._changed_rooms.add(meeting_id)
        self.on_change()
