"""Somebody waits while a meeting goes on: they hear the tune and nothing of it, the meeting nothing of them."""

from pathlib import Path

import numpy as np

from mixer.audio.codec import opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.pcm import FRAME_SAMPLES
from mixer.base.packet_file import write_packets
from mixer.params import OpenRoom, RoomParams, SetView
from tests.peers.tone import FULL_SCALE, Tone
from tests.scenarios.media_world import LOBBY, ROOM, MediaWorld

SENT_DBOV = -20.0
TUNE_HZ, ADA_HZ, EVE_HZ = 700.0, 440.0, 1500.0


def tune(path: Path) -> str:
    """A second of a tone that repeats without a seam."""
    tone, encoder = Tone(TUNE_HZ, SENT_DBOV), opus_encoder(EncoderSettings(has_dtx=False))
    frames = [(tone.next(FRAME_SAMPLES) / FULL_SCALE).astype(np.float32) for _ in range(50)]
    path.write_bytes(write_packets([encoder.encode(frame) for frame in frames]))
    return str(path)


def test_a_lobby_and_a_meeting_hear_nothing_of_one_another(tmp_path: Path) -> None:
    world = MediaWorld()
    world.obey(OpenRoom(RoomParams(LOBBY, cells=0, is_lobby=True, music=tune(tmp_path / "tune"))))
    ada, bob = world.enter("ada", Tone(ADA_HZ, SENT_DBOV)), world.enter("bob")
    eve = world.enter("eve", Tone(EVE_HZ, SENT_DBOV), has_camera=True, room_id=LOBBY)
    zoe = world.enter("zoe", slots=2, room_id=LOBBY)
    world.run(4.0)
    for waiting in (eve, zoe):
        assert abs(waiting.heard(TUNE_HZ) - SENT_DBOV) < 3.0
        assert waiting.heard(ADA_HZ) < -70.0
        assert waiting.heard(EVE_HZ) < -70.0
        assert not waiting.screen.frames
    assert abs(bob.heard(ADA_HZ) - SENT_DBOV) < 3.0
    for inside in (ada, bob):
        assert inside.heard(EVE_HZ) < -70.0
        assert inside.heard(TUNE_HZ) < -70.0


def test_a_pin_shows_one_viewer_whom_they_want_whoever_speaks() -> None:
    world = MediaWorld(cells=1)
    world.enter("ada", Tone(ADA_HZ, SENT_DBOV), has_camera=True)
    world.enter("cleo", has_camera=True)
    bob, dan = world.enter("bob", slots=1), world.enter("dan", slots=1)
    world.run(2.0)
    assert [view.participant_id for view in world.slots_told(bob)[-1]] == ["ada"]
    world.obey(SetView(ROOM, "bob", "cleo"))
    world.run(1.0)
    assert [view.participant_id for view in world.slots_told(bob)[-1]] == ["cleo"]
    assert [view.participant_id for view in world.slots_told(dan)[-1]] == ["ada"]
    world.obey(SetView(ROOM, "bob", None))
    world.run(1.0)
    assert [view.participant_id for view in world.slots_told(bob)[-1]] == ["ada"]
