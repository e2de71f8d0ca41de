"""Somebody whose connection went finds their seat again, and the others hardly notice."""

from typing import Any

import pytest

from confserver.meetings.meeting import Meeting
from confserver.rooms.seat import GOING_AWAY_HOLD_S, HOLD_S
from confserver.rooms.seat_tokens import GOOD_FOR_S, SeatClaim, SeatTokens
from confserver.rooms.seating import RETURNS_AT_ONCE
from mixer.events import EndpointLost, SlotsChanged, SlotView, SpeakersChanged
from mixer.params import OpenEndpoint
from signaling.commands import Lock, Mute, Remove, SetOwn
from signaling.errors import RefusalReason, Refused
from signaling.ports import EndReason, Joined, LeaveReason, Left, Seat, Slots, Speakers, Updated
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House, Page
from tests.signaling.sdp.captures import capture, publishing

OFFER = capture("chromium-av")


async def refusal(house: House, meeting: Meeting, **shown: Any) -> str:
    with pytest.raises(Refused) as caught:
        await house.enter(meeting, **shown)
    return caught.value.reason.value


def names(house: House, meeting: Meeting) -> list[str]:
    return [each.display_name for each in house.registry.participants(meeting.id)]


async def come_back(house: House, meeting: Meeting, seat: Seat, name: str = "Bob", **shown: Any) -> tuple[Seat, Page]:
    return await house.enter(meeting, name, seat_token=seat.welcome.seat_token, **shown)


async def test_others_see_two_updates_and_neither_leave_nor_join(house: House) -> None:
    meeting = await house.meeting()
    _, page = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting)
    await house.enter(meeting, "Cleo")
    before = house.room(meeting).participants[bob.participant_id]
    page.told.clear()
    bob.disconnect(is_going_away=False)
    again, _ = await come_back(house, meeting, bob)
    reconnecting = [each.participant.is_reconnecting for each in page.told if isinstance(each, Updated)]
    assert reconnecting == [True, False]
    assert len(page.told) == 2
    assert again.participant_id == bob.participant_id
    assert again.welcome.is_resumed
    assert house.room(meeting).participants[bob.participant_id] is before
    assert [each.display_name for each in again.welcome.participants] == ["Ada", "Bob", "Cleo"]


async def test_a_seat_keeps_role_position_order_and_both_mutes(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    bob, _ = await house.enter(meeting, is_muted=True)
    host.obey(Mute(participant_id=bob.participant_id, is_muted=True))
    held = house.room(meeting).participants[bob.participant_id]
    held.position = 2
    before = held.params()
    for seat in (host, bob):
        seat.disconnect(is_going_away=True)
    assert (await come_back(house, meeting, host, "Ada"))[0].welcome.role == "host"
    again, _ = await come_back(house, meeting, bob, "Robert", is_muted=False)
    assert again.welcome.role == "guest"
    assert held.params() == before
    assert (held.is_self_muted, held.is_muted_by_host, held.display_name) == (True, True, "Robert")


@pytest.mark.parametrize(("is_going_away", "limit_s"), [(False, 12.0), (True, 5.0)])
async def test_a_seat_is_held_for_a_while_and_then_free(
    house: House, door_clock: Clock, is_going_away: bool, limit_s: float
) -> None:
    meeting = await house.meeting(capacity=2)
    _, page = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting)
    bob.disconnect(is_going_away)
    door_clock.now += (GOING_AWAY_HOLD_S if is_going_away else HOLD_S) - 0.1
    house.registry.free_lost(door_clock.now)
    assert await refusal(house, meeting) == "full"
    door_clock.now += limit_s - (GOING_AWAY_HOLD_S if is_going_away else HOLD_S)
    house.registry.free_lost(door_clock.now)
    assert page.told[-1] == Left(bob.participant_id, LeaveReason.LOST)
    await house.enter(meeting, "Cleo")


async def test_the_newer_of_two_wins_and_the_older_can_do_no_harm(house: House) -> None:
    meeting = await house.meeting()
    _, page = await house.enter(meeting, "Ada")
    older, olders_page = await house.enter(meeting)
    page.told.clear()
    newer, newers_page = await come_back(house, meeting, older)
    assert olders_page.ended is EndReason.REPLACED
    assert newers_page.ended is None
    older.disconnect(is_going_away=False)
    older.leave()
    assert page.told == []
    assert names(house, meeting) == ["Ada", "Bob"]
    newer.leave()
    assert names(house, meeting) == ["Ada"]


async def test_who_comes_too_late_joins_anew_with_what_they_had(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(admin_pin="9876", room_pin="1234", start_by="HOST")
    host, page = await house.enter(meeting, "Ada", pin="9876")
    bob, _ = await house.enter(meeting, pin="1234")
    host.obey(Mute(participant_id=bob.participant_id, is_muted=True))
    bob.disconnect(is_going_away=False)
    door_clock.now += 12
    house.registry.free_lost(door_clock.now)
    host.obey(Lock(is_locked=True))
    assert await refusal(house, meeting, pin="1234") == "locked"
    again, _ = await come_back(house, meeting, bob)
    assert isinstance(page.told[-1], Joined)
    assert not again.welcome.is_resumed
    assert again.participant_id == bob.participant_id
    assert again.welcome.participants[-1].is_muted_by_host


async def test_a_free_seat_is_no_right_to_a_place(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting(capacity=2)
    ada, _ = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting)
    bob.disconnect(is_going_away=False)
    door_clock.now += 12
    house.registry.free_lost(door_clock.now)
    await house.enter(meeting, "Cleo")
    assert await refusal(house, meeting, seat_token=bob.welcome.seat_token) == "full"
    ada.disconnect(is_going_away=False)
    assert (await come_back(house, meeting, ada))[0].welcome.is_resumed


async def test_a_removed_person_stays_out(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    bob, _ = await house.enter(meeting)
    host.obey(Remove(participant_id=bob.participant_id))
    assert await refusal(house, meeting, seat_token=bob.welcome.seat_token) == "removed"
    assert await refusal(house, meeting, seat_token=bob.welcome.seat_token, pin="9876") == "removed"
    cleo, _ = await house.enter(meeting, "Cleo", source="203.0.113.9")
    cleo.disconnect(is_going_away=False)
    host.obey(Remove(participant_id=cleo.participant_id))
    assert await refusal(house, meeting, seat_token=cleo.welcome.seat_token) == "removed"


async def test_tokens_that_are_worth_nothing_are_as_none(house: House, door_clock: Clock) -> None:
    meeting, other = await house.meeting(room_pin="1234"), await house.meeting(room_pin="1234")
    bob, _ = await house.enter(meeting, pin="1234")
    elsewhere, _ = await house.enter(other, pin="1234")
    left, _ = await house.enter(meeting, "Cleo", pin="1234")
    left.leave()
    claim = SeatClaim(bob.participant_id, meeting.id)
    worthless = [
        "",
        "nonsense",
        bob.welcome.seat_token[:-3],
        SeatTokens(b"another key" + bytes(21)).issue(claim, door_clock.now),
        house.services.seat_tokens.issue(claim, door_clock.now - GOOD_FOR_S),
        house.services.seat_tokens.issue(SeatClaim("nobody", meeting.id), door_clock.now),
        elsewhere.welcome.seat_token,
        left.welcome.seat_token,
    ]
    for token in worthless:
        assert await refusal(house, meeting, seat_token=token) == "pin_required"
        seat, _ = await house.enter(meeting, "Dan", seat_token=token, pin="1234")
        assert (seat.welcome.is_resumed, seat.welcome.role) == (False, "guest")
        seat.leave()
    assert names(house, meeting) == ["Bob"]
    house.registry.finish(meeting.id, EndReason.ENDED)
    assert await refusal(house, meeting, seat_token=bob.welcome.seat_token) == "pin_required"


async def test_a_meeting_that_is_over_is_over_for_all(house: House, door_clock: Clock) -> None:
    meeting = await house.meeting()
    bob, _ = await house.enter(meeting)
    bob.disconnect(is_going_away=False)
    ends_at = "2020-01-01T00:00:00+00:00"
    await house.services.meetings.update(meeting.id, {"scheduled_start_at": None, "scheduled_end_at": ends_at})
    assert await refusal(house, meeting, seat_token=bob.welcome.seat_token) == "ended"


async def test_who_was_in_needs_no_login_and_no_guess_to_come_back(house: House) -> None:
    meeting = await house.meeting(room_pin="1234")
    bob, _ = await house.enter(meeting, pin="1234")
    assert await refusal(house, meeting, pin="1") == "wrong_pin"
    # Their own wrong guess keeps them out for a second, but not from a seat that is theirs.
    assert await refusal(house, meeting, pin="1234") == "wrong_pin"
    again, _ = await come_back(house, meeting, bob, pin="1")
    by_id, _ = await come_back(house, meeting, bob, access_key=None, meeting_id=meeting.id)
    assert again.participant_id == by_id.participant_id == bob.participant_id
    other = await house.meeting()
    assert await refusal(
        house, other, access_key=None, meeting_id=other.id, seat_token=bob.welcome.seat_token
    ) == "not_found"  # fmt: skip


async def test_media_goes_on_without_the_connection_and_what_was_missed_is_told(house: House) -> None:
    meeting = await house.meeting()
    bob, _ = await house.enter(meeting)
    await bob.negotiate(OFFER, publishing(OFFER), is_new=True)
    (endpoint,) = [command.endpoint for _, command in house.media.told if isinstance(command, OpenEndpoint)]
    bob.disconnect(is_going_away=False)
    told = len(house.media.told)
    slots = (SlotView("1", "ada", None, 3),)
    house.registry.hear(SlotsChanged(meeting.id, endpoint.endpoint_id, slots))
    house.registry.hear(SpeakersChanged(meeting.id, ("ada",)))
    again, page = await come_back(house, meeting, bob)
    assert again.welcome.has_media
    assert page.told[-2:] == [Speakers(("ada",)), Slots(slots)]
    await again.negotiate(OFFER, publishing(OFFER), is_new=False)
    reopened = [command.endpoint for _, command in house.media.told[told:] if isinstance(command, OpenEndpoint)]
    assert [each.endpoint_id for each in reopened] == [endpoint.endpoint_id]


async def test_media_that_was_lost_meanwhile_is_not_promised(house: House) -> None:
    meeting = await house.meeting()
    bob, _ = await house.enter(meeting)
    await bob.negotiate(OFFER, publishing(OFFER), is_new=True)
    bob.obey(SetOwn(has_screen=True))
    (endpoint,) = [command.endpoint for _, command in house.media.told if isinstance(command, OpenEndpoint)]
    bob.disconnect(is_going_away=False)
    house.registry.hear(EndpointLost(meeting.id, endpoint.endpoint_id, "consent-expired"))
    again, _ = await come_back(house, meeting, bob)
    assert not again.welcome.has_media
    assert not again.welcome.participants[0].has_screen


async def test_a_page_that_goes_away_takes_its_screen_along(house: House) -> None:
    meeting = await house.meeting()
    _, page = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting)
    bob.obey(SetOwn(has_screen=True))
    bob.disconnect(is_going_away=True)
    last = page.told[-1]
    assert isinstance(last, Updated)
    assert (last.participant.is_reconnecting, last.participant.has_screen) == (True, False)


async def test_who_comes_back_without_end_is_slowed_down(house: House) -> None:
    meeting = await house.meeting()
    _, page = await house.enter(meeting, "Ada")
    seat, _ = await house.enter(meeting)
    for _ in range(RETURNS_AT_ONCE):
        seat, _ = await come_back(house, meeting, seat)
    page.told.clear()
    with pytest.raises(Refused) as caught:
        await come_back(house, meeting, seat)
    assert caught.value.reason is RefusalReason.UNAVAILABLE
    assert 0.0 < caught.value.retry_after_s <= 1.0
    assert page.told == []
    assert names(house, meeting) == ["Ada", "Bob"]
