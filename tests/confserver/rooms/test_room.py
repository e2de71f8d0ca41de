"""What those in a room are told, and what the media plane is told, when something changes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from confserver.events import RoomEvent, RoomEvents
from confserver.rooms.admission import Role
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
from signaling.ports import (
    EndReason,
    Joined,
    LeaveReason,
    Left,
    MediaLost,
    RoomChanged,
    Slots,
    Speakers,
    Updated,
)
from tests.confserver.rooms.house import Page

TRANSPORT = TransportParams("a", "b", "c", "d", ())


@dataclass
class Scene:
    """A room, what its media plane was told and what it published."""

    obeyed: list[Command] = field(default_factory=list)
    published: list[RoomEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        events = RoomEvents()
        events.emitter.on(RoomEvents.ANY, self.published.append)
        self.book = SeatBook()
        self.room = Room(RoomParams("m", cells=4), self.obeyed.append, events, self.book)

    def enter(self, name: str, role: Role = Role.GUEST) -> tuple[Participant, Page]:
        page = Page()
        seat = SeatRecord(f"seat of {name}", "m", name, role, order=0)
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


def test_mutes_add_up_and_each_is_undone_by_who_made_it(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    room, ada_id = scene.room, ada.participant_id
    room.mute(ada_id, True)
    assert page.told == [Updated(ada.view())]
    assert ada.view().is_muted
    assert ada.view().is_muted_by_host
    with pytest.raises(RequestError, match="host"):
        room.set_own(ada_id, is_muted=False)
    room.set_own(ada_id, is_muted=True)
    room.mute(ada_id, False)
    assert ada.is_muted
    assert scene.obeyed[-1] == SetParticipant("m", ada.params())
    room.set_own(ada_id, is_muted=False)
    assert not ada.is_muted


def test_only_a_host_silences_a_screen_too(scene: Scene) -> None:
    ada, _ = scene.enter("Ada")
    scene.room.set_own(ada.participant_id, is_muted=True)
    assert (ada.params().is_muted, ada.params().is_silenced) == (True, False)
    scene.room.mute(ada.participant_id, True)
    assert (ada.params().is_muted, ada.params().is_silenced) == (True, True)


def test_one_is_removed_and_told_so(scene: Scene) -> None:
    _, page = scene.enter("Ada", Role.HOST)
    bob, bobs_page = scene.enter("Bob")
    scene.room.remove(bob.participant_id)
    assert bobs_page.ended is EndReason.REMOVED
    assert page.told[-1] == Left(bob.participant_id, LeaveReason.REMOVED)
    with pytest.raises(RequestError):
        scene.room.remove(bob.participant_id)


def test_lock_layout_and_subject_reach_everybody_once(scene: Scene) -> None:
    _, page = scene.enter("Ada")
    changes: list[Callable[[], None]] = [
        lambda: scene.room.lock(True),
        lambda: scene.room.resize(2),
        lambda: scene.room.rename("New"),
    ]
    for change in changes:
        change()
        change()
    assert [message for message in page.told if isinstance(message, RoomChanged)][:2] == [
        RoomChanged(is_locked=True),
        RoomChanged(cells=2),
    ]
    assert RoomChanged(subject="New") in page.told


def test_media_news_reach_whom_they_concern(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    _, bobs_page = scene.enter("Bob")
    scene.room.open_endpoint(EndpointParams("e", ada.participant_id, TRANSPORT, ()))
    page.told.clear()
    slots = (SlotView("1", None, None, None),)
    scene.room.hear(SlotsChanged("m", "e", slots))
    scene.room.hear(SlotsChanged("m", "gone", slots))
    scene.room.hear(SpeakersChanged("m", ("x",)))
    scene.room.hear(EndpointLost("m", "e", "consent-expired"))
    scene.room.hear(EndpointLost("m", "e", "consent-expired"))
    assert page.told == [Slots(slots), Speakers(("x",)), MediaLost()]
    assert bobs_page.told == [Speakers(("x",))]


def test_an_endpoint_goes_with_its_participant(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    scene.room.open_endpoint(EndpointParams("e", ada.participant_id, TRANSPORT, ()))
    scene.room.close_endpoint("e")
    assert scene.obeyed[-1] == CloseEndpoint("m", "e")
    scene.room.open_endpoint(EndpointParams("f", ada.participant_id, TRANSPORT, ()))
    scene.room.leave(ada.participant_id, LeaveReason.LEFT)
    scene.room.hear(EndpointLost("m", "f", "dtls-closed"))
    assert page.told == []


def test_a_new_media_worker_is_told_everything_and_the_pages_come_back(scene: Scene) -> None:
    ada, page = scene.enter("Ada")
    scene.room.mute(ada.participant_id, True)
    scene.obeyed.clear()
    scene.room.reopen()
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


def test_a_room_for_sound_only_shows_nobody(scene: Scene) -> None:
    ada, _ = scene.enter("Ada")
    scene.room.resize(0)
    scene.room.set_own(ada.participant_id, has_camera=True, has_screen=True)
    assert not ada.has_camera
    assert not ada.has_screen
    bob, _ = scene.enter("Bob")
    assert not bob.has_camera
