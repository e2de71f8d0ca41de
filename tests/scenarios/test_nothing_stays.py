"""Who has left is forgotten at once: the worker's cycle collector is made rare, so nothing may wait for it."""

from mixer.params import CloseRoom, OpenRoom, RemoveParticipant, RoomParams
from tests.peers.tone import Tone
from tests.scenarios.media_world import ROOM, MediaWorld
from tests.tools.circles import gathering


def visit(world: MediaWorld, name: str) -> None:
    """Come with sound and picture, talk, watch, leave."""
    device = world.enter(name, Tone(1000.0, -20.0), has_camera=True, slots=4)
    world.run(0.6)
    assert device.peer.is_connected
    world.obey(RemoveParticipant(ROOM, name))
    world.run(0.1)
    world.devices.remove(device)


def test_nothing_of_an_endpoint_outlives_it() -> None:
    with gathering() as circles:
        world = MediaWorld()
        world.enter("ada", Tone(440.0, -20.0), has_camera=True, slots=4)
        world.run(0.6)
        for number in range(3):
            visit(world, f"guest {number}")
    assert not circles.of("mixer")


def test_nothing_of_a_room_outlives_it() -> None:
    with gathering() as circles:
        world = MediaWorld()
        for number in range(3):
            visit(world, f"guest {number}")
            world.enter(f"host {number}", Tone(440.0, -20.0), has_camera=True, slots=4)
            world.run(0.6)
            world.obey(CloseRoom(ROOM), OpenRoom(RoomParams(ROOM)))
            world.devices.clear()
    assert not circles.of("mixer")
