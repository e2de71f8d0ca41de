"""What happens is stored before it is told, told to everybody once and in order, and summed up in call records."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from confserver.auth.identity import User
from confserver.config import EventsSettings
from confserver.errors import Unavailable
from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.meeting import Meeting
from confserver.services import Services
from confserver.store.models import EventRow
from confserver.stream import tail
from confserver.stream.call_rows import CallQuery
from confserver.stream.calls import About, CallRecord, Calls
from confserver.stream.event import Scope
from confserver.stream.follow import Follower
from confserver.stream.stream import Stream


class Happenings:
    """A stream, and a way to let things happen in one meeting."""

    def __init__(self, services: Services, meeting: Meeting) -> None:
        self.events = RoomEvents()
        self.meeting = meeting
        self.scope = Scope(meeting.tenant_id)
        self.services = services
        self.stream = Stream(services.store, self.events, EventsSettings())

    def happen(self, kind: RoomEventKind, who: str | None = None, detail: str | None = None, **data: str) -> None:
        self.events.publish(RoomEvent(kind, self.meeting.id, who, detail, self.meeting.tenant_id, data))

    async def several(self, count: int) -> None:
        for _ in range(count):
            self.happen(RoomEventKind.REACTION, "p")
        await self.stream.flush()

    async def records(self) -> list[CallRecord]:
        await self.stream.flush()
        return list((await self.stream.records.page(CallQuery(self.meeting.tenant_id), 0, 100))[1])


@pytest.fixture
async def happenings(services: Services, owner: User) -> AsyncIterator[Happenings]:
    wanted = {"subject": "Weekly", "mode": "VIDEO", "timezone": "Europe/Berlin"}
    meeting = await services.meetings.create(owner, MeetingDefinition.model_validate(wanted))
    happenings = Happenings(services, meeting)
    await happenings.stream.begin()
    yield happenings
    await happenings.stream.stop()


async def read(follower: Follower, up_to: int) -> list[int]:
    numbers: list[int] = []
    async with asyncio.timeout(10):
        while follower.reached < up_to:
            numbers += [event.number for event in await follower.next()]
    return numbers


async def test_who_follows_hears_what_is_stored_once_and_in_order(happenings: Happenings) -> None:
    live = happenings.stream.follow(happenings.scope, None)
    await happenings.several(5)
    from_the_start = happenings.stream.follow(happenings.scope, 0)
    assert await read(live, 5) == [1, 2, 3, 4, 5]
    assert await read(from_the_start, 5) == [1, 2, 3, 4, 5]


async def test_who_fell_behind_the_tail_reads_on_in_the_database(
    happenings: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confserver.stream.follow.PAGE", 7)
    slow = happenings.stream.follow(happenings.scope, 0)
    await happenings.several(20)
    happenings.stream._tails.of(happenings.scope.tenant_id)._events.clear()
    assert await read(slow, 20) == list(range(1, 21))
    await happenings.several(1)
    assert await read(slow, 21) == [21]


async def test_somebody_elses_meetings_are_passed_over(happenings: Happenings, owner: User) -> None:
    nobody = happenings.stream.follow(Scope(happenings.scope.tenant_id, "somebody else"), 0)
    mine = happenings.stream.follow(Scope(happenings.scope.tenant_id, owner.id), 0)
    await happenings.several(3)
    assert await read(nobody, 3) == []
    assert await read(mine, 3) == [1, 2, 3]


async def test_an_owner_hears_that_their_meeting_is_gone_though_it_is(happenings: Happenings, owner: User) -> None:
    mine = Scope(happenings.scope.tenant_id, owner.id)
    happenings.services.meetings.on_event = happenings.events.publish
    await happenings.services.meetings.update(happenings.meeting.id, {"subject": "Monthly"})
    await happenings.services.meetings.delete(happenings.meeting.id)
    happenings.happen(RoomEventKind.ROOM_CLOSED)
    await happenings.stream.flush()
    told = await happenings.stream.page(mine, 0, 10)
    assert [event.kind for event in told] == ["meeting.changed", "meeting.deleted", "room.closed"]


async def test_nobody_is_told_what_was_not_stored(happenings: Happenings, monkeypatch: pytest.MonkeyPatch) -> None:
    follower = happenings.stream.follow(happenings.scope, 0)

    async def fail(*_: object) -> None:
        raise Unavailable("The database is locked.", 1.0)

    with monkeypatch.context() as broken:
        broken.setattr("confserver.stream.recorder.add_events", fail)
        happenings.happen(RoomEventKind.ROOM_OPENED)
        await happenings.stream.flush()
        assert happenings.stream.head(happenings.scope.tenant_id) == 0
    await happenings.stream.flush()
    assert await read(follower, 1) == [1]


async def test_numbers_go_on_after_a_restart_though_old_events_were_forgotten(happenings: Happenings) -> None:
    await happenings.several(3)
    while await happenings.stream._rows.forget(2e10, 1000):
        pass
    assert await happenings.stream.page(happenings.scope, 0, 10) == ()
    after = Happenings(happenings.services, happenings.meeting)
    await after.stream.begin()
    await after.several(1)
    assert [event.number for event in await after.stream.page(after.scope, 0, 10)] == [4]
    await after.stream.stop()


async def test_the_most_that_are_kept(happenings: Happenings) -> None:
    await happenings.several(10)
    await happenings.stream._rows.forget(0.0, 4)
    assert [event.number for event in await happenings.stream.page(happenings.scope, 0, 10)] == [7, 8, 9, 10]


async def test_call_records_are_made_as_it_happens_and_the_stored_stream_gives_the_same(happenings: Happenings) -> None:
    happenings.happen(RoomEventKind.ROOM_OPENED)
    happenings.happen(RoomEventKind.PARTICIPANT_JOINED, "a", "host", display_name="Ada", role="host", via="browser")
    happenings.happen(RoomEventKind.PARTICIPANT_JOINED, "b", "guest", display_name="Bob", role="guest", via="browser")
    assert {record.ended_at for record in await happenings.records()} == {None}
    happenings.happen(RoomEventKind.PARTICIPANT_LEFT, "b", "left")
    happenings.happen(RoomEventKind.PARTICIPANT_LEFT, "a", "left")
    happenings.happen(RoomEventKind.ROOM_CLOSED, None, "ended")
    stored = await happenings.records()
    assert sorted((record.kind, record.display_name, record.reason) for record in stored if record.display_name) == [
        ("LEG", "Ada", "left"),
        ("LEG", "Bob", "left"),
    ]
    calls, again = Calls(), dict[int, CallRecord]()
    meeting = happenings.meeting
    about = {meeting.id: About(meeting.owner_id, meeting.subject, meeting.extension_number)}
    for event in await happenings.stream.page(happenings.scope, 0, 100):
        again |= {record.first_event: record for record in calls.hear(event, about)}
    assert {record.first_event: record for record in stored} == again


async def test_legs_that_a_crash_cut_off_end_with_the_last_that_was_heard(happenings: Happenings) -> None:
    happenings.happen(RoomEventKind.ROOM_OPENED)
    happenings.happen(RoomEventKind.PARTICIPANT_JOINED, "a", "host", display_name="Ada")
    await happenings.stream.flush()
    after = Happenings(happenings.services, happenings.meeting)
    await after.stream.begin()
    await after.stream.settle(lambda meeting_id: False)
    newest = select(EventRow.at).order_by(EventRow.number.desc()).limit(1)
    last = await happenings.services.store.read(lambda reading: reading.scalar(newest))
    ended = [(record.reason, record.ended_at) for record in await after.records()]
    assert ended == [("interrupted", pytest.approx(last, abs=1e-5))] * 2
    await after.stream.stop()


def test_the_tail_is_bounded() -> None:
    from confserver.stream.event import StreamEvent

    newest = tail.Tail(0)
    for number in range(1, tail.MOST_KEPT + 11):
        newest.append(StreamEvent("t", number, "k", "m", 0.0))
    assert newest.after(9) is None
    assert [event.number for event in newest.after(tail.MOST_KEPT + 9) or ()] == [tail.MOST_KEPT + 10]
