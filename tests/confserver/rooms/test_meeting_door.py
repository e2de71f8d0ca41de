"""Who gets in through the one door, as which kind of participant, and in what state."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from confserver.auth.identity import Role as UserRole
from confserver.auth.identity import User
from confserver.auth.service import Credentials
from confserver.events import RoomEvent, RoomEventKind
from confserver.meetings.lifecycle import Cause
from confserver.meetings.meeting import Meeting
from confserver.rooms.door import STRANGERS_WAIT_S
from mixer.params import SetParticipant
from signaling.commands import Lock, SetOwn
from signaling.errors import RefusalReason, Refused
from tests.confserver.conftest import PASSWORD, Clock
from tests.confserver.rooms.house import House, Page, knock


async def log_in(house: House, user: User) -> str:
    grant = await house.services.auth.login(Credentials(user.name, PASSWORD, user.tenant.domain))
    return grant.access_token


async def add_user(house: House, name: str, role: UserRole, domain: str = "default") -> User:
    accounts = house.services.accounts
    return await accounts.add(await accounts.ensure_tenant(domain), name, PASSWORD, role)


async def refusal(house: House, meeting: Meeting, **shown: Any) -> tuple[str, float]:
    """Why somebody is refused, and for how many seconds."""
    with pytest.raises(Refused) as caught:
        await house.enter(meeting, **shown)
    return caught.value.reason.value, caught.value.retry_after_s


async def test_a_guest_enters_by_link_and_is_shown_the_room(house: House) -> None:
    meeting = await house.meeting(layout="LAYOUT4", capacity=5)
    ada, _ = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting, "Bob", has_camera=False)
    welcome = bob.welcome
    assert (welcome.role, welcome.subject, welcome.cells, welcome.capacity) == ("guest", "Weekly", 4, 5)
    assert not welcome.is_locked
    seen = [(each.id, each.display_name, each.has_camera) for each in welcome.participants]
    assert seen == [(ada.participant_id, "Ada", True), (bob.participant_id, "Bob", False)]


async def test_who_may_host_the_meeting_is_host_by_login(house: House) -> None:
    meeting = await house.meeting()
    users = {house.owner: "host", await add_user(house, "root", UserRole.ADMIN): "host"}
    users[await add_user(house, "eve", UserRole.USER)] = "guest"
    for user, role in users.items():
        seat, _ = await house.enter(meeting, token=await log_in(house, user))
        assert seat.welcome.role == role
    seat, _ = await house.enter(meeting, access_key=None, meeting_id=meeting.id, token=await log_in(house, house.owner))
    assert seat.welcome.role == "host"


async def test_a_login_of_another_tenant_makes_a_guest_and_shows_no_meeting(house: House) -> None:
    meeting = await house.meeting(room_pin="1234")
    token = await log_in(house, await add_user(house, "root", UserRole.ADMIN, "elsewhere"))
    assert await refusal(house, meeting, token=token) == ("pin_required", 0.0)
    seat, _ = await house.enter(meeting, token=token, pin="1234")
    assert seat.welcome.role == "guest"
    assert await refusal(house, meeting, access_key=None, meeting_id=meeting.id, token=token) == ("not_found", 0.0)


async def test_a_login_that_has_run_out_is_worth_nothing(house: House, clock: Clock) -> None:
    meeting = await house.meeting()
    token = await log_in(house, house.owner)
    clock.now += 3601
    assert (await house.enter(meeting, token=token))[0].welcome.role == "guest"
    assert (await refusal(house, meeting, access_key=None, meeting_id=meeting.id, token=token))[0] == "not_allowed"


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ({"access_key": "A" * 22}, "not_found"),
        ({"access_key": "", "meeting_id": "x"}, "not_allowed"),
        ({"access_key": None}, "not_allowed"),
    ],
)
async def test_who_shows_nothing_that_is_good_learns_nothing(house: House, shown: dict[str, Any], reason: str) -> None:
    meeting = await house.meeting()
    assert await refusal(house, meeting, **shown) == (reason, 0.0)
    assert house.registry.meeting_ids == ()
    assert house.published == [RoomEvent(RoomEventKind.KNOCK_REFUSED, "", detail=reason)]


async def test_wrong_pins_cost_growing_delays_by_source(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(room_pin="1234")
    for delay_s in (1.0, 2.0, 4.0):
        assert await refusal(house, meeting, pin="1111") == ("wrong_pin", delay_s)
        door_clock.now += delay_s - 0.5
        assert await refusal(house, meeting, pin="1234") == ("wrong_pin", 0.5)
        door_clock.now += 0.5
    seat, _ = await house.enter(meeting, pin="1234", source="203.0.113.9")
    assert seat.welcome.role == "guest"
    await house.enter(meeting, pin="1234")
    assert await refusal(house, meeting, pin="1111") == ("wrong_pin", 1.0)


async def test_the_hosts_pin_is_guessed_no_faster_for_knowing_the_rooms(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(room_pin="1234", admin_pin="9876")
    for delay_s in (1.0, 2.0, 4.0):
        assert await refusal(house, meeting, pin="1111") == ("wrong_pin", delay_s)
        door_clock.now += delay_s
        await house.enter(meeting, pin="1234")
    host, _ = await house.enter(meeting, pin="9876")
    assert host.welcome.role == "host"
    assert await refusal(house, meeting, pin="1111") == ("wrong_pin", 1.0)


async def test_a_guess_at_the_hosts_pin_alone_is_slowed_down_too(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(admin_pin="9876")
    assert await refusal(house, meeting, pin="1111") == ("wrong_pin", 1.0)
    assert await refusal(house, meeting, pin="9876") == ("wrong_pin", 1.0)
    assert (await house.enter(meeting))[0].welcome.role == "guest"
    door_clock.now += 1.0
    assert (await house.enter(meeting, pin="9876"))[0].welcome.role == "host"


def by_number(meeting: Meeting | None, pin: str | None, source: str = "203.0.113.5") -> dict[str, Any]:
    """What somebody shows who knows a number and perhaps a PIN."""
    return {"access_key": None, "number": meeting.extension_number if meeting else "999", "pin": pin, "source": source}


@pytest.fixture
def quick_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers need not wait for their answer."""
    monkeypatch.setattr("confserver.rooms.door.STRANGERS_WAIT_S", 0.0)


async def test_the_number_and_the_pin_open_the_door_as_a_guest(house: House) -> None:
    meeting = await house.meeting(room_pin="1234", admin_pin="9876")
    seat, _ = await house.enter(meeting, **by_number(meeting, "1234"))
    assert seat.welcome.role == "guest"


@pytest.mark.usefixtures("quick_refusals")
@pytest.mark.parametrize("pin", [None, "1111"])
async def test_a_stranger_cannot_tell_a_meeting_from_none(house: House, door_clock: Clock, pin: str | None) -> None:
    protected, open_to_keys = await house.meeting(room_pin="1234"), await house.meeting()
    ended = await house.meeting(room_pin="1234", scheduled_end_at="2020-01-01T00:00:00Z")
    heard = {
        await refusal(house, protected, **by_number(meeting, pin, source=f"203.0.113.{index}"))
        for index, meeting in enumerate((protected, open_to_keys, ended, None))
    }
    assert len(heard) == 1


async def test_a_strangers_refusal_takes_the_same_time_whatever_its_reason(house: House) -> None:
    meeting = await house.meeting(room_pin="1234")
    loop = asyncio.get_running_loop()
    for index, target in enumerate((meeting, None)):
        asked_at = loop.time()
        await refusal(house, meeting, **by_number(target, "1", source=f"203.0.113.{index}"))
        assert loop.time() - asked_at >= STRANGERS_WAIT_S - 0.01


@pytest.mark.usefixtures("quick_refusals")
async def test_after_twenty_wrong_pins_only_the_host_lets_strangers_in(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(room_pin="1234")
    for index in range(20):
        assert (await refusal(house, meeting, **by_number(meeting, "1111", f"198.51.100.{index}")))[0] == "wrong_pin"
    # A right PIN and a wrong one are answered the same, now and after the delay.
    for source in ("203.0.113.1", "203.0.113.1", "203.0.113.2", "203.0.113.2"):
        pin = "1234" if source.endswith("1") else "1111"
        heard = await refusal(house, meeting, **by_number(meeting, pin, source))
        assert heard in {("host_must_admit", 1.0), ("wrong_pin", 1.0)}
    # Holders of the key, even from a guesser's address, are not concerned.
    seat, _ = await house.enter(meeting, pin="1234", source="198.51.100.3")
    assert seat.welcome.role == "guest"
    door_clock.now += 601.0
    await house.enter(meeting, **by_number(meeting, "1234", "192.0.2.77"))


async def test_of_many_who_knock_at_once_exactly_as_many_get_in_as_there_are_seats(house: House) -> None:
    meeting = await house.meeting(capacity=3)
    first, _ = await house.enter(meeting, "Ada")
    knocks = (house.door.enter(knock(meeting, f"guest {number}"), Page()) for number in range(20))
    outcomes = await asyncio.gather(*knocks, return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, Refused)]
    assert Counter(refusals) == {RefusalReason.FULL: 18}
    assert len(house.room(meeting).participants) == 3
    house.room(meeting).remove(first.participant_id)
    await house.enter(meeting, "Cleo")
    assert await refusal(house, meeting) == ("full", 0.0)


async def test_nobody_gets_in_while_the_server_stops(house: House) -> None:
    meeting = await house.meeting()
    await house.enter(meeting)
    on_the_doorstep = asyncio.create_task(house.door.enter(knock(meeting), Page()))
    await asyncio.sleep(0)
    house.door.is_open = False
    with pytest.raises(Refused, match="shutting_down"):
        await on_the_doorstep
    assert await refusal(house, meeting) == ("shutting_down", 0.0)
    assert len(house.room(meeting).participants) == 1


async def test_a_locked_meeting_lets_only_hosts_in(house: House) -> None:
    meeting = await house.meeting()
    house.steer(meeting, Lock(is_locked=True))
    assert house.door.preview(meeting) == "locked"
    assert await refusal(house, meeting) == ("locked", 0.0)
    host, _ = await house.enter(meeting, token=await log_in(house, house.owner))
    assert host.welcome.is_locked
    house.steer(meeting, Lock(is_locked=False))
    await house.enter(meeting)


async def test_a_login_counts_at_the_invite_link_for_what_it_is(house: House) -> None:
    meeting = await house.meeting(waiting_room="GUESTS", start_by="HOST", room_pin="1234", known_users_pass=True)
    owner, _ = await house.enter(meeting, "Ada", token=await log_in(house, house.owner))
    assert owner.welcome.role == "host"
    known = await log_in(house, await add_user(house, "eve", UserRole.USER))
    assert await refusal(house, meeting, token=known) == ("pin_required", 0.0)
    colleague, _ = await house.enter(meeting, "Eve", token=known, pin="1234")
    assert colleague.welcome.role == "guest"
    # What is no login here is none, and no obstacle.
    stranger = await log_in(house, await add_user(house, "mal", UserRole.ADMIN, "elsewhere"))
    for token in (stranger, "expired"):
        page = await house.knock(meeting, token=token, pin="1234")
        assert page.place is not None
    assert [each.view().is_known for each in house.waiting.list(meeting.id)] == [False, False]


async def test_a_meeting_that_a_host_begins_waits_for_one(house: House) -> None:
    meeting = await house.meeting(start_by="HOST")
    assert house.door.preview(meeting) == "not_started"
    page = await house.knock(meeting)
    assert page.place is not None
    assert page.place.waiting.reason == "not_started"
    await house.enter(meeting, token=await log_in(house, house.owner))
    assert house.door.preview(meeting) == "open"
    assert page.seat is not None
    await house.enter(meeting)


async def test_a_meeting_that_is_over_lets_nobody_in(house: House) -> None:
    over = await house.meeting(scheduled_end_at="2020-01-01T00:00:00Z")
    cancelled = await house.meeting(scheduled_start_at="2120-01-01T00:00:00Z")
    await house.lifetimes.wish(cancelled, Cause.CANCEL, "The speaker is ill")
    host = await log_in(house, house.owner)
    for meeting, word in ((over, "ended"), (cancelled, "cancelled")):
        assert house.door.preview(meeting) == word
        assert await refusal(house, meeting) == (word, 0.0)
        assert await refusal(house, meeting, token=host) == (word, 0.0)


async def test_guests_of_a_meeting_that_mutes_on_entry_come_in_muted(house: House) -> None:
    meeting = await house.meeting(mute_on_entry=True)
    guest, _ = await house.enter(meeting)
    host, _ = await house.enter(meeting, token=await log_in(house, house.owner))
    muted = {each.id: each.is_muted for each in host.welcome.participants}
    assert muted == {guest.participant_id: True, host.participant_id: False}
    told = [command.participant.is_muted for _, command in house.media.told if isinstance(command, SetParticipant)]
    assert told == [True, False]
    guest.obey(SetOwn(is_muted=False))
    assert not house.room(meeting).participants[guest.participant_id].is_muted
