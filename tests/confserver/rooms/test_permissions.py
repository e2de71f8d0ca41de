"""Every command by everybody who may and who may not: in the room and by the API, about oneself and about others."""

from collections.abc import Callable, Mapping

import pytest

from confserver.errors import Forbidden
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.bans import Removal
from confserver.rooms.marks import Marks
from confserver.rooms.permissions import PERMISSIONS
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState
from signaling.commands import (
    COMMANDS,
    Admit,
    Arrange,
    AskToUnmute,
    Ban,
    Chat,
    Command,
    Decline,
    End,
    GiveFloor,
    Lock,
    LowerHand,
    MakeChairman,
    MakeHost,
    Mute,
    MuteAll,
    MuteOnEntry,
    Place,
    RaiseHand,
    React,
    Readmit,
    Remove,
    Rename,
    SetControl,
    SetLayout,
    SetOwn,
    Spotlight,
    StopCamera,
    View,
)
from signaling.errors import RequestError
from signaling.ports import RemovedList, WaitingList
from tests.confserver.rooms.gathering import Gathering

WAITING = "waiting"
"""The id of somebody who waits to be let in."""
REMOVAL = "removal"
"""The id of the removal of somebody who was shown the door."""

SEATED = {"guest", "host", "chairman"}
OUTSIDE = {"user", "key"}
STEERING = {"host", "chairman"} | OUTSIDE
EVERYBODY = SEATED | OUTSIDE | {"onlooker"}

CASES: Mapping[str, tuple[set[str], Callable[[str], Command]]] = {
    "set": (SEATED, lambda whom: SetOwn(is_muted=True, display_name="Zoe")),
    "hand": (SEATED, lambda whom: RaiseHand(is_raised=True)),
    "react": (SEATED, lambda whom: React(reaction="clap")),
    "view": (SEATED, lambda whom: View(pinned_id=whom)),
    "chat": (SEATED | OUTSIDE, lambda whom: Chat(text="hello", to=whom)),
    "mute": (STEERING, lambda whom: Mute(participant_id=whom, is_muted=True)),
    "mute_all": (STEERING, lambda whom: MuteAll(is_muted=True)),
    "ask_to_unmute": (STEERING, lambda whom: AskToUnmute(participant_id=whom)),
    "mute_on_entry": (STEERING, lambda whom: MuteOnEntry(is_on=True)),
    "stop_camera": (STEERING, lambda whom: StopCamera(participant_id=whom, is_stopped=True)),
    "remove": (STEERING, lambda whom: Remove(participant_id=whom)),
    "ban": (STEERING, lambda whom: Ban(participant_id=whom)),
    "readmit": (STEERING, lambda whom: Readmit(removal_id=REMOVAL)),
    "lock": (STEERING, lambda whom: Lock(is_locked=True)),
    "make_host": (STEERING, lambda whom: MakeHost(participant_id=whom, is_host=True)),
    "make_chairman": ({"chairman"} | OUTSIDE, lambda whom: MakeChairman(participant_id=whom)),
    "spotlight": (STEERING, lambda whom: Spotlight(participant_id=whom)),
    "place": (STEERING, lambda whom: Place(participant_id=whom, position=1)),
    "arrange": (STEERING, lambda whom: Arrange(participant_ids=(whom,))),
    "layout": (STEERING, lambda whom: SetLayout(layout="LAYOUT2")),
    "control": (STEERING, lambda whom: SetControl(control="MASTER")),
    "floor": (STEERING, lambda whom: GiveFloor(participant_id=whom, has_floor=True)),
    "lower_hand": (STEERING, lambda whom: LowerHand(participant_id=whom)),
    "rename": (STEERING, lambda whom: Rename(participant_id=whom, display_name="Zoe")),
    "admit": (STEERING, lambda whom: Admit(waiting_id=None)),
    "decline": (STEERING, lambda whom: Decline(waiting_id=WAITING, word="later")),
    "end": (STEERING, lambda whom: End()),
}
"""By the word of docs/protocol.md: who may, and the command about somebody."""


class Company(Gathering):
    """A chairman, another host, and two guests of whom one is only talked about."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.join("chairman", Role.HOST)
        self.join("host", Role.HOST)
        self.join("guest")
        self.join("other")
        self.waiting.ledger.put(WaitingEntry(WAITING, "m", "Eve", self.clock.now))
        self.bans.ledger.put(Removal(REMOVAL, "m", "seat", "Mal", Marks(), True, "Ada", self.clock.now))

    def id_of(self, who: str) -> str:
        return self.people[who].id if who in self.people else self.people["other"].id

    def ask(self, who: str, command: Command) -> str | None:
        """What came of it: None, or why not."""
        try:
            if who in self.people:
                self.people[who].seat.obey(command)
            else:
                kind = "key" if who == "key" else "user"
                role = Role.GUEST if who == "onlooker" else Role.HOST
                self.api(Actor(kind, who, who, role), command)
        except RequestError as error:
            return error.code
        except Forbidden:
            return "not_allowed"
        return None


def test_every_command_is_in_the_table_and_here() -> None:
    assert set(PERMISSIONS) == set(COMMANDS.values())
    assert CASES.keys() == COMMANDS.keys()


@pytest.mark.parametrize("word", CASES)
@pytest.mark.parametrize("who", sorted(EVERYBODY))
@pytest.mark.parametrize("is_of_oneself", [True, False])
def test_who_may_does_and_who_may_not_changes_nothing(word: str, who: str, is_of_oneself: bool) -> None:
    company = Company()
    allowed, make = CASES[word]
    company.forget_told()
    told, state = len(company.media.told), company.room.state.view()
    outcome = company.ask(who, make(company.id_of(who if is_of_oneself else "other")))
    if who in allowed:
        assert outcome is None
    else:
        assert outcome == "not_allowed"
        assert [person.told for person in company.people.values()] == [[]] * 4
        assert (company.media.told[told:], company.published, company.written) == ([], [], {})
        assert company.room.state.view() == state
        assert [entry.state for entry in company.waiting.list("m")] == [WaitingState.PENDING]
        assert [removal.id for removal in company.bans.of("m")] == [REMOVAL]


@pytest.mark.parametrize("make", [CASES["remove"][1], CASES["ban"][1]], ids=["remove", "ban"])
def test_the_chairman_is_shown_out_by_nobody_in_the_room_but_themselves(make: Callable[[str], Command]) -> None:
    for who, outcome in (("guest", "not_allowed"), ("host", "not_allowed"), ("chairman", None), ("user", None)):
        company = Company()
        assert company.ask(who, make(company.people["chairman"].id)) == outcome


def test_the_chairman_hands_over_before_they_are_a_guest() -> None:
    company = Company()
    step_down = MakeHost(participant_id=company.people["chairman"].id, is_host=False)
    assert [company.ask(who, step_down) for who in ("host", "chairman", "user")] == ["not_allowed"] * 3
    assert company.ask("chairman", MakeChairman(participant_id=company.people["guest"].id)) is None
    assert company.ask("host", step_down) is None


def test_a_host_who_was_made_a_guest_steers_nothing_any_more() -> None:
    company = Company()
    assert company.ask("host", Lock(is_locked=True)) is None
    company.ask("chairman", MakeHost(participant_id=company.people["host"].id, is_host=False))
    assert company.ask("host", Lock(is_locked=False)) == "not_allowed"
    assert company.room.state.is_locked


def test_who_becomes_a_host_learns_who_waits_and_who_is_none_any_more_forgets_it() -> None:
    company = Company()
    guest = company.people["guest"]
    for is_host in (True, False):
        company.ask("chairman", MakeHost(participant_id=guest.id, is_host=is_host))
    told = [message for message in guest.told if isinstance(message, WaitingList)]
    assert [[view.display_name for view in message.waiting] for message in told] == [["Eve"], []]
    assert company.ask("chairman", Decline(waiting_id=WAITING)) is None
    assert WaitingList(()) in company.people["host"].told
    assert guest.told == []
    assert company.ask("chairman", Decline(waiting_id=WAITING)) == "no_such_waiting"


def test_who_becomes_a_host_learns_who_is_out_and_who_is_none_any_more_forgets_it() -> None:
    company = Company()
    guest, host = company.people["guest"], company.people["host"]
    for is_host in (True, False):
        company.ask("chairman", MakeHost(participant_id=guest.id, is_host=is_host))
    told = [message for message in guest.told if isinstance(message, RemovedList)]
    assert [[(view.id, view.display_name) for view in message.removed] for message in told] == [[(REMOVAL, "Mal")], []]
    company.forget_told()
    assert company.ask("host", Readmit(removal_id=REMOVAL)) is None
    assert host.told == [RemovedList(())]
    assert guest.told == []
    assert company.ask("host", Readmit(removal_id=REMOVAL)) == "no_such_removal"
