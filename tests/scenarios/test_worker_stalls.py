"""The worker stands still for half a second: what was missed is skipped, and nothing of it comes in a burst."""

from itertools import pairwise

import pytest

from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES
from mixer.wire.stun import Address
from tests.peers.tone import Tone
from tests.scenarios.media_world import Device, MediaWorld

SENT_DBOV = -20.0
PACKETS_OF_FEEDBACK = 3
"""To one device at once: a report, what is missing, a request for a key frame."""


class DeafMux:
    """Stands in for the server's mux while the process is stopped: the kernel keeps what arrives."""

    def __init__(self) -> None:
        self.waiting: list[tuple[bytes, Address]] = []

    def receive(self, data: bytes, address: Address, now: float) -> None:
        self.waiting.append((data, address))

    def next_deadline(self) -> None:
        return None


def stand_still(world: MediaWorld, seconds: float, *, is_reading_first: bool = False) -> int:
    """Stop the server, not the others; then it ticks once, and reads what has come. Gives how many ticks it missed."""
    deaf, mux = DeafMux(), world.network.mux
    world.network.mux = deaf  # type: ignore[assignment]
    missed = round(seconds / FRAME_S) - 1
    for _ in range(missed + 1):
        for device in world.devices:
            device.send_frame()
        world.network.run(FRAME_S)
    world.network.mux = mux
    world.network.sent.clear()
    if not is_reading_first:
        world.server.tick(world.now, missed)
    for data, address in deaf.waiting:
        mux.receive(data, address, world.now)
    if is_reading_first:
        world.server.tick(world.now, missed)
    return missed


def sent_to(world: MediaWorld, device: Device) -> int:
    number = world.devices.index(device) + 1
    return sum(address[1] == 4000 + number for _, address in world.network.sent)


@pytest.mark.parametrize("seconds", [0.1, 0.5, 0.6])
def test_sound_goes_on_with_one_packet_and_its_timestamp_tells_what_is_missing(seconds: float) -> None:
    world = MediaWorld()
    ada, bob = world.enter("ada", Tone(440.0, SENT_DBOV)), world.enter("bob", Tone(1000.0, SENT_DBOV))
    world.run(2.0)
    heard = len(bob.earpiece.seqs)
    missed = stand_still(world, seconds)
    assert sent_to(world, ada) <= 1 + PACKETS_OF_FEEDBACK
    world.run(FRAME_S)
    came = bob.earpiece.timestamps[heard - 1 :]
    assert len(came) <= 1 + 3, "one was on its way when the server stopped, two are of the two ticks since"
    assert [later - earlier for earlier, later in pairwise(came)].count((missed + 1) * FRAME_SAMPLES) == 1
    assert bob.earpiece.seqs == list(range(bob.earpiece.seqs[0], bob.earpiece.seqs[-1] + 1)), "no number is left out"
    world.run(2.0)
    for device in (ada, bob):
        device.earpiece.forget()
    world.run(1.0)
    assert abs(bob.heard(440.0) - SENT_DBOV) <= 1
    assert abs(ada.heard(1000.0) - SENT_DBOV) <= 1


def test_pictures_that_waited_are_passed_on_once_and_nothing_is_asked_for() -> None:
    world = MediaWorld()
    ada, bob = world.enter("ada", has_camera=True), world.enter("bob", slots=1)
    world.run(2.0)
    asked, shown = len(ada.camera.asked_at), len(bob.screen.frames)
    missed = stand_still(world, 0.5)
    assert sent_to(world, bob) <= missed + 1 + 1 + PACKETS_OF_FEEDBACK
    world.run(1.0)
    assert len(bob.screen.frames) - shown == pytest.approx(missed + 1 + 50, abs=2)
    assert len(ada.camera.asked_at) == asked
    assert world.network.drops == {}


@pytest.mark.parametrize("is_reading_first", [False, True])
@pytest.mark.parametrize("seconds", [0.3, 0.5, 1.0])
def test_packets_that_waited_for_us_do_not_make_sound_late(seconds: float, is_reading_first: bool) -> None:
    world = MediaWorld()
    tone = Tone(440.0, SENT_DBOV)
    world.enter("ada", tone)
    bob = world.enter("bob")
    world.run(2.0)
    stand_still(world, seconds, is_reading_first=is_reading_first)
    world.run(0.5)
    tone.dbov = -90.0
    world.run(0.1)
    bob.earpiece.forget()
    world.run(0.3)
    assert bob.earpiece.loudness_dbov() < -60, "what ada no longer says is not heard a tenth of a second later"
