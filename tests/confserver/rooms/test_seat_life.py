"""The life of seats against a model small enough to be right: joining, losing, coming back, removing in any order."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from confserver.auth.identity import User
from confserver.rooms.seat import GOING_AWAY_HOLD_S, HOLD_S
from confserver.services import Services
from signaling.commands import Lock, Mute, Remove
from signaling.errors import Refused
from signaling.ports import EndReason, Joined, Left, Seat, Updated
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House, Page
from tests.confserver.rooms.many_lives import shared_storage

CAPACITY = 3


@pytest.fixture(scope="module", autouse=True)
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with shared_storage(tmp_path_factory.mktemp("data")) as shared:
        SeatLife.runner, SeatLife.services, SeatLife.owner = shared
        yield


@dataclass
class Person:
    """What the model knows of somebody who was let in once. `until`: while they are reconnecting."""

    name: str
    token: str
    seat: Seat
    page: Page
    standing: str = "in"
    until: float = 0.0
    is_muted: bool = False
    is_muted_by_host: bool = False

    @property
    def is_silent(self) -> bool:
        return self.is_muted or self.is_muted_by_host

    @property
    def has_place(self) -> bool:
        return self.standing in ("in", "reconnecting")


class SeatLife(RuleBasedStateMachine):
    """One meeting with a lock and few places; a host with a PIN who never leaves it watches."""

    people = Bundle("people")

    runner: asyncio.Runner
    services: Services
    owner: User

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.names = (f"guest {number}" for number in itertools.count())
        self.known: list[Person] = []
        self.is_locked = False
        self.house = House(self.services, self.owner)
        self.house.clock.by_hand = self.clock
        self.meeting = self.runner.run(self.house.meeting(capacity=CAPACITY + 1, admin_pin="9876"))
        self.host, self.host_page = self.runner.run(self.house.enter(self.meeting, "host", pin="9876"))

    def teardown(self) -> None:
        self.runner.run(self.services.meetings.delete(self.meeting.id))

    @property
    def places(self) -> int:
        return sum(person.has_place for person in self.known)

    def _enter(self, name: str, token: str | None, is_muted: bool) -> tuple[Seat, Page] | str:
        """A seat and its page, or why not."""
        try:
            shown = {"seat_token": token, "is_muted": is_muted, "source": name}
            return self.runner.run(self.house.enter(self.meeting, name, **shown))
        except Refused as refused:
            return refused.reason.value

    @rule(target=people, is_muted=st.booleans())
    def join(self, is_muted: bool) -> Person | None:
        name = next(self.names)
        entered = self._enter(name, None, is_muted)
        if self.is_locked or self.places == CAPACITY:
            assert entered == ("locked" if self.is_locked else "full")
            return None
        assert not isinstance(entered, str)
        person = Person(name, entered[0].welcome.seat_token, *entered, is_muted=is_muted)
        self.known.append(person)
        return person

    @rule(person=people, is_muted=st.booleans())
    def come_back(self, person: Person | None, is_muted: bool) -> None:
        """After a loss, in a second tab, or after being gone for long."""
        if person is None:
            return
        told = len(self.host_page.told)
        older, was = person.page, person.standing
        entered = self._enter(person.name, person.token, is_muted)
        if was == "removed":
            assert entered == "removed"
            return
        if was == "left":  # as if no token had been shown
            if not isinstance(entered, str):
                assert entered[0].participant_id != person.seat.participant_id
                entered[0].leave()
            return
        if was == "lost" and self.places == CAPACITY:
            assert entered == "full"
            return
        assert not isinstance(entered, str)
        seat, page = entered
        assert seat.participant_id == person.seat.participant_id
        assert seat.welcome.is_resumed is (was != "lost")
        assert (older.ended is EndReason.REPLACED) is (was == "in")
        # The older connection notices its end only now, and must not free what is no longer its own.
        person.seat.disconnect(is_going_away=False)
        person.seat.leave()
        was_silent, person.is_muted = person.is_silent, person.is_muted or is_muted
        person.seat, person.page, person.standing = seat, page, "in"
        person.token = seat.welcome.seat_token
        kinds = [type(message) for message in self.host_page.told[told:]]
        has_changed = was == "reconnecting" or was_silent != person.is_silent
        assert kinds == ([Joined] if was == "lost" else [Updated] if has_changed else [])

    @rule(person=people, is_going_away=st.booleans())
    def drop(self, person: Person | None, is_going_away: bool) -> None:
        if person is not None:
            person.seat.disconnect(is_going_away)
            if person.standing == "in":
                person.standing = "reconnecting"
                person.until = self.clock.now + (GOING_AWAY_HOLD_S if is_going_away else HOLD_S)

    @rule(person=people)
    def leave(self, person: Person | None) -> None:
        if person is not None:
            person.seat.leave()
            if person.standing == "in":
                person.standing = "left"

    @rule(person=people, is_muted=st.booleans())
    def mute(self, person: Person | None, is_muted: bool) -> None:
        if person is not None and person.has_place:
            self.host.obey(Mute(participant_id=person.seat.participant_id, is_muted=is_muted))
            person.is_muted_by_host = is_muted

    @rule(person=people)
    def remove(self, person: Person | None) -> None:
        if person is not None and person.has_place:
            was_in = person.standing == "in"
            self.host.obey(Remove(participant_id=person.seat.participant_id))
            assert (person.page.ended is EndReason.REMOVED) is was_in
            person.standing = "removed"

    @rule(is_locked=st.booleans())
    def lock(self, is_locked: bool) -> None:
        self.host.obey(Lock(is_locked=is_locked))
        self.is_locked = is_locked

    @rule(seconds=st.floats(0.1, 12.0))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds
        told = len(self.host_page.told)
        self.house.registry.free_lost(self.clock.now)
        lost = [person for person in self.known if person.standing == "reconnecting" and self.clock.now >= person.until]
        for person in lost:
            person.standing = "lost"
        left = [message.participant_id for message in self.host_page.told[told:] if isinstance(message, Left)]
        assert sorted(left) == sorted(person.seat.participant_id for person in lost)

    @rule(is_crash=st.booleans())
    def restart(self, is_crash: bool) -> None:
        """A crash that comes after the last change was written, or an orderly end."""
        if not is_crash:
            self.house.registry.close_all(EndReason.SHUTDOWN)
        assert self.runner.run(self.house.writer.flush())
        self.house = self.runner.run(self.house.restarted())
        token = self.host.welcome.seat_token
        self.host, self.host_page = self.runner.run(self.house.enter(self.meeting, "host", seat_token=token))
        assert self.host.welcome.is_resumed
        assert self.host.welcome.role == "host"
        for person in self.known:
            if person.has_place:
                person.standing, person.until = "reconnecting", self.clock.now + HOLD_S

    @invariant()
    def the_room_is_as_the_model_says(self) -> None:
        room = self.house.room(self.meeting)
        seen = {
            each.participant_id: (each.display_name, each.listener is None, each.is_self_muted, each.is_muted_by_host)
            for each in room.participants.values()
            if each.participant_id != self.host.participant_id
        }
        assert seen == {
            each.seat.participant_id: (
                each.name,
                each.standing == "reconnecting",
                each.is_muted,
                each.is_muted_by_host,
            )
            for each in self.known
            if each.has_place
        }
        assert room.state.is_locked is self.is_locked


TestSeatLife = SeatLife.TestCase
TestSeatLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
