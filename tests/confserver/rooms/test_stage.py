"""Whose picture is where, for everybody and for oneself."""

import pytest

from confserver.rooms.admission import Role
from mixer.params import SetView
from signaling.commands import Arrange, Command, Place, SetControl, Spotlight, View
from signaling.errors import RequestError
from signaling.ports import Left, RoomChanged
from tests.confserver.rooms.gathering import Gathering, Person


class Show(Gathering):
    """A host, and twelve guests called by their numbers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.host = self.join("host", Role.HOST)
        self.guests = [self.join(str(number)) for number in range(12)]
        self.forget_told()

    def command(self, *commands: Command) -> None:
        for command in commands:
            self.host.seat.obey(command)

    def cells(self, *people: Person) -> list[int | None]:
        """What the media plane was told of their places."""
        return [self.params()[person.id].position for person in people]


@pytest.fixture
def show() -> Show:
    return Show()


def test_the_spotlit_comes_first_and_the_pinned_behind(show: Show) -> None:
    first, second, third, hidden = show.guests[:4]
    show.command(
        Arrange(participant_ids=(first.id, second.id)),
        Place(participant_id=hidden.id, position=-1),
        Spotlight(participant_id=third.id),
    )
    assert show.cells(first, second, third, hidden, show.host) == [1, 2, 0, -1, None]
    # Where they are pinned is not where they are shown for now.
    assert [person.participant.view().position for person in (first, second, third)] == [0, 1, None]
    assert RoomChanged(spotlight_id=third.id) in show.host.told
    show.command(Spotlight(participant_id=None))
    assert show.cells(first, second, third, hidden) == [0, 1, None, -1]
    assert show.host.told == [RoomChanged(spotlight_id="")]


def test_a_spotlight_ends_with_whom_it_shows(show: Show) -> None:
    first, second = show.guests[:2]
    show.command(Place(participant_id=first.id, position=0), Spotlight(participant_id=second.id))
    show.forget_told()
    second.seat.leave()
    assert [type(message) for message in show.host.told] == [Left, RoomChanged]
    assert show.cells(first) == [0]
    assert show.room.state.spotlight_id is None


def test_the_spotlit_is_shown_even_if_hidden_but_not_without_the_floor(show: Show) -> None:
    show.command(Place(participant_id=show.guests[0].id, position=-1), Spotlight(participant_id=show.guests[0].id))
    assert show.cells(show.guests[0]) == [0]
    show.command(SetControl(control="MASTER"))
    assert show.cells(show.guests[0]) == [-1]


def test_a_cell_is_one_persons(show: Show) -> None:
    first, second = show.guests[:2]
    show.command(Place(participant_id=first.id, position=3), Place(participant_id=second.id, position=3))
    assert show.cells(first, second) == [None, 3]
    show.command(Place(participant_id=first.id, position=-1), Place(participant_id=second.id, position=-1))
    assert show.cells(first, second) == [-1, -1]
    show.command(Place(participant_id=first.id, position=None))
    assert show.cells(first, second) == [None, -1]


def test_the_order_of_cells_leaves_out_who_is_gone_and_keeps_who_is_hidden(show: Show) -> None:
    first, second, third, *others = show.guests
    show.command(
        Place(participant_id=first.id, position=5),
        Place(participant_id=second.id, position=-1),
        Arrange(participant_ids=("long gone", third.id, "gone", others[0].id, third.id)),
    )
    assert show.cells(first, second, third, *others[:2]) == [None, -1, 0, 1, None]
    show.command(Arrange(participant_ids=tuple(person.id for person in reversed(show.guests))))
    assert show.cells(*show.guests) == [None, None, None, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    show.command(Arrange(participant_ids=()))
    assert show.cells(*show.guests) == [None] * 12


def views(show: Show) -> list[SetView]:
    return [command for _, command in show.media.told if isinstance(command, SetView)]


def test_whom_one_pins_for_oneself_nobody_else_notices(show: Show) -> None:
    viewer, pinned = show.guests[:2]
    show.forget_told()
    for _ in range(2):
        viewer.seat.obey(View(pinned_id=pinned.id))
    assert views(show) == [SetView("m", viewer.id, pinned.id)]
    assert [person.told for person in show.people.values()] == [[]] * 13
    # A media worker that has just been started is told, too.
    show.media.told.clear()
    show.room.media.reopen()
    assert views(show) == [SetView("m", viewer.id, pinned.id)]
    pinned.seat.leave()
    assert views(show)[1:] == [SetView("m", viewer.id, None)]


@pytest.mark.parametrize(
    "command",
    [Spotlight(participant_id="nobody"), Place(participant_id="nobody", position=1), View(pinned_id="nobody")],
)
def test_nobody_has_no_place(show: Show, command: Command) -> None:
    with pytest.raises(RequestError) as refused:
        show.command(command)
    assert refused.value.code == "no_such_participant"
    assert show.guests[0].told == []
