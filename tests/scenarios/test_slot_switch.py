"""A slot changes its source, layer and camera without renegotiation, and nobody sees a seam."""

from itertools import pairwise

import pytest
from video_world import Decoder, Viewer, World


def assert_seamless(decoder: Decoder) -> None:
    """What a decoder needs at every frame: whole frames of one source, continuous ids, growing timestamps."""
    assert decoder.mixed_frames == 0
    assert decoder.missing() == []
    for before, after in pairwise(decoder.shown):
        assert 0 < (after[3] - before[3]) & 0xFFFFFFFF < 90_000, "timestamps go on by elapsed time"
        assert (after[4] - before[4]) & 0x7FFF == 1, "PictureID goes on by one"
        assert (after[5] - before[5]) & 0xFF == 1, "TL0PICIDX goes on by one"
        assert after[6] or after[2] == before[2], "another source begins with a key frame"


def assert_named_rightly(world: World, viewer_id: str, viewer: Viewer) -> None:
    """Each frame's generation belongs to the participant whose picture it is."""
    numbers = {publisher.number: name for name, publisher in world.publishers.items()}
    for mid, decoder in viewer.decoders.items():
        for at, number, _, timestamp, *_ in decoder.shown:
            told = [
                view.participant_id
                for when, views in world.views[viewer_id]
                for view in views
                if when <= at and view.mid == mid and view.generation == timestamp & 7
            ]
            assert told[-1] == numbers[number]


def longest_gap(decoder: Decoder) -> float:
    return max(after[0] - before[0] for before, after in pairwise(decoder.shown))


@pytest.mark.parametrize("seed", range(3))
def test_the_one_slot_follows_the_speaker(seed: int) -> None:
    world = World(seed)
    for name in ("ada", "bob", "eve"):
        world.publish(name)
    viewer = world.watch("viewer", slots=1)
    world.run(1.0)
    decoder = viewer.decoders["s0"]
    for turn in range(12):
        speaker = ("bob", "eve", "ada")[turn % 3]
        asked_at = world.now
        world.room.speaking([speaker], world.now)
        world.run(1.0)
        number = world.publishers[speaker].number
        latency = next(shown[0] for shown in decoder.shown if shown[0] >= asked_at and shown[1] == number) - asked_at
        assert latency < 0.5, "a switch is seen within half a second"
        assert decoder.shown[-1][1] == number
    assert_seamless(decoder)
    assert_named_rightly(world, "viewer", viewer)
    assert longest_gap(decoder) < 0.2, "the old picture goes on until the new one is there"


def test_switches_under_loss_show_nobody_under_a_wrong_name() -> None:
    world = World(seed=7, loss=0.1, jitter_s=0.02)
    for name in ("ada", "bob", "eve", "joe"):
        world.publish(name)
    viewer = world.watch("viewer", slots=2)
    for turn in range(10):
        world.room.speaking([("bob", "eve", "ada", "joe")[turn % 4]], world.now)
        world.run(0.7)
    world.run(1.0)
    assert_named_rightly(world, "viewer", viewer)
    for decoder in viewer.decoders.values():
        assert decoder.mixed_frames == 0
        assert len(decoder.shown) > 100


def test_who_stays_keeps_the_slot() -> None:
    world = World()
    for name in ("ada", "bob", "eve"):
        world.publish(name)
    world.watch("viewer", slots=2)
    world.run(1.0)
    world.room.speaking(["bob"], world.now)
    world.run(0.5)
    world.room.speaking(["eve"], world.now)
    world.run(0.5)
    mids = {view.participant_id: view.mid for view in world.views["viewer"][-1][1]}
    assert mids == {"bob": "s1", "eve": "s0"}


def test_a_camera_switched_off_is_told_at_once_and_sends_no_more() -> None:
    world = World()
    world.publish("ada")
    viewer = world.watch("viewer", slots=1)
    world.run(1.0)
    world.set_participant("ada", has_camera=False)
    [view] = world.views["viewer"][-1][1]
    assert (view.participant_id, view.generation) == ("ada", None)
    sent = viewer.sent_to
    world.run(1.0)
    assert viewer.sent_to == sent
    world.set_participant("ada", has_camera=True)
    world.run(1.0)
    decoder = viewer.decoders["s0"]
    [view] = world.views["viewer"][-1][1]
    assert view.generation == 1
    assert decoder.shown[-1][3] & 7 == 1
    assert decoder.shown[-1][0] > world.now - 0.1
    assert decoder.mixed_frames == 0


def test_the_best_layer_is_sent_and_the_next_when_it_dies() -> None:
    world = World()
    publisher = world.publish("ada", rids=("q", "h", "f"))
    viewer = world.watch("viewer", slots=1)
    world.run(2.0)
    decoder = viewer.decoders["s0"]
    full, half = publisher.layers["f"], publisher.layers["h"]
    assert decoder.shown[-1][2] == full.ssrc
    full.is_on = False
    world.run(2.0)
    assert decoder.shown[-1][2] == half.ssrc
    full.is_on = full.wants_key_frame = True
    world.run(2.0)
    assert decoder.shown[-1][2] == full.ssrc
    assert decoder.shown[-1][3] & 7 == 0, "layers of one picture are one generation"
    assert decoder.missing() == []
    assert decoder.mixed_frames == 0
    assert longest_gap(decoder) < 1.3
    gaps = [(after[4] - before[4]) & 0x7FFF for before, after in pairwise(decoder.shown)]
    assert set(gaps) == {1}


def test_one_request_refreshes_all_layers_for_all_viewers() -> None:
    world = World()
    publisher = world.publish("ada", rids=("q", "h", "f"))
    world.run(2.0)
    publisher.requests.clear()
    for number in range(10):
        world.watch(f"viewer{number}", slots=1)
    world.run(1.0)
    assert all(viewer.decoders["s0"].shown for viewer in world.viewers.values())
    assert len(publisher.requests) <= 2


def test_requests_are_repeated_while_the_encoder_ignores_them() -> None:
    world = World()
    publisher = world.publish("ada")
    world.run(1.0)
    publisher.key_frame_at = world.now
    publisher.requests.clear()
    viewer = world.watch("viewer", slots=1)
    world.run(0.6)
    assert viewer.decoders["s0"].shown
    assert 3 <= len(publisher.requests) <= 5


def test_the_old_picture_stays_when_the_new_one_never_comes() -> None:
    world = World()
    world.publish("ada")
    viewer = world.watch("viewer", slots=1)
    world.run(1.0)
    silent = world.publish("bob")
    silent.is_on = False
    world.room.speaking(["bob"], world.now)
    world.run(2.0)
    assert viewer.decoders["s0"].shown[-1][1] == world.publishers["ada"].number
    assert viewer.decoders["s0"].shown[-1][0] > world.now - 0.1
