"""What is remembered of seats, for how long, and what storage is told of it."""

from dataclasses import replace

import pytest

from confserver.rooms import seat_book
from confserver.rooms.admission import Role
from confserver.rooms.seat_book import RoomRecord, SeatBook, SeatRecord
from confserver.rooms.seat_tokens import GOOD_FOR_S
from tests.confserver.conftest import Clock

ADA = SeatRecord("a", "m", "Ada", Role.HOST, 0)
BOB = SeatRecord("b", "m", "Bob", Role.GUEST, 1)
LOCKED = RoomRecord("m", is_locked=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> SeatBook:
    return SeatBook(clock.monotonic)


def known(book: SeatBook, *seat_ids: str) -> list[str]:
    return [seat_id for seat_id in seat_ids if book.find("m", seat_id)]


def test_many_changes_of_a_seat_are_one_for_storage(book: SeatBook, clock: Clock) -> None:
    calls: list[None] = []
    book.on_change = lambda: calls.append(None)
    for is_muted in (False, True, False):
        book.note(replace(BOB, is_self_muted=is_muted))
    book.note(ADA)
    book.forget_seat("m", "a")
    book.note_room(LOCKED)
    assert calls
    changes = book.take_changes()
    assert changes is not None
    assert changes.seats == (replace(BOB, updated_at=clock.now),)
    assert (changes.is_all, changes.seat_ids, changes.rooms) == (False, {"a", "b"}, (LOCKED,))
    assert book.take_changes() is None


def test_after_a_failure_everything_is_due_and_churn_costs_nothing(book: SeatBook) -> None:
    book.note(ADA)
    book.note_room(LOCKED)
    assert book.take_changes() is not None
    book.changes_failed()
    for number in range(100):
        book.note(replace(BOB, seat_id=str(number)))
        book.forget_seat("m", str(number))
    assert not book._changed_seats
    changes = book.take_changes()
    assert changes is not None
    assert changes.is_all
    assert [seat.seat_id for seat in changes.seats] == ["a"]
    assert changes.rooms == (LOCKED,)
    assert book.take_changes() is None


def test_the_end_of_a_meeting_is_the_end_of_its_seats_and_its_lock(book: SeatBook) -> None:
    book.note(ADA)
    book.note(replace(BOB, meeting_id="other"))
    book.note_room(LOCKED)
    book.take_changes()
    book.forget_meeting("m")
    assert not book.room("m").is_locked
    assert (book.find("m", "a"), book.find("other", "b") is None) == (None, False)
    changes = book.take_changes()
    assert changes is not None
    assert (changes.seat_ids, changes.meeting_ids, changes.seats, changes.rooms) == ({"a"}, {"m"}, (), ())


def test_a_free_seat_is_forgotten_when_its_token_expires(book: SeatBook, clock: Clock) -> None:
    book.note(ADA)
    book.note(replace(BOB, is_present=False))
    book.note(replace(BOB, seat_id="removed", is_present=False, is_removed=True))
    clock.now += GOOD_FOR_S
    book.forget_expired()
    assert known(book, "a", "b", "removed") == ["a", "b", "removed"]
    clock.now += 1
    book.forget_expired()
    assert known(book, "a", "b", "removed") == ["a"]


def test_what_is_older_than_any_token_is_not_recalled(clock: Clock) -> None:
    book = SeatBook(clock.monotonic)
    old = replace(ADA, updated_at=clock.now - GOOD_FOR_S - 1)
    book.recall([old, replace(BOB, updated_at=clock.now - 60)], [LOCKED])
    assert known(book, "a", "b") == ["b"]
    assert book.room("m").is_locked
    changes = book.take_changes()
    assert changes is not None
    assert (changes.seat_ids, changes.seats) == ({"a"}, ())


def test_a_meeting_remembers_so_many_seats(book: SeatBook, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_book, "MAX_SEATS", 4)
    book.note(ADA)
    book.note(replace(BOB, seat_id="removed", is_present=False, is_removed=True))
    for seat_id in ("first", "second", "third", "fourth"):
        clock.now += 1
        book.note(replace(BOB, seat_id=seat_id, is_present=False))
    assert known(book, "a", "removed", "first", "second", "third", "fourth") == ["a", "removed", "third", "fourth"]
    for seat_id in ("fifth", "sixth", "seventh"):
        book.note(replace(BOB, seat_id=seat_id))
    # Who sits somewhere is never forgotten, and who was removed last of all.
    assert known(book, "a", "removed", "fourth", "fifth", "sixth", "seventh") == ["a", "fifth", "sixth", "seventh"]
    book.note(replace(BOB, seat_id="eighth"))
    assert known(book, "fifth", "sixth", "seventh", "eighth") == ["fifth", "sixth", "seventh", "eighth"]
