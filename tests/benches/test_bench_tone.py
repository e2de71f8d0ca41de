"""What the bench says of a tone: its level, what else is heard, what is missing."""

import numpy as np
import pytest

from benches.load.onset import TimedPacket
from benches.load.sounds import RATE, encode, tone
from benches.load.tone_quality import tone_quality


def packets_of(payloads: list[bytes]) -> list[TimedPacket]:
    return [TimedPacket(0.02 * number, payload) for number, payload in enumerate(payloads)]


def test_a_tone_that_came_through_has_its_level_and_nothing_is_missing() -> None:
    heard = tone_quality(packets_of([frame.payload for frame in tone(500)] * 2), 500, 2.0)
    assert heard.level_dbov == pytest.approx(-20, abs=1)
    assert heard.snr_db > 15
    assert heard.missing_s == pytest.approx(0, abs=0.001)


def test_noise_and_gaps_are_seen() -> None:
    sine = 0.1 * np.sin(2 * np.pi * 500 * np.arange(2 * RATE) / RATE)
    noisy = sine + np.random.default_rng(1).normal(0.0, 0.1, 2 * RATE)
    payloads = [frame.payload for frame in encode(noisy.astype(np.float32))]
    heard = tone_quality(packets_of(payloads[:25] + payloads[50:]), 500, 2.0)
    assert heard.snr_db < 6
    assert heard.missing_s == pytest.approx(0.5, abs=0.001)


def test_silence_is_no_tone() -> None:
    assert tone_quality([], 500, 1.0).level_dbov == -127
