"""A viewer who asks without end gets what was sent to them twice at most, and costs the others nothing."""

from mixer.base.drops import DropReason
from mixer.wire.rtcp import Nack, PictureLoss
from tests.scenarios.media_world import MediaWorld

ASKED_PER_TICK = 20


def test_requests_without_end_reach_the_publisher_as_one_a_second() -> None:
    world = MediaWorld()
    ada, bob, cleo = world.enter("ada", has_camera=True), world.enter("bob", slots=1), world.enter("cleo", slots=1)
    world.run(3.0)
    slot = next(line for line in bob.lines if line.mid == "s0")
    assert slot.ssrc is not None
    asked, shown, resent = len(ada.camera.asked_at), len(cleo.screen.frames), _packets_to(world, 2)
    for tick in range(150):
        for part in range(ASKED_PER_TICK):
            numbers = tuple((tick * 97 + part * 512 + number) & 0xFFFF for number in range(500))
            bob.peer.send_rtcp(Nack(1, slot.ssrc, numbers).pack() + PictureLoss(1, slot.ssrc).pack())
        world.run(0.02)
    assert len(ada.camera.asked_at) - asked <= 4
    assert len(cleo.screen.frames) - shown >= 145
    sent = _packets_to(world, 2) - resent
    assert sent <= 2 * 150 + 256 + 60, "pictures, as many resends, what was saved up, and reports"
    assert world.network.drops.keys() >= {DropReason.SRTP_TOO_MUCH_RTCP}


def _packets_to(world: MediaWorld, number: int) -> int:
    return sum(address[1] == 4000 + number for _, address in world.network.sent)
