"""People in a live room without a door, a database or a network: seats, pages, and what the planes around were told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from confserver.events import RoomEvent, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.bans import Bans
from confserver.rooms.chat import ChatLog
from confserver.rooms.edits import Fields, MeetingEdits
from confserver.rooms.marks import Marks
from confserver.rooms.participant import Participant
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.room import Room
from confserver.rooms.seat import RoomSeat
from confserver.rooms.seat_book import SeatBook, SeatRecord
from confserver.rooms.waiting_rooms import WaitingRooms
from mixer.client import MediaPlane
from mixer.params import ParticipantParams, SetParticipant
from signaling.commands import Command
from signaling.ports import RoomMessage
from signaling.sdp.negotiate import LocalDescription
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import FakeMedia, FakeMusic, Page


def meeting(**fields: Any) -> Meeting:
    """A meeting that nobody has stored; its owner has the user id `owner`."""
    made = {
        "id": "m", "tenant_id": "t", "tenant_domain": "default", "owner_id": "owner", "ownership": "ada",
        "host_name": "Ada", "extension_number": "110200800", "access_key": "k", "revision": 1,
        "created_at": datetime(2026, 1, 1, tzinfo=UTC), "subject": "Weekly", "mode": "VIDEO", "timezone": "UTC",
        "layout": "LAYOUT4",
    }  # fmt: skip
    return Meeting.model_validate({**made, **fields})


@dataclass
class Person:
    """Somebody in the room, with their page; `told`: since it was looked at last."""

    participant: Participant
    seat: RoomSeat
    page: Page

    @property
    def id(self) -> str:
        return self.participant.participant_id

    @property
    def told(self) -> list[RoomMessage]:
        told, self.page.told = self.page.told, []
        return told


@dataclass
class Gathering:
    """One meeting. `written`: what was to be stored of it; `media` and `published`: see `House`."""

    definition: Meeting = field(default_factory=meeting)
    people: dict[str, Person] = field(default_factory=dict)
    media: FakeMedia = field(default_factory=FakeMedia)
    published: list[RoomEvent] = field(default_factory=list)
    written: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        events = RoomEvents()
        events.emitter.on(RoomEvents.ANY, self.published.append)
        self.book, self.bans = SeatBook(self.clock.monotonic), Bans(self.clock.monotonic)
        self.edits = MeetingEdits(self._write)
        self.chat = ChatLog(self.clock.monotonic, self.clock.monotonic)
        self.waiting = WaitingRooms(events, FakeMusic(), self.clock.monotonic, self.clock.monotonic)
        self.registry = RoomRegistry(
            cast(MediaPlane, self.media),
            events,
            self.book,
            max_speakers=6,
            bans=self.bans,
            waiting=self.waiting,
            edits=self.edits,
        )

    @property
    def room(self) -> Room:
        """The live room, opened if it is not; its chat on invented time."""
        room = self.registry.open(self.definition)
        room.chat = self.chat
        return room

    def join(self, name: str, role: Role = Role.GUEST, **fields: Any) -> Person:
        """Somebody takes a seat with these fields of `SeatRecord`."""
        marks = fields.pop("marks", Marks(source=f"of {name}"))
        record = SeatRecord(f"id of {name}", "m", name, role, order=0, marks=marks, **fields)
        page, room = Page(), self.room
        participant = room.enter(record, page, has_camera=True)
        self.people[name] = self._person(participant, page, is_resumed=False)
        return self.people[name]

    def resume(self, name: str) -> Person:
        """They come back to the seat that is held for them."""
        page, participant = Page(), self.people[name].participant
        self.room.resume(participant, participant.record("m"), page, has_camera=participant.has_camera)
        self.people[name] = self._person(participant, page, is_resumed=True)
        return self.people[name]

    def api(self, actor: Actor, command: Command) -> None:
        """Raises NotFound, Forbidden, Conflict."""
        self.registry.obey(self.definition, actor, command)

    def params(self) -> dict[str, ParticipantParams]:
        """What the media plane knows of each who is in."""
        told = [command.participant for _, command in self.media.told if isinstance(command, SetParticipant)]
        return {each.participant_id: each for each in told if each.participant_id in self.room.participants}

    def forget_told(self) -> None:
        """From here on."""
        self.published.clear()
        for person in self.people.values():
            person.page.told.clear()

    def _person(self, participant: Participant, page: Page, *, is_resumed: bool) -> Person:
        welcome = self.room.welcome(participant, "token", is_resumed=is_resumed)
        clock = self.clock.monotonic
        return Person(
            participant, RoomSeat(self.room, participant, page, welcome, _describe, self.registry, clock), page
        )

    async def _write(self, meeting_id: str, fields: Fields) -> None:
        self.written.update(fields)


def _describe() -> LocalDescription:
    raise AssertionError("nobody negotiates here")
