"""What people hear and see of one another through the whole media server, on invented time."""

from dataclasses import replace
from itertools import pairwise

import pytest

from mixer.audio.pcm import FRAME_SAMPLES
from mixer.events import SpeakersChanged
from mixer.params import ParticipantParams, Purpose, RemoveParticipant, SetParticipant
from tests.peers.tone import Tone
from tests.scenarios.media_world import ROOM, Device, MediaWorld

SENT_DBOV = -20.0
TONES = {"ada": 440.0, "bob": 1000.0, "cleo": 2400.0}


def company(world: MediaWorld, seconds: float = 2.0) -> dict[str, Device]:
    """Three who speak, connected and heard for a while; on a bad network connecting takes a second or two of it."""
    people = {name: world.enter(name, Tone(hz, SENT_DBOV)) for name, hz in TONES.items()}
    world.run(seconds)
    assert all(device.peer.is_connected for device in people.values())
    return people


def hears(device: Device, *names: str) -> bool:
    """Whether a device hears these tones as they were sent, and none of the others."""
    levels = {name: device.heard(hz) for name, hz in TONES.items()}
    return all(
        abs(level - SENT_DBOV) <= 3 if name in names else level <= SENT_DBOV - 40 for name, level in levels.items()
    )


@pytest.mark.parametrize(("loss", "jitter_s"), [(0.0, 0.0), (0.05, 0.02)])
def test_each_hears_exactly_the_other_two(loss: float, jitter_s: float) -> None:
    world = MediaWorld(loss=loss, jitter_s=jitter_s)
    for name, device in company(world, seconds=4.0).items():
        assert hears(device, *(TONES.keys() - {name})), {each: device.heard(hz) for each, hz in TONES.items()}


def test_who_is_muted_is_silent_until_given_back_their_voice() -> None:
    world = MediaWorld()
    people = company(world)
    ada = ParticipantParams("ada", 0)
    for is_muted, heard_by_bob in ((True, {"cleo"}), (False, {"ada", "cleo"})):
        world.obey(SetParticipant(ROOM, replace(ada, is_muted=is_muted)))
        world.run(0.5)
        people["bob"].earpiece.forget()
        world.run(1.0)
        assert hears(people["bob"], *heard_by_bob)
        assert hears(people["ada"], "bob", "cleo")
    assert world.counter("drop.audio.muted") > 0


def test_two_devices_of_one_participant_do_not_hear_each_other() -> None:
    world = MediaWorld()
    telephone = world.enter("ada", Tone(TONES["ada"], SENT_DBOV))
    browser = world.add_device("ada", Tone(TONES["cleo"], SENT_DBOV))
    bob = world.enter("bob", Tone(TONES["bob"], SENT_DBOV))
    world.run(2.0)
    assert hears(telephone, "bob")
    assert hears(browser, "bob")
    assert hears(bob, "ada", "cleo")


def test_who_is_removed_is_silent_at_once_and_told_so() -> None:
    world = MediaWorld()
    people = company(world)
    world.obey(RemoveParticipant(ROOM, "ada"))
    world.run(0.1)
    assert people["ada"].peer.close_reason is not None
    people["bob"].earpiece.forget()
    world.run(1.0)
    assert hears(people["bob"], "cleo")
    assert "ada" not in world.reported(SpeakersChanged)[-1].participant_ids


def test_sound_goes_on_undisturbed_while_lines_come_and_go() -> None:
    world = MediaWorld()
    people = company(world)
    bob = people["bob"]
    for lines in (bob.lines_for(has_camera=True, slots=3), bob.lines_for(slots=1), bob.lines_for()):
        bob.earpiece.forget()
        first = len(bob.earpiece.seqs)
        bob.negotiate(lines)
        world.run(1.0)
        received = bob.earpiece.seqs[first:]
        assert received == list(range(received[0], received[0] + 50))
        assert {b - a for a, b in pairwise(bob.earpiece.timestamps[first:])} == {FRAME_SAMPLES}
        assert hears(bob, "ada", "cleo")
        people["ada"].earpiece.forget()
    world.run(1.0)
    assert hears(people["ada"], "bob", "cleo")


def test_who_comes_late_sees_a_picture_at_once() -> None:
    world = MediaWorld()
    ada = world.enter("ada", has_camera=True)
    world.run(3.0)
    assert ada.camera.asked_at == []
    viewer = world.enter("bob", slots=2)
    world.run(1.0)
    connected_at = world.connected_at(viewer)
    assert connected_at <= ada.camera.asked_at[0] <= connected_at + 0.02
    (first_at, mid, ssrc, is_key_frame), *others = viewer.screen.frames
    assert is_key_frame
    assert ssrc == ada.camera.ssrc
    assert first_at <= connected_at + 0.1
    assert {(frame[1], frame[2]) for frame in others} == {(mid, ssrc)}
    assert len(others) >= 40
    assert [(slot.mid, slot.participant_id, slot.purpose) for slot in world.slots_told(viewer)[-1]] == [
        (mid, "ada", Purpose.CAMERA),
        ("s1", None, None),
    ]


def test_a_picture_goes_on_undisturbed_while_other_slots_come_and_go() -> None:
    world = MediaWorld()
    ada = world.enter("ada", has_camera=True)
    viewer = world.enter("bob", slots=1)
    world.run(1.0)
    for slots in (3, 1):
        viewer.negotiate(viewer.lines_for(slots=slots))
        seen = len(viewer.screen.frames)
        world.run(1.0)
        assert len(viewer.screen.frames) == seen + 50
    assert ada.camera.asked_at == []
    assert [is_key_frame for *_, is_key_frame in viewer.screen.frames].count(True) == 1


def test_no_picture_is_asked_for_before_somebody_can_see_it() -> None:
    world = MediaWorld()
    ada = world.enter("ada", has_camera=True)
    world.run(1.0)
    absent = world.enter("bob", slots=2)
    absent.peer.vanish()
    world.run(1.0)
    assert ada.camera.asked_at == []
    assert world.slots_told(absent) == []


def test_a_camera_that_is_withdrawn_leaves_the_slot() -> None:
    world = MediaWorld()
    ada = world.enter("ada", has_camera=True)
    viewer = world.enter("bob", slots=1)
    world.run(1.0)
    assert viewer.screen.frames
    ada.negotiate(ada.lines_for())
    world.run(0.1)
    seen = len(viewer.screen.frames)
    world.run(0.5)
    assert len(viewer.screen.frames) == seen
    assert world.slots_told(viewer)[-1][0].generation is None
