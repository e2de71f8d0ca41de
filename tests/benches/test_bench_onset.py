"""The measure of added latency: a delay that is known is found, to the millisecond."""

import numpy as np
import pytest

from benches.load.onset import TimedPacket, added_latencies, heard_at, onset_frames
from benches.load.sounds import RATE, clicks, decode, encode

ENCODER_LOOK_AHEAD_S = 0.0065


@pytest.mark.parametrize("delay_s", [0.0, 0.0137, 0.050])
def test_a_known_delay_is_found(delay_s: float) -> None:
    said = clicks(periods=4)
    delayed = np.concatenate([np.zeros(round(delay_s * RATE), np.float32), decode([frame.payload for frame in said])])
    mix = [TimedPacket(0.02 * index, frame.payload) for index, frame in enumerate(encode(delayed))]
    said_at = [0.02 * index + offset_s for index, offset_s in onset_frames(said).items()]
    found = added_latencies(said_at, heard_at(mix))
    assert len(found) == 4
    assert found == pytest.approx([delay_s + ENCODER_LOOK_AHEAD_S] * 4, abs=0.001)


def test_what_was_heard_before_anything_was_said_is_no_answer() -> None:
    assert added_latencies([1.0, 1.6], [0.9, 1.03, 2.2]) == pytest.approx([0.03])
