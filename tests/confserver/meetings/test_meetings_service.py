"""Stored meetings below HTTP: ways to find one, what lies in the database, and changes from another process."""

import asyncio
from pathlib import Path

import pytest

from confserver.auth.identity import User
from confserver.errors import Conflict, NotFound
from confserver.events import RoomEvent
from confserver.meetings.definition import MeetingDefinition
from confserver.rooms.changes import Changes
from confserver.rooms.live import LiveParticipant
from confserver.services import Services
from tests.confserver.conftest import WEEKLY, FakeRooms

ADA = LiveParticipant("p1", "Ada", muted=False, chairman=True)


def definition(**fields: object) -> MeetingDefinition:
    return MeetingDefinition.model_validate({**WEEKLY, **fields})


async def test_a_meeting_is_found_by_id_key_and_extension(services: Services, owner: User) -> None:
    made = await services.meetings.create(owner, definition(room_pin="4711"))
    meetings = services.meetings
    found = [
        await meetings.by_id(made.id),
        await meetings.by_access_key(made.access_key),
        await meetings.by_extension(made.extension_number),
    ]
    assert found == [made] * 3
    assert made.room_pin == "4711"
    assert await meetings.by_access_key(made.id) is None


async def test_pins_are_sealed_in_the_database_and_not_in_log_lines(
    services: Services, owner: User, tmp_path: Path
) -> None:
    meeting = await services.meetings.create(owner, definition(room_pin="471147", admin_pin="081508"))
    stored = b"".join(file.read_bytes() for file in (tmp_path / "data").glob("confserver*"))
    assert b"Weekly" in stored
    for pin in ("471147", "081508"):
        assert pin.encode() not in stored
        assert pin not in repr(meeting)
    assert meeting.access_key not in repr(meeting)


async def test_many_at_once_get_numbers_of_their_own(services: Services, owner: User) -> None:
    made = await asyncio.gather(*(services.meetings.create(owner, definition()) for _ in range(10)))
    assert len({meeting.extension_number for meeting in made}) == 10


async def test_what_is_not_there_cannot_be_changed(services: Services) -> None:
    with pytest.raises(NotFound):
        await services.meetings.update("nothing", {"subject": "x"})
    with pytest.raises(NotFound):
        await services.meetings.delete("nothing")


async def test_changes_at_the_same_moment_do_not_undo_each_other(services: Services, owner: User) -> None:
    made = await services.meetings.create(owner, definition())
    wanted: list[dict[str, object]] = [{"capacity": 7}, {"subject": "Other"}, {"framerate": 7}]
    outcomes = await asyncio.gather(
        *(services.meetings.update(made.id, change) for change in wanted), return_exceptions=True
    )
    now = await services.meetings.by_id(made.id)
    assert now is not None
    for change, outcome in zip(wanted, outcomes, strict=True):
        assert isinstance(outcome, Conflict) or change.items() <= now.definition().items()
    assert now.revision == made.revision + sum(not isinstance(outcome, Conflict) for outcome in outcomes)


async def test_rooms_hear_of_what_another_process_did(services: Services, owner: User) -> None:
    kept, changed, gone = [await services.meetings.create(owner, definition()) for _ in range(3)]
    rooms = FakeRooms({meeting.id: [ADA] for meeting in (kept, changed, gone)})
    changes = Changes(services.meetings, rooms)
    await changes.apply()
    assert rooms.told == []
    await services.meetings.update(changed.id, {"subject": "Other"})
    await services.meetings.delete(gone.id)
    await changes.apply()
    assert rooms.told == [("end", gone.id, "deleted"), ("changed", changed.id, "Other")]
    del rooms.people[gone.id]
    await changes.apply()
    assert len(rooms.told) == 2


async def test_what_becomes_of_definitions_is_told_without_their_secrets(services: Services, owner: User) -> None:
    told: list[RoomEvent] = []
    services.meetings.on_event = told.append
    made = await services.meetings.create(owner, definition(room_pin="471147"))
    await services.meetings.update(made.id, {"room_pin": "471148", "subject": "Weekly"})
    await services.meetings.update(made.id, {"subject": "Weekly"})
    await services.meetings.delete(made.id)
    assert [event.kind.value for event in told] == ["meeting.created", "meeting.changed", "meeting.deleted"]
    assert told[1].data["changed"] == ["room_pin"]
    assert {event.tenant_id for event in told} == {owner.tenant.id}
    assert "47114" not in str(told)
