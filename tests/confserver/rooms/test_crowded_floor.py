"""Two hundred people in one room: what concerns all of them is still one message to each, which their outboxes hold."""

import pytest

from confserver.rooms.admission import Role
from signaling.commands import (
    MOST_PARTICIPANTS,
    Arrange,
    Command,
    GiveFloor,
    LowerHand,
    MakeChairman,
    MuteAll,
    RaiseHand,
    SetControl,
    Spotlight,
)
from signaling.ports import PeopleUpdated, RoomChanged, Updated
from tests.confserver.rooms.gathering import Gathering

STEERING: list[Command] = [
    MuteAll(is_muted=True),
    MuteAll(is_muted=True, may_unmute=False),
    MuteAll(is_muted=False),
    Arrange(participant_ids=tuple(f"id of {number}" for number in reversed(range(MOST_PARTICIPANTS)))),
    Spotlight(participant_id="id of 150"),
    SetControl(control="MASTER"),
    GiveFloor(participant_id="id of 7", has_floor=True),
    LowerHand(participant_id="id of 8"),
    LowerHand(participant_id=None),
    MakeChairman(participant_id="id of 9"),
]


@pytest.fixture(scope="module")
def crowd() -> Gathering:
    crowd = Gathering()
    for number in range(MOST_PARTICIPANTS):
        person = crowd.join(str(number), Role.GUEST if number else Role.HOST)
        person.seat.obey(RaiseHand(is_raised=True))
    return crowd


@pytest.mark.parametrize("command", STEERING, ids=lambda command: str(command.type))
def test_whatever_a_host_does_is_at_most_two_messages_to_each(crowd: Gathering, command: Command) -> None:
    crowd.forget_told()
    crowd.people["0"].seat.obey(command)
    told = crowd.people["199"].told
    assert 1 <= len(told) <= 2
    assert {type(message) for message in told} <= {RoomChanged, Updated, PeopleUpdated}
    assert all(person.told == told for name, person in crowd.people.items() if name != "199")


def test_all_but_the_host_are_muted_for_the_media_plane(crowd: Gathering) -> None:
    crowd.people["0"].seat.obey(MuteAll(is_muted=True))
    assert [key for key, params in crowd.params().items() if not params.is_muted] == [crowd.people["0"].id]
