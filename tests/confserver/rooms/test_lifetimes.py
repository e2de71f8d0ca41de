"""Meetings begin and end by themselves: what those who are in are told, what is published, and what a restart keeps."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

import pytest

from confserver.errors import Conflict, Unavailable
from confserver.events import RoomEventKind
from confserver.meetings.life import OVER_AFTER_S
from confserver.meetings.lifecycle import Cause, MeetingState
from confserver.meetings.meeting import Meeting
from confserver.rooms.lifetimes import LOOK_EVERY_S
from confserver.rooms.recall import Recall
from confserver.rooms.watched import Now
from signaling.commands import Lock, Remove
from signaling.errors import Refused
from signaling.ports import EndingSoon, EndReason
from tests.confserver.rooms.house import House, Page

BOBS, ADAS = "b" * 16, "203.0.113.1"
"""His device, her address."""
NINE = datetime(2027, 5, 3, 9, tzinfo=UTC)


@dataclass
class Clocks:
    """Both clocks of `Lifetimes`, moved by hand: together, or only the one on the wall."""

    wall: float = NINE.timestamp() - 3600
    mono: float = 5_000.0

    def __call__(self) -> Now:
        return Now(self.wall, self.mono)

    def pass_s(self, seconds: float) -> None:
        self.wall += seconds
        self.mono += seconds


class Days:
    """A house whose days are short."""

    def __init__(self, house: House, clocks: Clocks) -> None:
        self.house = house
        self.clocks = clocks
        house.lifetimes._clocks = clocks
        house.services.meetings.on_event = house.events.publish

    async def until(self, seconds: float) -> None:
        """Lets so many seconds pass, as the running server would: it looks when it said it would, at the latest."""
        end = self.clocks.mono + seconds
        pause_s = await self._step()
        while self.clocks.mono < end:
            self.clocks.pass_s(min(max(pause_s, 0.001), end - self.clocks.mono))
            pause_s = await self._step()

    async def _step(self) -> float:
        pause_s = await self.house.lifetimes.step()
        await self.house.lives_writer.flush()
        return pause_s

    async def state(self, meeting: Meeting) -> MeetingState:
        """As somebody at the door would find it."""
        found = await self.house.services.meetings.by_id(meeting.id)
        assert found is not None
        return self.house.lifetimes.state_of(found)

    def states(self, meeting: Meeting) -> list[str | None]:
        """What was published of it."""
        told = self.house.published
        is_state = RoomEventKind.MEETING_STATE
        return [event.detail for event in told if event.kind is is_state and event.meeting_id == meeting.id]


@pytest.fixture
def days(house: House) -> Days:
    return Days(house, Clocks())


def at_nine(**fields: Any) -> dict[str, Any]:
    return {"scheduled_start_at": NINE, "scheduled_end_at": NINE + timedelta(hours=1), "timezone": "UTC", **fields}


def told(page: Page) -> list[EndingSoon]:
    return [message for message in page.told if isinstance(message, EndingSoon)]


async def test_a_meeting_ends_at_its_scheduled_end_and_those_who_are_in_are_warned(days: Days) -> None:
    meeting = await days.house.meeting(**at_nine())
    assert await days.state(meeting) is MeetingState.SCHEDULED
    await days.until(3600)
    assert await days.state(meeting) is MeetingState.READY
    _, page = await days.house.enter(meeting)
    await days.until(3599)
    assert told(page) == [EndingSoon(300, "scheduled_end"), EndingSoon(60, "scheduled_end")]
    assert page.ended is None
    await days.until(1)
    assert page.ended is EndReason.TIME_UP
    assert days.states(meeting) == ["SCHEDULED", "READY", "RUNNING", "ENDED"]
    assert await days.state(meeting) is MeetingState.ENDED


async def test_nobody_hears_of_an_end_before_what_led_to_it(days: Days) -> None:
    meeting = await days.house.meeting(close_on_nobody=True)
    seat, _ = await days.house.enter(meeting)
    seat.leave()
    assert await days.state(meeting) is MeetingState.ENDED, "at once: nobody slips in"
    await days.until(0)
    kinds = [event.kind for event in days.house.published]
    assert kinds.index(RoomEventKind.PARTICIPANT_LEFT) < kinds.index(RoomEventKind.ROOM_CLOSED)
    assert days.states(meeting)[-1] == "ENDED"


async def test_no_show(days: Days) -> None:
    expiring, patient = await days.house.meeting(**at_nine()), await days.house.meeting(**at_nine(no_show_close=None))
    await days.until(3600 + 1799)
    assert await days.state(expiring) is MeetingState.READY
    await days.until(1)
    assert await days.state(expiring) is MeetingState.EXPIRED
    assert await days.state(patient) is MeetingState.READY


async def test_the_last_host_ends_it_by_going_and_a_reload_does_not(days: Days) -> None:
    meeting = await days.house.meeting(end_with_last_host=True, admin_pin="9876")
    host, _ = await days.house.enter(meeting, "Ada", pin="9876")
    other, _ = await days.house.enter(meeting, "Eve", pin="9876")
    _, guest = await days.house.enter(meeting)
    other.leave()
    host.disconnect(is_going_away=True)
    await days.until(1)
    assert guest.ended is None
    days.house.registry.free_lost(inf)
    await days.until(0)
    assert guest.ended is EndReason.HOST_LEFT
    assert await days.state(meeting) is MeetingState.READY


async def test_the_longest_duration_is_measured_by_the_clock_that_nobody_sets(days: Days) -> None:
    meeting = await days.house.meeting(max_duration=10)
    _, page = await days.house.enter(meeting)
    days.clocks.wall -= 86_400
    await days.until(300)
    assert told(page) == [EndingSoon(300, "max_duration")]
    days.clocks.wall += 2 * 86_400
    await days.until(299)
    assert page.ended is None
    await days.until(1)
    assert page.ended is EndReason.TIME_UP


async def test_the_wall_clock_is_set(days: Days) -> None:
    meeting = await days.house.meeting(**at_nine(recurrence="FREQ=DAILY;COUNT=3"))
    await days.until(3600)
    _, page = await days.house.enter(meeting)
    days.clocks.wall += 3600
    await days.until(LOOK_EVERY_S)
    assert page.ended is EndReason.TIME_UP
    days.clocks.wall -= 7200
    await days.until(7200)
    assert days.states(meeting) == ["SCHEDULED", "READY", "RUNNING", "SCHEDULED"], "it ended once"
    days.clocks.wall += 30 * 86_400
    await days.until(LOOK_EVERY_S)
    assert await days.state(meeting) is MeetingState.EXPIRED


async def test_a_meeting_is_purged_with_everybody_in_it(days: Days) -> None:
    meeting = await days.house.meeting(purge_at=NINE)
    _, page = await days.house.enter(meeting)
    await days.until(3600)
    assert page.ended is EndReason.DELETED
    assert await days.house.services.meetings.by_id(meeting.id) is None
    await days.until(60)
    deleted = [event.data for event in days.house.published if event.kind is RoomEventKind.MEETING_DELETED]
    assert [data["reason"] for data in deleted] == ["purge_due"]


async def test_what_cannot_be_deleted_now_is_deleted_later(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = await days.house.meeting(purge_at=NINE)
    await days.until(3599)
    delete, tries = days.house.services.meetings.delete, []

    async def fail_once(meeting_id: str, reason: str) -> None:
        tries.append(meeting_id)
        if len(tries) == 1:
            raise Unavailable("The database is locked.", 1.0)
        await delete(meeting_id, reason)

    monkeypatch.setattr(days.house.services.meetings, "delete", fail_once)
    await days.until(1)
    assert await days.house.services.meetings.by_id(meeting.id) is not None
    await days.until(10)
    assert await days.house.services.meetings.by_id(meeting.id) is None


async def test_a_host_cancels_and_reschedules_with_a_word(days: Days) -> None:
    meeting = await days.house.meeting(**at_nine())
    _, page = await days.house.enter(meeting)
    lifetimes = days.house.lifetimes
    with pytest.raises(Conflict, match="RUNNING"):
        lifetimes.check(meeting, Cause.RESCHEDULE)
    await lifetimes.wish(meeting, Cause.CANCEL, "The speaker is ill")
    assert page.ended is EndReason.CANCELLED
    for cause in (Cause.START, Cause.STOP, Cause.CANCEL):
        with pytest.raises(Conflict, match="CANCELLED"):
            await lifetimes.wish(meeting, cause)
    changes = {"scheduled_start_at": NINE + timedelta(days=1), "scheduled_end_at": NINE + timedelta(days=1, hours=1)}
    moved = await days.house.services.meetings.update(meeting.id, changes)
    assert lifetimes.state_of(moved) is MeetingState.CANCELLED
    life = await lifetimes.wish(moved, Cause.RESCHEDULE, "She is well again")
    assert (life.state, life.reason) == (MeetingState.SCHEDULED, "She is well again")
    told = [event.data for event in days.house.published if event.kind is RoomEventKind.MEETING_STATE]
    assert [(each["cause"], each["reason"]) for each in told[-2:]] == [
        ("cancel", "The speaker is ill"),
        ("reschedule", "She is well again"),
    ]


async def test_a_tenant_runs_so_many_meetings_at_once_and_no_more(days: Days) -> None:
    house = days.house
    meetings = [await house.meeting() for _ in range(4)]
    seats = [(await house.enter(meeting))[0] for meeting in meetings[:3]]
    assert not house.lifetimes.may_open(meetings[3])
    assert house.lifetimes.may_open(meetings[3].model_copy(update={"tenant_max_online": 4}))
    assert not house.lifetimes.may_open(meetings[3].model_copy(update={"tenant_max_online": 0}))
    assert house.lifetimes.may_open(meetings[3].model_copy(update={"tenant_id": "another"}))
    seats[0].leave()
    assert house.lifetimes.may_open(meetings[3])


async def restarted(days: Days, down_s: float) -> Days:
    """The same house after so many seconds without a server, as it comes up again."""
    await days.house.writer.flush()
    await days.house.lives_writer.flush()
    house = House(days.house.services, days.house.owner)
    house.book._clock = days.house.book._clock
    # Of the other clock nobody knows where it begins after a reboot.
    after = Days(house, Clocks(days.clocks.wall + down_s, 17.0))
    stored = house.services
    recall = Recall(stored.meetings, house.rooms, stored.seats, stored.waiting, stored.bans)
    await recall.read()
    await house.lifetimes.read()
    recall.restore()
    house.lifetimes.go_on()
    return after


async def test_a_restart_forgets_neither_state_nor_how_long_it_has_run(days: Days) -> None:
    meeting = await days.house.meeting(max_duration=10)
    await days.house.enter(meeting)
    await days.until(60)
    after = await restarted(days, down_s=30)
    assert await after.state(meeting) is MeetingState.RUNNING
    await after.until(509)
    assert after.house.registry.find(meeting.id) is not None
    await after.until(1)
    assert after.house.registry.find(meeting.id) is None


async def test_what_ended_while_the_server_was_down_has_ended(days: Days) -> None:
    meeting, left = await days.house.meeting(**at_nine()), await days.house.meeting()
    seat, _ = await days.house.enter(left)
    await days.house.enter(meeting)
    await days.until(1)
    seat.leave()
    days.house.lifetimes.book.take_changes()  # the last word on it is lost in a crash
    after = await restarted(days, down_s=3 * 3600)
    await after.until(0)
    assert after.house.registry.find(meeting.id) is None
    assert await after.state(meeting) is MeetingState.ENDED
    assert await after.state(left) is MeetingState.READY


async def test_another_process_changes_the_schedule(days: Days) -> None:
    meeting = await days.house.meeting(**at_nine())
    await days.until(1800)
    await days.house.services.meetings.update(meeting.id, {"scheduled_start_at": NINE - timedelta(minutes=20)})
    await days.until(600 + LOOK_EVERY_S)
    assert days.states(meeting) == ["SCHEDULED", "READY"]


async def test_far_ahead_nothing_is_kept_in_memory(days: Days) -> None:
    meetings = [await days.house.meeting(**at_nine()) for _ in range(5)]
    await days.until(200)
    assert not days.house.lifetimes._watched
    await days.until(3400)
    assert {await days.state(meeting) for meeting in meetings} == {MeetingState.READY}
    assert len(days.house.lifetimes._watched) == 5


async def test_while_the_database_is_gone_meetings_end_in_their_time(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = await days.house.meeting(**at_nine())
    _, page = await days.house.enter(meeting)

    async def fail(*_: object) -> None:
        raise Unavailable("The database is locked.", 1.0)

    monkeypatch.setattr(days.house.services.meetings, "by_id", fail)
    monkeypatch.setattr(days.house.lifetimes._rows, "due_before", fail)
    await days.until(7200)
    assert page.ended is EndReason.TIME_UP


async def test_a_personal_room_never_ends(days: Days) -> None:
    meeting = await days.house.services.meetings.personal_room(days.house.owner)
    seat, _ = await days.house.enter(meeting)
    await days.until(1)
    seat.leave()
    await days.until(100)
    assert await days.state(meeting) is MeetingState.READY


async def test_a_started_meeting_lets_guests_in_until_it_is_ended(days: Days) -> None:
    house, meeting = days.house, await days.house.meeting(start_by="HOST")
    early = await house.knock(meeting, "Early")
    assert house.door.preview(meeting) == "not_started"
    await house.lifetimes.wish(meeting, Cause.START)
    house.door.tend()
    assert early.seat is not None, "who waited already comes in at that moment"
    assert house.door.preview(meeting) == "open"
    early.seat.leave()
    late, _ = await house.enter(meeting, "Late")
    late.leave()
    await house.lifetimes.wish(meeting, Cause.STOP)
    with pytest.raises(Refused):
        await house.knock(meeting, "Later")


async def test_a_meeting_that_its_host_left_can_be_started_for_those_who_wait(days: Days) -> None:
    house, meeting = days.house, await days.house.meeting(start_by="HOST", admin_pin="9876")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    await house.enter(meeting, "Bob")
    host.leave()
    late = await house.knock(meeting, "Late")
    house.door.tend()
    assert late.seat is None
    await house.lifetimes.wish(meeting, Cause.START)
    house.door.tend()
    assert late.seat is not None


async def test_a_restart_forgets_no_start(days: Days) -> None:
    meeting = await days.house.meeting(start_by="HOST")
    await days.house.lifetimes.wish(meeting, Cause.START)
    after = await restarted(days, down_s=5)
    found = await after.house.services.meetings.by_id(meeting.id)
    assert found is not None
    after.house.door.is_open = True
    await after.house.enter(found)


async def one_was_removed(days: Days, **fields: Any) -> Meeting:
    """A locked meeting that everybody has left, and that a host had removed Bob from."""
    meeting = await days.house.meeting(admin_pin="9876", **fields)
    host, _ = await days.house.enter(meeting, "Ada", pin="9876", source=ADAS)
    bob, _ = await days.house.enter(meeting, "Bob", device=BOBS)
    days.house.steer(meeting, Remove(participant_id=bob.participant_id))
    days.house.steer(meeting, Lock(is_locked=True))
    await days.until(1)
    host.leave()
    return meeting


async def bobs_answer(house: House, meeting: Meeting) -> str:
    """What Bob is told at the door."""
    try:
        page = await house.knock(meeting, "Bob", device=BOBS)
    except Refused as refusal:
        return refusal.reason.value
    assert page.seat is not None
    page.seat.leave()
    return "in"


async def test_what_is_for_no_occasion_is_over_ten_minutes_after_the_last_one_left(days: Days) -> None:
    meeting = await one_was_removed(days)
    await days.until(OVER_AFTER_S - 1)
    assert await bobs_answer(days.house, meeting) == "removed"
    assert days.house.registry.is_locked(meeting.id)
    await days.until(2)
    assert not days.house.registry.is_locked(meeting.id)
    assert await bobs_answer(days.house, meeting) == "in"
    assert days.states(meeting) == ["RUNNING", "READY"]


async def test_a_restart_and_a_short_absence_do_not_end_what_is_for_no_occasion(days: Days) -> None:
    meeting = await one_was_removed(days)
    await days.until(OVER_AFTER_S - 60)
    host, _ = await days.house.enter(meeting, "Ada", pin="9876", source=ADAS)
    await days.until(120)
    host.leave()
    await days.until(60)
    await days.house.bans_writer.flush()
    after = await restarted(days, down_s=OVER_AFTER_S - 120)
    after.house.door.is_open = True
    assert await bobs_answer(after.house, meeting) == "removed"
    assert after.house.registry.is_locked(meeting.id)
    await after.until(90)
    assert await bobs_answer(after.house, meeting) == "in"


async def test_a_lock_set_while_nobody_is_in_is_for_those_who_come_next(days: Days) -> None:
    meeting = await one_was_removed(days)
    days.house.steer(meeting, Lock(is_locked=True))
    await days.until(OVER_AFTER_S + 60)
    after = await restarted(days, down_s=5)
    after.house.door.is_open = True
    assert await bobs_answer(after.house, meeting) == "locked"
    host, _ = await after.house.enter(meeting, "Ada", pin="9876")
    await after.until(1)
    host.leave()
    await after.until(OVER_AFTER_S + 60)
    assert await bobs_answer(after.house, meeting) == "in"


async def test_an_appointment_is_over_at_its_end_and_not_by_a_pause(days: Days) -> None:
    meeting = await one_was_removed(days, **at_nine(recurrence="FREQ=DAILY;COUNT=2"))
    await days.until(3600 + OVER_AFTER_S + 60)
    assert await bobs_answer(days.house, meeting) == "removed"
    await days.until(3600)
    assert await bobs_answer(days.house, meeting) == "in"
