"""Raised hands are a queue that everybody sees."""

import pytest

from confserver.rooms.admission import Role
from signaling.commands import GiveFloor, LowerHand, RaiseHand
from signaling.errors import RequestError
from signaling.ports import LeaveReason, Left, PeopleUpdated, Updated
from tests.confserver.rooms.gathering import Gathering

UP, DOWN = RaiseHand(is_raised=True), RaiseHand(is_raised=False)


class Queue(Gathering):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.host = self.join("host", Role.HOST)
        self.asking = [self.join(name) for name in ("Ada", "Bob", "Cleo")]
        for person in self.asking:
            person.seat.obey(UP)
        self.forget_told()

    @property
    def places(self) -> list[int | None]:
        return [person.participant.view().hand for person in self.asking]


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_who_asked_first_is_first_and_who_is_done_makes_room(queue: Queue) -> None:
    ada, bob, _ = queue.asking
    assert queue.places == [1, 2, 3]
    ada.seat.obey(DOWN)
    assert queue.places == [None, 1, 2]
    assert queue.host.told == [PeopleUpdated(tuple(person.participant.view() for person in queue.asking))]
    ada.seat.obey(UP)
    assert queue.places == [3, 1, 2]
    assert queue.host.told == [Updated(ada.participant.view())]
    # A hand that is up is not raised again.
    bob.seat.obey(UP)
    assert (queue.places, queue.host.told) == ([3, 1, 2], [])


def test_a_host_lowers_one_hand_or_all(queue: Queue) -> None:
    bob = queue.asking[1]
    for _ in range(2):
        queue.host.seat.obey(LowerHand(participant_id=bob.id))
    assert queue.places == [1, None, 2]
    queue.host.seat.obey(LowerHand(participant_id=None))
    assert queue.places == [None] * 3
    lowered = [(event.participant_id, dict(event.data)) for event in queue.published]
    is_down = {"is_raised": False, "by": "host", "by_id": queue.host.id}
    assert lowered == [(person.id, is_down) for person in (bob, queue.asking[0], queue.asking[2])]


def test_who_is_given_the_floor_need_not_ask_any_more(queue: Queue) -> None:
    queue.host.seat.obey(GiveFloor(participant_id=queue.asking[0].id, has_floor=True))
    assert queue.places == [None, 1, 2]
    assert queue.asking[0].participant.view().has_floor


def test_a_hand_outlives_a_connection_but_not_a_seat(queue: Queue) -> None:
    ada, bob, cleo = queue.asking
    ada.seat.disconnect(is_going_away=True)
    assert [view.hand for view in queue.resume("Ada").seat.welcome.participants] == [None, 1, 2, 3]
    queue.forget_told()
    ada = queue.people["Ada"]
    ada.seat.leave()
    assert queue.host.told == [
        Left(ada.id, LeaveReason.LEFT),
        PeopleUpdated((bob.participant.view(), cleo.participant.view())),
    ]
    assert queue.room.state.hands == [bob.id, cleo.id]


def test_nobody_waves_without_end(queue: Queue) -> None:
    ada = queue.asking[0]
    for wish in [DOWN, UP] * 9 + [DOWN]:
        ada.seat.obey(wish)
    with pytest.raises(RequestError) as refused:
        ada.seat.obey(UP)
    assert refused.value.code == "too_many"
