"""A control plane with real storage, real rooms and one door, on a media plane that only remembers what it was told."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from confserver.auth.identity import User
from confserver.doorway import open_door
from confserver.events import RoomEvent, RoomEvents
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.bans import Bans
from confserver.rooms.edits import MeetingEdits
from confserver.rooms.lifetimes import Lifetimes
from confserver.rooms.media_side import MediaSide
from confserver.rooms.recall import Recall
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.room import Room
from confserver.rooms.rooms import Rooms
from confserver.rooms.seat_book import SeatBook
from confserver.rooms.waiting_rooms import WaitingRooms
from confserver.services import Services
from confserver.store.write_behind import WriteBehind
from mixer.client import MediaPlane
from mixer.params import Command, Fingerprint, Purpose
from signaling.commands import Command as RoomCommand
from signaling.errors import Refused
from signaling.ports import EndReason, Knock, Look, RoomMessage, Seat, Waiting, WaitingPlace
from tests.confserver.conftest import Clock

OPERATOR = Actor("user", "u", "Olga", Role.HOST)
"""Somebody who hosts the meeting by the API."""

LOOK = Look(text="Welcome")
ADDRESSES = ("192.0.2.1", "2001:db8::1")


@dataclass
class FakeWorker:
    """A worker as those who describe transports see it; it has two certificates' digests, of which one is told."""

    port: int = 10_000
    fingerprints: tuple[Fingerprint, ...] = (
        Fingerprint("sha-1", "00"),
        Fingerprint("sha-256", ":".join(["AB"] * 32)),
    )
    restarts: int = 0


@dataclass
class FakeMedia:
    """Stands in for `mixer.client.MediaPlane`. `told`: the commands with their rooms; `hosted`: rooms with a worker;
    `questions`: how often it was asked for figures.
    """

    told: list[tuple[str, Command]] = field(default_factory=list)
    hosted: set[str] = field(default_factory=set)
    workers: list[FakeWorker] = field(default_factory=lambda: [FakeWorker()])
    figures: dict[str, float] = field(default_factory=dict)
    questions: int = 0

    def send(self, room_id: str, command: Command) -> None:
        self.worker_of(room_id)
        self.told.append((room_id, command))

    def worker_of(self, room_id: str) -> FakeWorker:
        self.hosted.add(room_id)
        return self.workers[0]

    def release(self, room_id: str) -> None:
        self.hosted.discard(room_id)

    async def stats(self) -> list[dict[str, float]]:
        self.questions += 1
        await asyncio.sleep(0)
        return [self.figures for _ in self.workers]


@dataclass
class FakeMusic:
    """Stands in for the lobby. `heard`: the places that have media there."""

    heard: set[str] = field(default_factory=set)

    async def negotiate(
        self, meeting: Meeting, place_id: str, sdp: str, lines: Mapping[str, Purpose], is_new: bool
    ) -> str:
        self.heard.add(place_id)
        return "v=0"

    def close(self, meeting_id: str, place_id: str) -> None:
        self.heard.discard(place_id)


class HouseClock:
    """The real one, until a test moves it by hand."""

    def __init__(self) -> None:
        self.by_hand: Clock | None = None

    def time(self) -> float:
        return self.by_hand.now if self.by_hand else time.time()

    def monotonic(self) -> float:
        return self.by_hand.now if self.by_hand else time.monotonic()


@dataclass
class Page:
    """Somebody's page: what it was told, its seat or place and what it said, and how its stay ended."""

    told: list[RoomMessage] = field(default_factory=list)
    ended: EndReason | None = None
    seat: Seat | None = None
    place: WaitingPlace | None = None
    refusal: Refused | None = None
    waiting: Waiting | None = None

    def notify(self, message: RoomMessage) -> None:
        self.told.append(message)

    def admitted(self, seat: Seat) -> None:
        self.seat, self.place = seat, None

    def made_to_wait(self, place: WaitingPlace) -> None:
        self.place, self.waiting = place, place.waiting

    def refused(self, refusal: Refused) -> None:
        self.refusal, self.place = refusal, None

    def close(self, reason: EndReason) -> None:
        self.ended = reason


class House:
    """`owner` owns every meeting made here. `media` and `published` are what the planes below and beside were told."""

    def __init__(self, services: Services, owner: User) -> None:
        self.services = services
        self.owner = owner
        self.clock = HouseClock()
        self.media = FakeMedia()
        self.published: list[RoomEvent] = []
        self.events = RoomEvents()
        self.events.emitter.on(RoomEvents.ANY, self.published.append)
        plane = cast(MediaPlane, self.media)
        self.side = MediaSide(plane, ADDRESSES)
        self.book = SeatBook(self.clock.time)
        self.bans = Bans(self.clock.time)
        self.edits = MeetingEdits(services.meetings.update)
        self.writer = WriteBehind(self.book, services.seats, "seats and rooms")
        self.edits_writer = WriteBehind(self.edits, self.edits, "meetings")
        self.music = FakeMusic()
        self.waiting = WaitingRooms(self.events, self.music, self.clock.time, self.clock.monotonic)
        self.waiting_writer = WriteBehind(self.waiting.ledger, services.waiting, "who waits")
        self.bans_writer = WriteBehind(self.bans.ledger, services.bans, "bans")
        self.registry = RoomRegistry(
            plane, self.events, self.book, max_speakers=6, bans=self.bans, waiting=self.waiting, edits=self.edits
        )
        self.lifetimes = Lifetimes(self.registry, services.meetings, services.lives, self.events, max_online=3)
        self.lives_writer = WriteBehind(self.lifetimes.book, services.lives, "states of meetings")
        self.rooms = Rooms(
            self.registry, self.book, self.waiting, self.bans, self.lifetimes, self.clock.time, self.clock.monotonic
        )
        self.door = open_door(services, self.rooms, self.side, lambda tenant_id: LOOK, self.music, self.events)
        self.tokens_writer = WriteBehind(self.door.given_back, services.join_tokens, "tokens given back")
        self.door.is_open = True

    async def meeting(self, **fields: Any) -> Meeting:
        """A stored meeting of the owner's."""
        definition = {"subject": "Weekly", "mode": "VIDEO", "timezone": "Europe/Berlin", **fields}
        return await self.services.meetings.create(self.owner, MeetingDefinition.model_validate(definition))

    async def enter(self, meeting: Meeting, name: str = "Bob", **shown: Any) -> tuple[Seat, Page]:
        """Knock with the invite link, unless `shown` says otherwise. Raises Refused."""
        page = await self.knock(meeting, name, **shown)
        assert page.seat is not None
        return page.seat, page

    async def knock(self, meeting: Meeting, name: str = "Bob", **shown: Any) -> Page:
        """The same, for who may have to wait. Raises Refused."""
        page = Page()
        await self.door.enter(knock(meeting, name, **shown), page)
        return page

    def steer(self, meeting: Meeting, command: RoomCommand, actor: Actor = OPERATOR) -> None:
        """What the API asks of a meeting. Raises NotFound, Forbidden, Conflict."""
        self.registry.obey(meeting, actor, command)

    async def restarted(self) -> "House":
        """Another server on the same storage, which opens its door now. What was not flushed is lost."""
        house = House(self.services, self.owner)
        house.clock.by_hand = self.clock.by_hand
        stored = self.services
        recall = Recall(stored.meetings, house.rooms, stored.seats, stored.waiting, stored.bans)
        await recall.read()
        recall.restore()
        return house

    def room(self, meeting: Meeting) -> Room:
        """The meeting's room, which is live."""
        room = self.registry.find(meeting.id)
        assert room is not None
        return room


def knock(meeting: Meeting, name: str = "Bob", **shown: Any) -> Knock:
    """What a guest's page shows at the door."""
    fields = {
        "access_key": meeting.access_key, "meeting_id": None, "pin": None, "token": None, "is_muted": False,
        "has_camera": True, "source": "198.51.100.7",
    }  # fmt: skip
    return Knock(display_name=name, **fields | shown)
