"""Whoever was shown the door is known again by what is their own, and their neighbours are not taken for them."""

from typing import Any

import pytest

from confserver.auth.identity import Role as UserRole
from confserver.errors import NotFound
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import Likeness
from confserver.rooms.bans import MOST_OF_MEETING, Bans
from confserver.rooms.marks import Marks
from signaling.commands import Ban, Readmit, Remove
from signaling.errors import RequestError
from signaling.ports import EndReason, RemovedList, Seat
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import OPERATOR, House
from tests.confserver.rooms.test_meeting_door import add_user, log_in, refusal
from tests.confserver.rooms.test_waiting_room import host_of

PHONE, LAPTOP = "p" * 16, "l" * 16


async def bob_is_out(house: House, command: type[Remove | Ban], **shown: Any) -> tuple[Meeting, Seat]:
    """A meeting that Bob was removed or banned from, by a host who has gone."""
    meeting = await house.meeting()
    ada, _ = await host_of(house, meeting, source="192.0.2.1")
    bob, _ = await house.enter(meeting, "Bob", device=PHONE, **shown)
    ada.obey(command(participant_id=bob.participant_id))
    ada.leave()
    return meeting, bob


@pytest.mark.parametrize("command", [Remove, Ban])
async def test_the_removed_returns_neither_by_reload_nor_by_link_nor_under_another_name(
    house: House, command: type[Remove | Ban]
) -> None:
    meeting, bob = await bob_is_out(house, command)
    for shown in (
        {"seat_token": bob.welcome.seat_token, "source": "203.0.113.1"},
        {"device": PHONE, "source": "203.0.113.1"},
        {"device": PHONE, "pin": None},
    ):
        assert await refusal(house, meeting, **shown) == ("removed", 0.0)


async def test_a_login_and_a_device_of_the_removed_are_known_in_this_meeting_only(house: House) -> None:
    token = await log_in(house, await add_user(house, "bob", UserRole.USER))
    meeting, _ = await bob_is_out(house, Ban, token=token)
    elsewhere = {"source": "203.0.113.1"}
    assert await refusal(house, meeting, token=token, **elsewhere) == ("removed", 0.0)
    other = await house.meeting()
    await house.enter(other, "Bob", token=token, device=PHONE)
    await house.enter(meeting, "Cleo", device=LAPTOP, **elsewhere)


async def test_a_neighbour_of_the_removed_waits_for_a_host(house: House) -> None:
    meeting, _ = await bob_is_out(house, Remove)
    page = await house.knock(meeting, "Cleo", device=LAPTOP)
    assert page.place is not None
    assert page.place.waiting.reason == "host_must_admit"
    ada, _ = await host_of(house, meeting, source="198.51.100.7")  # a host by login waits for nobody
    assert ada.welcome.waiting[0].was_removed
    # A login that is not theirs tells a neighbour apart.
    await house.enter(meeting, "Eve", token=await log_in(house, await add_user(house, "eve", UserRole.USER)))


async def test_who_was_in_before_does_not_wait_for_a_neighbours_sake(house: House) -> None:
    meeting = await house.meeting()
    ada, _ = await host_of(house, meeting, source="192.0.2.1")
    bob, _ = await house.enter(meeting, "Bob", device=PHONE)
    cleo, _ = await house.enter(meeting, "Cleo", device=LAPTOP)
    ada.obey(Remove(participant_id=bob.participant_id))
    cleo.disconnect(is_going_away=True)
    again, _ = await house.enter(meeting, "Cleo", seat_token=cleo.welcome.seat_token, device=LAPTOP)
    assert again.welcome.is_resumed


async def test_a_removal_ends_with_the_meeting_and_a_ban_does_not(house: House) -> None:
    for command, is_lasting in ((Remove, False), (Ban, True)):
        meeting, _ = await bob_is_out(house, command)
        assert [ban.is_lasting for ban in house.bans.of(meeting.id)] == [is_lasting]
        house.registry.finish(meeting.id, EndReason.ENDED)
        if is_lasting:
            assert await refusal(house, meeting, device=PHONE) == ("removed", 0.0)
            house.bans.lift(meeting.id, house.bans.of(meeting.id)[0].id)
        await house.enter(meeting, "Bob", device=PHONE)


async def test_nothing_is_left_of_a_meeting_that_is_deleted(house: House) -> None:
    meeting, _ = await bob_is_out(house, Ban)
    house.registry.finish(meeting.id, EndReason.DELETED)
    assert house.bans.of(meeting.id) == ()


async def test_a_lifted_ban_lets_them_back_in_with_their_old_page(house: House) -> None:
    meeting, bob = await bob_is_out(house, Ban)
    shown = {"device": PHONE, "seat_token": bob.welcome.seat_token}
    assert await refusal(house, meeting, **shown) == ("removed", 0.0)
    (ban,) = house.bans.of(meeting.id)
    house.steer(meeting, Readmit(removal_id=ban.id))
    seat, _ = await house.enter(meeting, "Bob", **shown)
    assert seat.participant_id != bob.participant_id
    with pytest.raises(NotFound):
        house.steer(meeting, Readmit(removal_id=ban.id))


@pytest.mark.parametrize("command", [Remove, Ban])
async def test_hosts_see_who_is_out_and_one_in_the_room_lets_them_back(
    house: House, command: type[Remove | Ban]
) -> None:
    meeting = await house.meeting()
    ada, ada_page = await host_of(house, meeting, source="192.0.2.1")
    bob, bob_page = await house.enter(meeting, "<b>Bob</b>", device=PHONE)
    cleo, cleo_page = await house.enter(meeting, "Cleo", device=LAPTOP)
    ada.obey(command(participant_id=bob.participant_id))
    (told,) = [message for message in ada_page.told if isinstance(message, RemovedList)]
    (out,) = told.removed
    assert (out.display_name, out.is_banned, out.by) == ("<b>Bob</b>", command is Ban, "Ada")
    again, _ = await host_of(house, meeting, source="192.0.2.1", seat_token=ada.welcome.seat_token)
    assert again.welcome.removed == told.removed
    with pytest.raises(RequestError, match="host"):
        cleo.obey(Readmit(removal_id=out.id))
    assert await refusal(house, meeting, device=PHONE) == ("removed", 0.0)

    again.obey(Readmit(removal_id=out.id))
    back, _ = await house.enter(meeting, "<b>Bob</b>", device=PHONE, seat_token=bob.welcome.seat_token)
    assert back.welcome.role == "guest"
    seen_by_guests = (*bob_page.told, *cleo_page.told)
    assert not [message for message in seen_by_guests if isinstance(message, RemovedList)]
    assert (cleo.welcome.removed, back.welcome.removed) == ((), ())


async def test_a_neighbour_of_whoever_is_let_back_waits_no_longer(house: House) -> None:
    meeting, _ = await bob_is_out(house, Remove)
    page = await house.knock(meeting, "Cleo", device=LAPTOP)
    assert page.place is not None
    house.steer(meeting, Readmit(removal_id=house.bans.of(meeting.id)[0].id))
    assert page.seat is not None


async def test_nobody_is_kept_out_of_their_own_meeting(house: House) -> None:
    meeting = await house.meeting()
    token = await log_in(house, house.owner)
    ada, _ = await house.enter(meeting, "Ada", token=token, device=LAPTOP)
    house.steer(meeting, Ban(participant_id=ada.participant_id))
    again, _ = await house.enter(meeting, "Ada", token=token, device=LAPTOP, seat_token=ada.welcome.seat_token)
    assert again.welcome.role == "host"


async def test_bans_outlive_the_server(house: House, door_clock: Clock) -> None:
    meeting, bob = await bob_is_out(house, Ban)
    assert await house.writer.flush()
    assert await house.bans_writer.flush()
    after = await house.restarted()
    assert after.bans.of(meeting.id) == house.bans.of(meeting.id)
    assert await refusal(after, meeting, device=PHONE) == ("removed", 0.0)
    assert await refusal(after, meeting, seat_token=bob.welcome.seat_token) == ("removed", 0.0)
    after.bans.lift(meeting.id, after.bans.of(meeting.id)[0].id)
    assert await after.bans_writer.flush()
    assert await house.services.bans.read() == ()


@pytest.mark.parametrize(
    ("marks", "seat_id", "likeness"),
    [
        (Marks("net"), None, Likeness.NEAR),
        (Marks("elsewhere"), None, Likeness.NONE),
        (Marks("elsewhere", device="d"), None, Likeness.SAME),
        (Marks("elsewhere", user_id="u"), None, Likeness.SAME),
        (Marks("elsewhere", token_id="t"), None, Likeness.SAME),
        (Marks("elsewhere"), "s", Likeness.SAME),
        (Marks("net", "other", "other", "other"), "other", Likeness.NEAR),
        (Marks(), None, Likeness.NONE),
    ],
)
def test_each_mark(marks: Marks, seat_id: str | None, likeness: Likeness) -> None:
    bans = Bans(lambda: 0.0)
    bans.note("m", Marks("net", "d", "u", "t"), "s", "Bob", True, OPERATOR)
    assert bans.likeness("m", marks, seat_id) is likeness
    assert bans.likeness("other", marks, seat_id) is Likeness.NONE


def test_what_is_remembered_is_bounded_and_bans_stay_longest() -> None:
    bans = Bans(lambda: 0.0)
    lasting = bans.note("m", Marks("first"), "s", "Bob", True, OPERATOR)
    for number in range(MOST_OF_MEETING + 5):
        bans.note("m", Marks(str(number)), f"s{number}", "Bob", False, OPERATOR)
    assert len(bans.of("m")) == MOST_OF_MEETING
    assert lasting in bans.of("m")
