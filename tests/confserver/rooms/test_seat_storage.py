"""Seats and rooms survive the server, and a database that cannot be written disturbs no meeting."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from confserver.errors import Unavailable
from confserver.meetings.meeting import Meeting
from confserver.rooms.seat import HOLD_S
from confserver.rooms.seat_book import SeatChanges
from confserver.rooms.seat_rows import SeatRows
from confserver.store import write_behind
from confserver.store.folder import DATABASE
from confserver.store.store import Store
from mixer.params import OpenRoom, RoomParams, SetParticipant
from signaling.commands import GiveFloor, Lock, MakeChairman, Mute, Place, Remove, SetOwn, StopCamera
from signaling.errors import Refused
from signaling.ports import EndReason, LeaveReason, Left, ParticipantView
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House
from tests.confserver.rooms.test_seat_resume import come_back, names, refusal

LIMIT_S = 10.0


async def until_stored(house: House, seats: dict[str, tuple[bool, bool, bool]], locks: dict[str, bool]) -> None:
    """Wait until storage holds that, up to a limit."""
    async with asyncio.timeout(LIMIT_S):
        # Nothing tells when another task has written.
        while (await stored(house), await stored_locks(house)) != (seats, locks):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def written_behind(house: House) -> AsyncIterator[None]:
    house.writer.start()
    try:
        yield
    finally:
        await house.writer.stop()


async def stored(house: House) -> dict[str, tuple[bool, bool, bool]]:
    """By name: present, removed, muted by themselves."""
    seats, _ = await house.services.seats.read()
    return {seat.display_name: (seat.is_present, seat.is_removed, seat.is_self_muted) for seat in seats}


async def stored_locks(house: House) -> dict[str, bool]:
    """By meeting, whether it is locked, of those of which anything is remembered."""
    _, rooms = await house.services.seats.read()
    return {room.meeting_id: room.is_locked for room in rooms}


def views(house: House, meeting: Meeting) -> list[ParticipantView]:
    return [each.view() for each in house.room(meeting).participants.values()]


@contextmanager
def locked_database(path: Path) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


async def test_changes_reach_storage_by_themselves_and_soon(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    async with written_behind(house):
        host, _ = await house.enter(meeting, "Ada", pin="9876")
        bob, _ = await house.enter(meeting)
        cleo, _ = await house.enter(meeting, "Cleo")
        bob.obey(SetOwn(is_muted=True))
        host.obey(Remove(participant_id=cleo.participant_id))
        host.obey(Lock(is_locked=True))

        expected = {"Ada": (True, False, False), "Bob": (True, False, True), "Cleo": (False, True, False)}
        await until_stored(house, expected, {meeting.id: True})


async def test_everybody_is_there_again_after_a_restart(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(admin_pin="9876", room_pin="1234", layout="LAYOUT4")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    bob, _ = await house.enter(meeting, pin="1234", is_muted=True)
    cleo, _ = await house.enter(meeting, "Cleo", pin="1234")
    dan, _ = await house.enter(meeting, "Dan", pin="1234")
    host.obey(Mute(participant_id=cleo.participant_id, is_muted=True))
    host.obey(Remove(participant_id=dan.participant_id))
    host.obey(Lock(is_locked=True))
    before = {each.participant_id: each.params() for each in house.room(meeting).participants.values()}
    house.registry.close_all(EndReason.SHUTDOWN)
    assert await house.writer.flush()

    after = await house.restarted()
    assert names(after, meeting) == ["Ada", "Bob", "Cleo"]
    told = [command for _, command in after.media.told]
    assert told[0] == OpenRoom(RoomParams(meeting.id, cells=4))
    assert [command for command in told if isinstance(command, SetParticipant)] == told[1:]
    again, page = await come_back(after, meeting, bob)
    assert again.welcome.is_resumed
    assert again.welcome.is_locked
    assert [each.is_reconnecting for each in again.welcome.participants] == [True, False, True]
    assert await refusal(after, meeting, seat_token=dan.welcome.seat_token) == "removed"
    assert await refusal(after, meeting, pin="1234") == "locked"
    for seat, name in ((host, "Ada"), (cleo, "Cleo")):
        await come_back(after, meeting, seat, name)
    assert {each.participant_id: each.params() for each in after.room(meeting).participants.values()} == before
    # Whoever comes next comes after them.
    assert (await after.enter(meeting, "Eve", pin="9876"))[0].welcome.role == "host"
    assert [each.order for each in after.room(meeting).participants.values()] == [0, 1, 2, 3]
    assert [type(message).__name__ for message in page.told] == ["Updated", "Updated", "Updated", "Joined"]


async def test_what_hosts_made_of_people_outlives_the_server(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(admin_pin="9876")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    bob, _ = await house.enter(meeting)
    cleo, _ = await house.enter(meeting, "Cleo")
    for command in (
        MakeChairman(participant_id=bob.participant_id),
        StopCamera(participant_id=cleo.participant_id, is_stopped=True),
        GiveFloor(participant_id=cleo.participant_id, has_floor=True),
        Place(participant_id=cleo.participant_id, position=3),
    ):
        house.steer(meeting, command)
    before = views(house, meeting)
    assert await house.writer.flush()
    after = await house.restarted()
    again, _ = await come_back(after, meeting, bob)
    assert (again.welcome.role, again.welcome.spotlight_id) == ("host", bob.participant_id)
    for seat, name in ((host, "Ada"), (cleo, "Cleo")):
        await come_back(after, meeting, seat, name)
    assert views(after, meeting) == before
    # Who is lost before the next start leaves no chair and no spotlight behind.
    after.room(meeting).leave(bob.participant_id, LeaveReason.LOST)
    assert after.room(meeting).state.chairman_id == host.participant_id
    assert await after.writer.flush()
    once_more = await after.restarted()
    assert (once_more.room(meeting).state.chairman_id, once_more.room(meeting).state.spotlight_id) == (
        host.participant_id,
        None,
    )


async def test_who_does_not_come_back_after_a_restart_is_lost(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting()
    ada, _ = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting)
    assert await house.writer.flush()
    after = await house.restarted()
    _, page = await come_back(after, meeting, ada, "Ada")
    door_clock.now += HOLD_S
    after.registry.free_lost(door_clock.now)
    assert page.told[-1] == Left(bob.participant_id, LeaveReason.LOST)
    assert await after.writer.flush()
    once_more = await after.restarted()
    assert names(once_more, meeting) == ["Ada"]
    late, _ = await come_back(once_more, meeting, bob)
    assert (late.participant_id, late.welcome.is_resumed) == (bob.participant_id, False)


async def test_nothing_is_left_of_a_meeting_that_was_ended_or_deleted(house: House) -> None:
    ended, deleted = await house.meeting(), await house.meeting()
    for meeting in (ended, deleted):
        await house.enter(meeting)
        house.steer(meeting, Lock(is_locked=True))
    assert await house.writer.flush()
    house.registry.finish(ended.id, EndReason.ENDED)
    await house.services.meetings.delete(deleted.id)
    # The room does not know yet, and goes on changing.
    house.steer(deleted, Lock(is_locked=False))
    assert await house.writer.flush()
    assert await house.services.seats.read() == ((), ())
    assert (await house.restarted()).registry.meeting_ids == ()


async def test_who_left_is_forgotten(house: House) -> None:
    meeting = await house.meeting()
    bob, _ = await house.enter(meeting)
    assert await house.writer.flush()
    bob.leave()
    assert await house.writer.flush()
    assert await stored(house) == {}


@pytest.fixture
async def hasty_store(tmp_path: Path) -> AsyncIterator[Store]:
    """The same database, given up on at once when it is locked."""
    store = await Store.open(tmp_path / "data", wait_s=0.05)
    yield store
    await store.close()


async def test_a_locked_database_disturbs_no_meeting_and_catches_up(
    house: House, hasty_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_behind, "RETRY_S", 0.01)
    house.writer = write_behind.WriteBehind(house.book, SeatRows(hasty_store), "seats")
    meeting = await house.meeting(admin_pin="9876")
    async with written_behind(house):
        host, _ = await house.enter(meeting, "Ada", pin="9876")
        bob, _ = await house.enter(meeting)
        with locked_database(tmp_path / "data" / DATABASE):
            assert not await house.writer.flush()
            bob.obey(SetOwn(is_muted=True))
            await house.enter(meeting, "Cleo")
            dan, _ = await house.enter(meeting, "Dan")
            dan.leave()
            host.obey(Lock(is_locked=True))
            assert names(house, meeting) == ["Ada", "Bob", "Cleo"]
        expected = {"Ada": (True, False, False), "Bob": (True, False, True), "Cleo": (True, False, False)}
        await until_stored(house, expected, {meeting.id: True})


@pytest.mark.parametrize("failure", [Unavailable("The disk is full.", 5.0), ZeroDivisionError()])
async def test_whatever_keeps_seats_from_being_stored_they_are_stored_in_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    monkeypatch.setattr(write_behind, "RETRY_S", 0.01)
    meeting = await house.meeting()
    write, attempts = house.services.seats.write, 0

    async def fail_at_first(changes: SeatChanges) -> None:
        nonlocal attempts
        attempts += 1
        if attempts <= 3:
            raise failure
        await write(changes)

    monkeypatch.setattr(house.services.seats, "write", fail_at_first)
    async with written_behind(house):
        bob, _ = await house.enter(meeting)
        bob.obey(SetOwn(is_muted=True))
        await until_stored(house, {"Bob": (True, False, True)}, {})


async def test_while_the_database_cannot_be_read_the_door_says_when_to_try_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(access_key: str) -> None:
        raise Unavailable("The server cannot use its database at this moment.", 5.0)

    meeting = await house.meeting()
    monkeypatch.setattr(house.services.meetings, "by_access_key", fail)
    with pytest.raises(Refused) as caught:
        await house.enter(meeting)
    assert (caught.value.reason.value, caught.value.retry_after_s) == ("unavailable", 5.0)
