"""Who has left is forgotten at once: the worker's cycle collector is made rare, so nothing may wait for it."""

import gc
from collections import Counter
from collections.abc import Iterator

import pytest

from mixer.params import CloseRoom, OpenRoom, RemoveParticipant, RoomParams
from tests.peers.tone import Tone
from tests.scenarios.media_world import ROOM, MediaWorld


@pytest.fixture
def circles() -> Iterator[list[object]]:
    """What only the collector can free, once it is asked to; without it nothing is collected meanwhile."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def visit(world: MediaWorld, name: str) -> None:
    """Come with sound and picture, talk, watch, leave."""
    device = world.enter(name, Tone(1000.0, -20.0), has_camera=True, slots=4)
    world.run(0.6)
    assert device.peer.is_connected
    world.obey(RemoveParticipant(ROOM, name))
    world.run(0.1)
    world.devices.remove(device)


def test_nothing_of_an_endpoint_outlives_it(circles: list[object]) -> None:
    world = MediaWorld()
    world.enter("ada", Tone(440.0, -20.0), has_camera=True, slots=4)
    world.run(0.6)
    for number in range(3):
        visit(world, f"guest {number}")
    gc.collect()
    ours = Counter(type(each).__qualname__ for each in circles if type(each).__module__.startswith("mixer"))
    assert not ours


def test_nothing_of_a_room_outlives_it(circles: list[object]) -> None:
    world = MediaWorld()
    for number in range(3):
        visit(world, f"guest {number}")
        world.enter(f"host {number}", Tone(440.0, -20.0), has_camera=True, slots=4)
        world.run(0.6)
        world.obey(CloseRoom(ROOM), OpenRoom(RoomParams(ROOM)))
        world.devices.clear()
    gc.collect()
    ours = Counter(type(each).__qualname__ for each in circles if type(each).__module__.startswith("mixer"))
    assert not ours
