"""A full waiting room: whose place a newcomer has, and who keeps theirs."""

import pytest

from confserver.rooms.admission import MOST_WAITING
from confserver.rooms.crowding import who_yields
from confserver.rooms.marks import Marks
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from signaling.errors import RefusalReason
from tests.confserver.rooms.house import House
from tests.confserver.rooms.test_meeting_door import refusal

CROWD, OTHER = "198.51.100.7", "203.0.113.9"


def waiting(number: int, source: str, **state: object) -> WaitingEntry:
    return WaitingEntry(f"{source} {number}", "m", "Eve", float(number), marks=Marks(source), **state)  # type: ignore[arg-type]


def full(of_others: int, **state: object) -> list[WaitingEntry]:
    crowd = [waiting(number, CROWD, **state) for number in range(MOST_WAITING - of_others)]
    return crowd + [waiting(number, OTHER) for number in range(of_others)]


def test_as_long_as_there_are_places_nobody_yields() -> None:
    assert who_yields(full(0)[1:], OTHER) is None


@pytest.mark.parametrize("of_others", [0, 1, MOST_WAITING // 2 - 1])
def test_the_newest_of_the_largest_crowd_yields(of_others: int) -> None:
    yields = who_yields(full(of_others), OTHER)
    assert yields is not None
    assert yields.id == f"{CROWD} {MOST_WAITING - of_others - 1}"


def test_nobody_yields_to_their_own_network_or_to_one_with_as_many_places() -> None:
    assert who_yields(full(0), CROWD) is None
    assert who_yields(full(MOST_WAITING // 2), OTHER) is None


@pytest.mark.parametrize("state", [{"state": WaitingState.ACCEPTED}, {"is_known": True}])
def test_who_was_let_in_or_is_known_keeps_the_place(state: dict[str, object]) -> None:
    assert who_yields(full(1, **state), OTHER) is None


async def test_a_network_that_has_taken_all_places_keeps_nobody_out(house: House) -> None:
    meeting = await house.meeting(waiting_room="GUESTS")
    crowd = [await house.knock(meeting, f"Eve {number}", source=CROWD) for number in range(MOST_WAITING)]
    assert await refusal(house, meeting, source=CROWD) == ("waiting_room_full", 0.0)
    bob = await house.knock(meeting, "Bob", source=OTHER)
    assert bob.place is not None
    newest = crowd[-1].refusal
    assert newest is not None
    assert newest.reason is RefusalReason.WAITING_ROOM_FULL
    assert house.waiting.request(meeting, "guest", "Gus", OTHER).display_name == "Gus"
    assert len(house.waiting.list(meeting.id)) == MOST_WAITING
