"""What those in a room are told, and what the media plane is told, as people come, go and are reported on."""

from dataclasses import dataclass, field

import pytest

from confserver.events import RoomEvent, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from confserver.rooms.participant import Participant
from confserver.rooms.room import Room
from confserver.rooms.seat_book import SeatBook, SeatRecord
from mixer.events import EndpointLost, SlotsChanged, SlotView, SpeakersChanged
from mixer.params import (
    CloseEndpoint,
    CloseRoom,
    Command,
    EndpointParams,
    OpenRoom,
    RemoveParticipant,
    RoomParams,
    SetParticipant,
    TransportParams,
)
from signaling.errors import RequestError
from signaling.ports import EndReason, Joined, LeaveReason, Left, MediaLost, RoomChanged, Slots, Speakers, Updated
from tests.confserver.rooms.gathering import meeting
from tests.confserver.rooms.house import Page

TRANSPORT = TransportParams("a", "b", "c", "d", ())
OWNER = Marks(user_id="owner")


@dataclass
class Scene:
    """A room, what its media plane was told and what it published."""

    definition: Meeting = field(default_factory=meeting)
    obeyed: list[Command] = field(default_factory=list)
    published: list[RoomEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        events = RoomEvents()
        events.emitter.on(RoomEvents.ANY, self.published.append)
        self.book = SeatBook()
        self.room = Room(self.definition, 6, self.obeyed.append, events, self.book)

    def enter(self, name: str, role: Role = Role.GUEST, marks: Marks | None = None) -> tuple[Participant, Page]:
        page = Page()
        seat = SeatRecord(f"seat of {name}", "m", name, role, order=0, marks=marks or Marks())
        return self.room.enter(seat, page, has_camera=True), page


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_who_is_in_learns_of_who_comes_and_goes(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    bob, bobs_page = scene.enter("Bob")
    assert page.told == [Joined(bob.view())]
    assert bobs_page.told == []
    scene.room.leave(bob.participant_id, LeaveReason.LOST)
    scene.room.leave(bob.participant_id, LeaveReason.LEFT)
    assert page.told[1:] == [Left(bob.participant_id, LeaveReason.LOST)]
    assert scene.obeyed == [
        OpenRoom(RoomParams("m", cells=4)),
        SetParticipant("m", ada.params()),
        SetParticipant("m", bob.params()),
        RemoveParticipant("m", bob.participant_id),
    ]


def test_the_first_host_has_the_chair_until_the_owner_comes(scene: Scene) -> None:
    ada, page = scene.enter("Ada", Role.HOST)
    assert ada.is_chairman
    owner, _ = scene.enter("Owner", Role.HOST, OWNER)
    again, _ = scene.enter("Owner elsewhere", Role.HOST, OWNER)
    assert [each.is_chairman for each in (ada, owner, again)] == [False, True, False]
    # Who has it now is told of before, so that nobody sees two.
    assert page.told == [Joined(owner.view()), Updated(ada.view()), Joined(again.view())]


def test_a_guest_never_has_the_chair(scene: Scene) -> None:
    scene.enter("Ada", Role.GUEST, OWNER)
    assert scene.room.state.chairman_id is None


def test_the_host_who_is_in_longest_follows_the_chairman(scene: Scene) -> None:
    ada, _ = scene.enter("Ada", Role.HOST)
    scene.enter("Bob")
    cleo, page = scene.enter("Cleo", Role.HOST)
    dan, _ = scene.enter("Dan", Role.HOST)
    page.told.clear()
    scene.room.leave(ada.participant_id, LeaveReason.LOST)
    assert page.told == [Left(ada.participant_id, LeaveReason.LOST), Updated(cleo.view())]
    assert cleo.is_chairman
    scene.room.leave(cleo.participant_id, LeaveReason.LEFT)
    scene.room.leave(dan.participant_id, LeaveReason.LEFT)
    assert scene.room.state.chairman_id is None
    # The chair was free meanwhile.
    eve, _ = scene.enter("Eve", Role.HOST)
    assert eve.is_chairman


def test_one_is_removed_and_told_so(scene: Scene) -> None:
    _, page = scene.enter("Ada", Role.HOST)
    bob, bobs_page = scene.enter("Bob")
    scene.room.remove(bob.participant_id)
    assert bobs_page.ended is EndReason.REMOVED
    assert page.told[-1] == Left(bob.participant_id, LeaveReason.REMOVED)
    with pytest.raises(RequestError):
        scene.room.remove(bob.participant_id)


def test_what_is_edited_of_a_meeting_reaches_everybody_once(scene: Scene) -> None:
    _, page = scene.enter("Ada")
    edited = meeting(layout="LAYOUT2", subject="New", mute_on_entry=True)
    for _ in range(2):
        scene.room.follow(edited)
    changed = RoomChanged(cells=2, layout="LAYOUT2", subject="New", is_mute_on_entry=True)
    assert page.told == [changed]
    assert scene.obeyed[-1] == OpenRoom(RoomParams("m", cells=2))


def test_media_news_reach_whom_they_concern(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    _, bobs_page = scene.enter("Bob")
    media = scene.room.media
    media.open_endpoint(EndpointParams("e", ada.participant_id, TRANSPORT, ()))
    page.told.clear()
    slots = (SlotView("1", None, None, None),)
    media.hear(SlotsChanged("m", "e", slots))
    media.hear(SlotsChanged("m", "gone", slots))
    media.hear(SpeakersChanged("m", ("x",)))
    media.hear(EndpointLost("m", "e", "consent-expired"))
    media.hear(EndpointLost("m", "e", "consent-expired"))
    assert page.told == [Slots(slots), Speakers(("x",)), MediaLost()]
    assert bobs_page.told == [Speakers(("x",))]


def test_an_endpoint_goes_with_its_participant(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    media = scene.room.media
    media.open_endpoint(EndpointParams("e", ada.participant_id, TRANSPORT, ()))
    media.close_endpoint("e")
    assert scene.obeyed[-1] == CloseEndpoint("m", "e")
    media.open_endpoint(EndpointParams("f", ada.participant_id, TRANSPORT, ()))
    scene.room.leave(ada.participant_id, LeaveReason.LEFT)
    media.hear(EndpointLost("m", "f", "dtls-closed"))
    assert page.told == []


def test_a_new_media_worker_is_told_everything_and_the_pages_come_back(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    ada.is_muted_by_host = True
    scene.room.people.settle(ada)
    scene.obeyed.clear()
    scene.room.media.reopen()
    assert scene.obeyed == [OpenRoom(RoomParams("m", cells=4)), SetParticipant("m", ada.params())]
    assert page.told[-1] == MediaLost()


def test_the_end_is_told_to_all_and_published(scene: Scene) -> None:
    _, page = scene.enter("Ada")
    scene.room.close(EndReason.ENDED)
    assert page.ended is EndReason.ENDED
    assert scene.obeyed[-1] == CloseRoom("m")
    assert [event.kind.value for event in scene.published] == [
        "room.opened",
        "participant.joined",
        "participant.left",
        "room.closed",
    ]
    assert {event.tenant_id for event in scene.published} == {"t"}


def test_a_room_for_sound_only_shows_nobody() -> None:
    scene = Scene(meeting(mode="AUDIO"))
    ada, _ = scene.enter("Ada")
    ada.turn_camera(True)
    ada.turn_screen(True)
    assert not ada.has_camera
    assert not ada.has_screen
