"""Any commands in any order, by people who come, go, are gone for a moment and come back: what holds all the same."""

import contextlib
import itertools
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from confserver.errors import ConfserverError
from confserver.meetings.fields import Control
from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from signaling.commands import (
    Arrange,
    AskToUnmute,
    Chat,
    Command,
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
from signaling.ports import Joined, LeaveReason, Left, PeopleUpdated, RoomChanged, RoomMessage, Updated, Welcome
from tests.confserver.rooms.gathering import Gathering, Person
from tests.confserver.rooms.house import OPERATOR

MOST = 6
IDS = [f"id of {number}" for number in range(MOST + 2)]
SOMEBODY = st.sampled_from([*IDS, "nobody"])
MAYBE = st.none() | SOMEBODY
YES_NO = st.booleans()

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(SetOwn, is_muted=st.none() | YES_NO, has_camera=st.none() | YES_NO, has_screen=st.none() | YES_NO),
    st.builds(RaiseHand, is_raised=YES_NO),
    st.builds(React, reaction=st.just("wow")),
    st.builds(View, pinned_id=MAYBE),
    st.builds(Chat, text=st.just("hello"), to=MAYBE),
    st.builds(Mute, participant_id=SOMEBODY, is_muted=YES_NO),
    st.builds(MuteAll, is_muted=YES_NO, may_unmute=YES_NO),
    st.builds(AskToUnmute, participant_id=SOMEBODY),
    st.builds(MuteOnEntry, is_on=YES_NO),
    st.builds(StopCamera, participant_id=SOMEBODY, is_stopped=YES_NO),
    st.builds(Lock, is_locked=YES_NO),
    st.builds(MakeHost, participant_id=SOMEBODY, is_host=YES_NO),
    st.builds(MakeChairman, participant_id=SOMEBODY),
    st.builds(Spotlight, participant_id=MAYBE),
    st.builds(Place, participant_id=SOMEBODY, position=st.none() | st.integers(-1, 8)),
    st.builds(Arrange, participant_ids=st.lists(SOMEBODY, max_size=MOST).map(tuple)),
    st.builds(SetLayout, layout=st.sampled_from(["LAYOUT0", "LAYOUT1", "LAYOUT4"])),
    st.builds(SetControl, control=st.sampled_from(["FREE", "MASTER"])),
    st.builds(GiveFloor, participant_id=SOMEBODY, has_floor=YES_NO),
    st.builds(LowerHand, participant_id=MAYBE),
    st.builds(Rename, participant_id=SOMEBODY, display_name=st.just("Zoe")),
    st.builds(Remove, participant_id=SOMEBODY),
)


class Replica:
    """What a page knows by its welcome and what it was told since."""

    def __init__(self, welcome: Welcome) -> None:
        self.people = {view.id: view for view in welcome.participants}
        self.room = RoomChanged(
            is_locked=welcome.is_locked,
            subject=welcome.subject,
            cells=welcome.cells,
            layout=welcome.layout,
            control=welcome.control,
            spotlight_id=welcome.spotlight_id or "",
            is_mute_on_entry=welcome.is_mute_on_entry,
        )

    def take(self, message: RoomMessage) -> None:
        match message:
            case Joined() | Updated():
                self.people[message.participant.id] = message.participant
            case PeopleUpdated():
                self.people.update((view.id, view) for view in message.participants)
            case Left():
                del self.people[message.participant_id]
            case RoomChanged():
                told = {name: getattr(message, name) for name in message.__slots__}
                self.room = replace(self.room, **{name: value for name, value in told.items() if value is not None})


class FloorLife(RuleBasedStateMachine):
    """Whoever is asked for by number and is not there does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Gathering()
        self.names = itertools.cycle(str(number) for number in range(len(IDS)))
        self.replicas: dict[str, Replica] = {}

    def _known(self, number: int) -> Person | None:
        present = [each for each in self.scene.people.values() if self._is_in(each)]
        return present[number % len(present)] if present else None

    def _is_in(self, person: Person) -> bool:
        room = self.scene.registry.find("m")
        return room is not None and room.participants.get(person.id) is person.participant

    def _sat_down(self, name: str, person: Person) -> None:
        self.replicas[name] = Replica(person.seat.welcome)

    @rule(role=st.sampled_from(Role), is_owner=YES_NO, is_muted=YES_NO)
    def join(self, role: Role, is_owner: bool, is_muted: bool) -> None:
        name = next(self.names)
        is_in = name in self.scene.people and self._is_in(self.scene.people[name])
        if is_in or len(self.scene.registry.participants("m")) >= MOST:
            return
        marks = Marks(user_id="owner" if is_owner else None)
        self._sat_down(name, self.scene.join(name, role, is_self_muted=is_muted, marks=marks))

    @rule(number=st.integers(0, MOST), command=COMMANDS)
    def ask(self, number: int, command: Command) -> None:
        person = self._known(number)
        self.scene.clock.now += 1
        if person is not None:
            with contextlib.suppress(RequestError):
                person.seat.obey(command)

    @rule(command=COMMANDS)
    def ask_from_outside(self, command: Command) -> None:
        self.scene.clock.now += 1
        with contextlib.suppress(ConfserverError):
            self.scene.api(OPERATOR, command)

    @rule(number=st.integers(0, MOST), how=st.sampled_from(["leave", "lose", "disconnect", "resume"]))
    def go(self, number: int, how: str) -> None:
        person = self._known(number)
        if person is None:
            return
        name = next(each for each, known in self.scene.people.items() if known is person)
        match how:
            case "leave":
                person.seat.leave()
            case "lose":
                self.scene.room.leave(person.id, LeaveReason.LOST)
                self.scene.registry.close_if_empty("m")
            case "disconnect":
                person.seat.disconnect(is_going_away=True)
            case "resume":
                self._sat_down(name, self.scene.resume(name))

    @precondition(lambda self: self.scene.registry.find("m") is not None)
    @invariant()
    def there_is_a_chairman_exactly_when_there_is_a_host(self) -> None:
        people = self.scene.room.participants.values()
        chairmen = [each for each in people if each.is_chairman]
        assert len(chairmen) == min(1, sum(each.is_host for each in people))
        assert all(each.is_host for each in chairmen)

    @precondition(lambda self: self.scene.registry.find("m") is not None)
    @invariant()
    def what_depends_on_people_depends_on_those_who_are_in(self) -> None:
        state, people = self.scene.room.state, self.scene.room.participants
        assert state.spotlight_id is None or state.spotlight_id in people
        assert len(set(state.hands)) == len(state.hands)
        assert set(state.hands) <= people.keys()
        assert {each.pinned_id for each in people.values()} <= {None, *people}

    @precondition(lambda self: self.scene.registry.find("m") is not None)
    @invariant()
    def the_media_plane_knows_what_holds(self) -> None:
        room, told = self.scene.room, self.scene.params()
        assert told == {each.participant_id: each.params() for each in room.participants.values()}
        for each in room.participants.values():
            params, view = told[each.participant_id], each.view()
            assert params.is_muted or not view.is_muted
            assert params.is_silenced or not view.is_muted_by_host
            assert not (params.has_camera and view.is_camera_stopped)
            if room.state.control is Control.MASTER and not view.has_floor:
                assert (params.is_muted, params.is_silenced, params.position) == (True, True, -1)

    @precondition(lambda self: self.scene.registry.find("m") is not None)
    @invariant()
    def the_book_holds_what_is_to_outlive_the_room(self) -> None:
        room, book = self.scene.room, self.scene.book
        assert book.room("m") == room.state.record("m")
        for each in room.participants.values():
            remembered = book.find("m", each.participant_id)
            assert remembered is not None
            assert replace(remembered, updated_at=0.0) == each.record("m")

    @invariant()
    def every_page_knows_what_a_newcomer_would_be_told(self) -> None:
        room = self.scene.registry.find("m")
        for name, person in self.scene.people.items():
            for message in person.told:
                self.replicas[name].take(message)
            if room is not None and self._is_in(person) and person.participant.listener is not None:
                now = Replica(room.welcome(person.participant, "", is_resumed=False))
                assert self.replicas[name].people == now.people
                assert self.replicas[name].room == now.room


TestFloorLife = FloorLife.TestCase
TestFloorLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
