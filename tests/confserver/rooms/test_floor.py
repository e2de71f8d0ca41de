"""Who is heard and seen: what another participant's page and the media plane learn of each command."""

import pytest

from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from mixer.params import OpenRoom, ParticipantParams, RoomParams
from signaling.commands import (
    AskToUnmute,
    Command,
    GiveFloor,
    Lock,
    MakeChairman,
    MakeHost,
    Mute,
    MuteAll,
    MuteOnEntry,
    Rename,
    SetControl,
    SetLayout,
    SetOwn,
    StopCamera,
)
from signaling.errors import RequestError
from signaling.ports import AskedToUnmute, PeopleUpdated, RoomChanged, Updated
from tests.confserver.rooms.gathering import Gathering, Person


class Meeting(Gathering):
    """Ada steers, Bob is steered, Cleo looks on."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ada, self.bob, self.cleo = self.join("Ada", Role.HOST), self.join("Bob"), self.join("Cleo")
        self.forget_told()

    def of(self, person: Person) -> ParticipantParams:
        return self.params()[person.id]

    def command(self, *commands: Command) -> None:
        for command in commands:
            self.ada.seat.obey(command)


@pytest.fixture
def scene() -> Meeting:
    return Meeting()


def test_mutes_add_up_and_each_is_undone_by_who_made_it(scene: Meeting) -> None:
    bob = scene.bob
    scene.command(Mute(participant_id=bob.id, is_muted=True))
    assert scene.cleo.told == [Updated(bob.participant.view())]
    assert (scene.of(bob).is_muted, scene.of(bob).is_silenced) == (True, True)
    with pytest.raises(RequestError, match="host") as refused:
        bob.seat.obey(SetOwn(is_muted=False))
    assert refused.value.code == "muted_by_host"
    bob.seat.obey(SetOwn(is_muted=True))
    scene.command(Mute(participant_id=bob.id, is_muted=False))
    # What is left is their own mute, which covers the microphone only.
    assert (scene.of(bob).is_muted, scene.of(bob).is_silenced) == (True, False)
    bob.seat.obey(SetOwn(is_muted=False))
    assert not scene.of(bob).is_muted


def test_what_changes_nothing_is_told_to_nobody(scene: Meeting) -> None:
    told = len(scene.media.told)
    scene.bob.seat.obey(SetOwn(is_muted=False, has_camera=True, display_name="Bob"))
    scene.command(Mute(participant_id=scene.bob.id, is_muted=False), Lock(is_locked=False))
    assert (scene.cleo.told, scene.media.told[told:], scene.published) == ([], [], [])


@pytest.mark.parametrize("may_unmute", [True, False])
def test_everybody_but_hosts_is_muted_at_once(scene: Meeting, may_unmute: bool) -> None:
    scene.command(MuteAll(is_muted=True, may_unmute=may_unmute))
    views = [person.participant.view() for person in (scene.bob, scene.cleo)]
    assert scene.cleo.told == [PeopleUpdated(tuple(views))]
    assert [view.is_muted for view in views] == [True, True]
    assert not scene.ada.participant.is_muted
    if may_unmute:
        scene.bob.seat.obey(SetOwn(is_muted=False))
    else:
        with pytest.raises(RequestError, match="host muted you"):
            scene.bob.seat.obey(SetOwn(is_muted=False))
        scene.command(MuteAll(is_muted=False))
    assert not scene.of(scene.bob).is_muted


def test_who_is_asked_to_unmute_may_and_is_not_opened(scene: Meeting) -> None:
    scene.command(Mute(participant_id=scene.bob.id, is_muted=True), AskToUnmute(participant_id=scene.bob.id))
    assert scene.bob.told[-1] == AskedToUnmute("Ada")
    assert AskedToUnmute("Ada") not in scene.cleo.told
    assert scene.of(scene.bob).is_muted
    scene.bob.seat.obey(SetOwn(is_muted=False))
    assert not scene.of(scene.bob).is_muted


def test_a_stopped_camera_stays_off_until_its_owner_turns_it_on(scene: Meeting) -> None:
    scene.command(StopCamera(participant_id=scene.bob.id, is_stopped=True))
    assert scene.cleo.told == [Updated(scene.bob.participant.view())]
    assert (scene.of(scene.bob).has_camera, scene.bob.participant.view().is_camera_stopped) == (False, True)
    with pytest.raises(RequestError) as refused:
        scene.bob.seat.obey(SetOwn(has_camera=True))
    assert refused.value.code == "camera_stopped"
    scene.bob.seat.obey(SetOwn(has_camera=False, has_screen=True))
    scene.command(StopCamera(participant_id=scene.bob.id, is_stopped=False))
    assert (scene.of(scene.bob).has_camera, scene.of(scene.bob).has_screen) == (False, True)
    scene.bob.seat.obey(SetOwn(has_camera=True))
    assert scene.of(scene.bob).has_camera


def test_under_master_only_who_has_the_floor_is_heard_and_seen(scene: Meeting) -> None:
    for person in (scene.ada, scene.bob):
        person.seat.obey(SetOwn(has_screen=True))
    scene.command(SetControl(control="MASTER"))
    assert scene.cleo.told[-1] == RoomChanged(control="MASTER")
    silent, unseen = {"is_muted": True, "is_silenced": True}, {"has_camera": False, "has_screen": False, "position": -1}
    expected = ParticipantParams(participant_id=scene.bob.id, order=1, **silent, **unseen)
    assert scene.of(scene.bob) == expected
    assert not scene.of(scene.ada).is_muted
    assert scene.of(scene.ada).has_screen
    # Of themselves they are as they were: nobody muted them.
    assert not scene.bob.participant.view().is_muted
    scene.command(GiveFloor(participant_id=scene.bob.id, has_floor=True))
    assert (scene.of(scene.bob).is_muted, scene.of(scene.bob).has_camera, scene.of(scene.bob).has_screen) == (
        False, True, True,
    )  # fmt: skip
    assert scene.cleo.told[-1] == Updated(scene.bob.participant.view())
    assert scene.bob.participant.view().has_floor
    scene.command(Mute(participant_id=scene.bob.id, is_muted=True))
    assert scene.of(scene.bob).is_muted
    scene.command(GiveFloor(participant_id=scene.bob.id, has_floor=False), SetControl(control="FREE"))
    assert (scene.of(scene.bob).is_muted, scene.of(scene.bob).has_camera) == (True, True)
    assert scene.of(scene.cleo).position is None


def test_a_new_host_has_the_floor_and_loses_it_as_a_guest(scene: Meeting) -> None:
    scene.command(SetControl(control="MASTER"), MakeHost(participant_id=scene.bob.id, is_host=True))
    assert not scene.of(scene.bob).is_muted
    assert scene.bob.told[-1] == Updated(scene.bob.participant.view())
    assert scene.bob.participant.view().role == "host"
    scene.command(MakeHost(participant_id=scene.bob.id, is_host=False))
    assert scene.of(scene.bob).is_muted


def test_the_meeting_is_handed_over_with_its_main_picture(scene: Meeting) -> None:
    scene.command(MakeChairman(participant_id=scene.bob.id))
    ada, bob = scene.ada.participant.view(), scene.bob.participant.view()
    assert (ada.role, ada.is_chairman, bob.role, bob.is_chairman) == ("host", False, "host", True)
    assert scene.cleo.told == [RoomChanged(spotlight_id=bob.id), PeopleUpdated((ada, bob))]
    assert scene.of(scene.bob).position == 0
    # It was given: the owner, who comes later, takes it from nobody.
    owner = scene.join("Owner", Role.HOST, marks=Marks(user_id="owner"))
    assert not owner.participant.is_chairman
    assert [each.chairman for each in scene.registry.participants("m")] == [False, True, False, False]


def test_somebody_is_called_otherwise_and_no_login_vouches_for_it(scene: Meeting) -> None:
    dan = scene.join("Dan", is_verified=True)
    dan.seat.obey(SetOwn(display_name="Dan", is_muted=True))
    assert dan.participant.view().is_verified
    scene.command(Rename(participant_id=dan.id, display_name="Danny"))
    assert scene.cleo.told[-1] == Updated(dan.participant.view())
    assert (dan.participant.display_name, dan.participant.is_verified) == ("Danny", False)


def test_no_guest_passes_for_a_host_or_the_owner(scene: Meeting) -> None:
    host = scene.join("Grace Hopper", Role.HOST)
    for name in ("\N{FULLWIDTH LATIN CAPITAL LETTER G}RACE hopper", "ada"):
        scene.bob.seat.obey(SetOwn(display_name=name))
        assert scene.bob.participant.display_name == f"{name} (guest)"
    scene.command(Rename(participant_id=scene.bob.id, display_name="Grace  Hopper"))
    assert scene.bob.participant.display_name == "Grace  Hopper (guest)"
    host.seat.obey(SetOwn(display_name="Ada"))
    assert host.participant.display_name == "Ada"


def test_the_layout_changes_for_everybody_and_is_stored(scene: Meeting) -> None:
    scene.command(SetLayout(layout="LAYOUT2"), MuteOnEntry(is_on=True), Lock(is_locked=True))
    assert scene.cleo.told == [
        RoomChanged(layout="LAYOUT2", cells=2),
        RoomChanged(is_mute_on_entry=True),
        RoomChanged(is_locked=True),
    ]
    assert ("m", OpenRoom(RoomParams("m", cells=2))) in scene.media.told
    assert scene.registry.is_locked("m")
    changes = scene.edits.take_changes()
    assert changes == {"m": {"layout": "LAYOUT2", "mute_on_entry": True}}


def test_commands_about_somebody_who_is_reconnecting_wait_for_them(scene: Meeting) -> None:
    scene.bob.seat.disconnect(is_going_away=False)
    scene.forget_told()
    scene.command(
        Mute(participant_id=scene.bob.id, is_muted=True),
        StopCamera(participant_id=scene.bob.id, is_stopped=True),
        AskToUnmute(participant_id=scene.bob.id),
        GiveFloor(participant_id=scene.bob.id, has_floor=True),
        MakeChairman(participant_id=scene.bob.id),
    )
    assert scene.bob.told == []
    back = scene.resume("Bob")
    own = next(each for each in back.seat.welcome.participants if each.id == back.id)
    assert (own.is_muted, own.is_muted_by_host, own.is_camera_stopped, own.has_camera) == (True, False, True, False)
    assert (own.has_floor, own.is_chairman, back.seat.welcome.role) == (True, True, "host")
    assert back.seat.welcome.spotlight_id == back.id


def test_what_happened_is_published_with_who_did_it(scene: Meeting) -> None:
    scene.command(
        Mute(participant_id=scene.bob.id, is_muted=True),
        MakeHost(participant_id=scene.bob.id, is_host=True),
        SetLayout(layout="LAYOUT1"),
    )
    scene.cleo.seat.obey(SetOwn(has_camera=False))
    scene.cleo.seat.disconnect(is_going_away=False)
    scene.resume("Cleo").seat.leave()
    happened = [(event.kind.value, event.participant_id, event.detail, dict(event.data)) for event in scene.published]
    bob, cleo = scene.bob.id, scene.cleo.id
    by_ada = {"by": "Ada", "by_id": scene.ada.id}
    whole = {"display_name": "Cleo", "role": "guest", "via": "browser", "seat_id": cleo}
    assert happened == [
        ("participant.updated", bob, None, {"is_muted": True, "is_muted_by_host": True, **by_ada}),
        ("participant.role", bob, "host", {"role": "host", **by_ada}),
        ("participant.updated", bob, None, {"has_floor": True, **by_ada}),
        ("room.changed", None, None, {"cells": 1, "layout": "LAYOUT1", **by_ada}),
        ("participant.updated", cleo, None, {"has_camera": False, "by": "Cleo", "by_id": cleo}),
        ("participant.reconnecting", cleo, None, {}),
        ("participant.returned", cleo, None, {}),
        ("participant.left", cleo, "left", whole),
    ]
    assert {(event.tenant_id, event.meeting_id) for event in scene.published} == {("t", "m")}
