"""Loss, reordering and storms between publishers, server and viewers."""

from itertools import pairwise

import pytest
from video_world import World

from mixer.base.drops import DropReason
from mixer.wire.rtcp import Nack


@pytest.mark.parametrize("has_rtx", [True, False])
def test_fifteen_percent_of_loss_leaves_no_hole(has_rtx: bool) -> None:
    world = World(seed=3, loss=0.15, delay_s=0.02, jitter_s=0.01)
    publisher = world.publish("ada")
    viewer = world.watch("viewer", slots=1, has_rtx=has_rtx)
    world.run(10.0)
    decoder = viewer.decoders["s0"]
    settled = decoder.highest - 60
    assert decoder.missing(end=settled) == []
    assert decoder.mixed_frames == 0
    assert len(decoder.shown) > 280, "nearly all of 300 frames"
    assert max(after[0] - before[0] for before, after in pairwise(decoder.shown)) < 0.5
    sent = publisher.layers[""].frame_number * 3
    assert sum(count for _, count in publisher.nacks) < sent / 2, "lost packets are asked for a few times, not more"


def test_a_viewer_who_asks_for_everything_again_and_again_gets_a_bounded_answer() -> None:
    world = World()
    world.publish("ada")
    viewer = world.watch("viewer", slots=1)
    world.run(3.0)
    decoder = viewer.decoders["s0"]
    regular = viewer.sent_to
    for _ in range(100):
        seqs = tuple(seq & 0xFFFF for seq in range(decoder.highest - 400, decoder.highest))
        viewer.ask(Nack(2, decoder.ssrc, seqs))
        world.run(0.01)
    world.run(1.0)
    assert viewer.sent_to - regular < 256 + 4 * 2 * 95, "the burst allowance, and no more resends than packets"
    assert world.drops[DropReason.FORWARD_RESEND_BUDGET] > 0


def test_an_outage_is_mended_by_one_key_frame_and_not_by_a_storm_of_requests() -> None:
    world = World()
    publisher = world.publish("ada")
    viewer = world.watch("viewer", slots=1)
    world.run(2.0)
    publisher.nacks.clear()
    world.loss = 1.0
    world.run(4.0)
    world.loss = 0.0
    world.run(1.5)
    decoder = viewer.decoders["s0"]
    assert decoder.shown[-1][0] > world.now - 0.1
    assert sum(count for _, count in publisher.nacks) < 300
    assert decoder.mixed_frames == 0


def test_feedback_comes_while_video_arrives_and_ends_with_it() -> None:
    world = World()
    publisher = world.publish("ada")
    world.run(3.0)
    steady = publisher.feedbacks[5:]
    assert all(0.045 <= after - before <= 0.101 for before, after in pairwise(steady))
    publisher.is_on = False
    world.run(0.2)
    publisher.feedbacks.clear()
    world.run(2.0)
    assert publisher.feedbacks == []


def test_nobody_watching_costs_no_requests() -> None:
    world = World(seed=5, loss=0.2)
    publisher = world.publish("ada")
    world.run(3.0)
    assert publisher.nacks == []
    assert publisher.requests == []
