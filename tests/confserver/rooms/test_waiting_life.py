"""The waiting room against a model small enough to be right: knocking, reloading, leaving, admitting, declining, a host
who comes and goes, a lock, too few places, restarts and time, in any order.
"""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from confserver.auth.identity import User
from confserver.rooms.waiting_rooms import HELD_S, REJECTED_S
from confserver.services import Services
from mixer.params import SetParticipant
from signaling.commands import Admit, Command, Decline, Lock
from signaling.errors import Refused, RequestError
from signaling.ports import EndReason, Seat, WaitingList
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import OPERATOR, House, Page
from tests.confserver.rooms.many_lives import shared_storage

CAPACITY = 3


@pytest.fixture(scope="module", autouse=True)
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with shared_storage(tmp_path_factory.mktemp("data")) as (
        WaitingLife.runner,
        WaitingLife.services,
        WaitingLife.owner,
    ):
        yield


@dataclass(eq=False)
class Person:
    """What the model knows of somebody who was made to wait once.

    `standing`: `waiting`, `away` (their connection is gone, until `until`), `declined` (until `until`), `in`, `gone`.
    """

    name: str
    id: str
    token: str
    page: Page
    standing: str = "waiting"
    is_accepted: bool = False
    until: float = 0.0


class WaitingLife(RuleBasedStateMachine):
    """One meeting with a policy, a lock and few places. The API steers; a host by PIN is in now and then."""

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
        self.host: tuple[Seat, Page] | None = None
        self.house = House(self.services, self.owner)
        self.house.clock.by_hand = self.clock

    @initialize(start_by=st.sampled_from(["ANYONE", "HOST"]), has_lobby=st.booleans())
    def begin(self, start_by: str, has_lobby: bool) -> None:
        self.waits_for_host, self.has_lobby = start_by == "HOST", has_lobby
        policy = {"start_by": start_by, "waiting_room": "GUESTS" if has_lobby else "OFF"}
        self.meeting = self.runner.run(self.house.meeting(capacity=CAPACITY, admin_pin="9876", **policy))

    def teardown(self) -> None:
        self.runner.run(self.services.meetings.delete(self.meeting.id))

    def _standing(self, *standings: str) -> list[Person]:
        return [person for person in self.known if person.standing in standings]

    @property
    def is_full(self) -> bool:
        return len(self._standing("in")) + (self.host is not None) >= CAPACITY

    def _reason(self, is_accepted: bool = False) -> str | None:
        """Why somebody waits now who has no seat, or is not let in; None for who may come in."""
        if is_accepted:
            return None
        if self.is_locked:
            return "locked"
        if self.waits_for_host and self.host is None:
            return "not_started"
        return "host_must_admit" if self.has_lobby else None

    def _settle(self) -> None:
        """Bring both on: what is due is done, and who may come in is in."""
        self.house.door.tend()
        for person in self._standing("waiting"):
            if self._reason(person.is_accepted) is None and not self.is_full:
                person.standing = "in"

    def _steer(self, command: Command) -> str | None:
        """As a host who is not in; the code of the error, if it is one."""
        try:
            self.house.registry.steer(self.meeting.id, self.meeting.tenant_id, OPERATOR, command)
        except RequestError as error:
            return error.code
        return None

    def _knock(self, name: str, token: str | None) -> Page | str:
        try:
            return self.runner.run(self.house.knock(self.meeting, name, source=name, seat_token=token))
        except Refused as refused:
            return refused.reason.value

    @rule(target=people)
    def knock(self) -> Person | None:
        name, reason, was_full = next(self.names), self._reason(), self.is_full
        page = self._knock(name, None)
        if reason == "locked" or (reason is None and was_full):
            assert page == (reason or "full")
            return None
        assert not isinstance(page, str)
        if reason is None:
            assert page.seat is not None
            person = Person(name, page.seat.participant_id, page.seat.welcome.seat_token, page, "in")
        else:
            assert page.place is not None
            assert page.place.waiting.reason == reason
            person = Person(name, page.place.waiting.waiting_id, page.place.waiting.seat_token, page)
        self.known.append(person)
        self._settle()
        return person

    @rule(person=people)
    def reload(self, person: Person | None) -> None:
        """A newer connection, before or after the older one is gone."""
        if person is None or person.standing not in ("waiting", "away", "declined"):
            return
        older, reason, was_full = person.page, self._reason(person.is_accepted), self.is_full
        page = self._knock(person.name, person.token)
        if person.standing == "declined":
            assert page == "declined"
            return
        # Whoever waits does so on, also when it is locked or full.
        assert not isinstance(page, str)
        assert (older.ended is EndReason.REPLACED) is (person.standing == "waiting")
        person.page, person.standing = page, "in" if reason is None and not was_full else "waiting"
        held_id = page.seat.participant_id if page.seat else page.place.waiting.waiting_id if page.place else None
        assert held_id == person.id
        self._settle()

    @rule(person=people, is_lost=st.booleans())
    def go(self, person: Person | None, is_lost: bool) -> None:
        if person is None or person.standing not in ("waiting", "in"):
            return
        held = person.page.place or person.page.seat
        assert held is not None
        if person.standing == "in":
            held.leave()
            person.standing = "gone"
        elif is_lost:
            held.disconnect(is_going_away=False)
            person.standing, person.until = "away", self.clock.now + HELD_S
        else:
            held.leave()
            person.standing = "gone"
        self._settle()

    @rule(person=people)
    def admit(self, person: Person | None) -> None:
        if person is None:
            return
        is_there, was_full, is_connected = self._is_there(person), self.is_full, person.standing == "waiting"
        answer = self._steer(Admit(waiting_id=person.id))
        if not is_there:
            assert answer == "no_such_waiting"
            return
        assert answer == ("full" if was_full and is_connected else None)
        person.is_accepted = True
        self._settle()

    @rule()
    def admit_all(self) -> None:
        there, places = (
            self._standing("waiting", "away"),
            CAPACITY - len(self._standing("in")) - (self.host is not None),
        )
        connected = len(self._standing("waiting"))
        assert self._steer(Admit(waiting_id=None)) == ("full" if connected > places else None)
        for person in there:
            person.is_accepted = True
        self._settle()

    @rule(person=people)
    def decline(self, person: Person | None) -> None:
        if person is None:
            return
        is_there, was_connected = self._is_there(person), person.standing == "waiting"
        answer = self._steer(Decline(waiting_id=person.id, word="No"))
        assert answer == (None if is_there else "no_such_waiting")
        if is_there:
            refusal = person.page.refusal
            assert (refusal is not None and refusal.word == "No") is was_connected
            person.standing, person.until = "declined", self.clock.now + REJECTED_S
            self._settle()

    @rule()
    def host_comes_or_goes(self) -> None:
        if self.host is not None:
            self.host[0].leave()
            self.host = None
        elif self.is_full:
            with pytest.raises(Refused, match="full"):
                self._host_enters()
        else:
            self.host = self._host_enters()
        self._settle()

    def _host_enters(self) -> tuple[Seat, Page]:
        return self.runner.run(self.house.enter(self.meeting, "Hedy", pin="9876", source="hers"))

    def _is_there(self, person: Person) -> bool:
        """Whether a host may still say something of them."""
        return person.standing == "waiting" or (person.standing == "away" and not person.is_accepted)

    @rule(is_locked=st.booleans())
    def lock(self, is_locked: bool) -> None:
        self.house.steer(self.meeting, Lock(is_locked=is_locked))
        self.is_locked = is_locked
        self._settle()

    @rule(seconds=st.floats(0.1, 40.0))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds
        for person in self._standing("away", "declined"):
            if self.clock.now >= person.until:
                person.standing = "gone"
        self._settle()

    @rule()
    def restart(self) -> None:
        """A crash that comes after the last change was written: whoever waited may wait on."""
        for writer in (self.house.writer, self.house.waiting_writer, self.house.bans_writer):
            assert self.runner.run(writer.flush())
        seats = self._standing("in")
        self.house = self.runner.run(self.house.restarted())
        for person in self._standing("waiting", "away"):
            person.standing, person.until = "away", self.clock.now + HELD_S
        for person in seats:
            person.page = self.runner.run(self.house.enter(self.meeting, person.name, seat_token=person.token))[1]
        if self.host is not None:
            token = self.host[0].welcome.seat_token
            self.host = self.runner.run(self.house.enter(self.meeting, "Hedy", seat_token=token))
        self._settle()

    @invariant()
    def everybody_is_where_the_model_says(self) -> None:
        room = self.house.registry.find(self.meeting.id)
        seated = set(room.participants) if room else set()
        hosts = {self.host[0].participant_id} if self.host else set()
        assert seated - hosts == {person.id for person in self._standing("in")}
        waiting = {each.id for each in self.house.waiting.list(self.meeting.id)}
        pending = {person.id for person in self._standing("away") if not person.is_accepted}
        assert waiting == pending | {person.id for person in self._standing("waiting")}

    @invariant()
    def who_waits_hears_nothing_and_is_heard_by_nobody(self) -> None:
        known_to_media = {
            command.participant.participant_id
            for _, command in self.house.media.told
            if isinstance(command, SetParticipant)
        }
        for person in self._standing("waiting", "away", "declined"):
            assert person.page.told == []
            assert person.id not in known_to_media

    @invariant()
    def the_host_sees_who_waits(self) -> None:
        if self.host is not None:
            seat, page = self.host
            lists = [message.waiting for message in page.told if isinstance(message, WaitingList)]
            seen = lists[-1] if lists else seat.welcome.waiting
            assert [each.id for each in seen] == [each.id for each in self.house.waiting.list(self.meeting.id)]


TestWaitingLife = WaitingLife.TestCase
TestWaitingLife.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
