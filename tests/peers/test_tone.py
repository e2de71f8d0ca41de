"""The measure of all scenarios: a tone is measured at the level it was made with, and does not leak into others."""

import numpy as np
import pytest

from tests.peers.tone import RATE, SILENCE_DBOV, Ear, Tone, ToneMeter


def _meter(*tones: Tone, seconds: float = 1.0) -> ToneMeter:
    meter = ToneMeter()
    for _ in range(round(seconds * 50)):
        meter.hear(np.sum([tone.next(RATE // 50) for tone in tones], axis=0).astype(np.int16))
    return meter


@pytest.mark.parametrize("gate_hz", [0.0, 3.0])
@pytest.mark.parametrize("dbov", [-10.0, -40.0])
def test_a_tone_is_measured_at_its_level(dbov: float, gate_hz: float) -> None:
    meter = _meter(Tone(700, dbov, gate_hz))
    assert meter.dbov(700) == pytest.approx(dbov, abs=0.2)


def test_other_tones_are_not_heard_in_a_tone() -> None:
    meter = _meter(Tone(500), Tone(900))
    assert meter.dbov(700) < -80


def test_silence_has_no_level() -> None:
    assert ToneMeter().dbov(700) == SILENCE_DBOV
    assert ToneMeter().loudness_dbov() == SILENCE_DBOV


def test_the_meter_forgets_what_is_over() -> None:
    meter, later = _meter(Tone(500)), Tone(900)
    for _ in range(60):
        meter.hear(later.next(RATE // 50))
    assert meter.heard_s == pytest.approx(1.0, abs=0.02)
    assert meter.dbov(500) < -80


def test_an_ear_takes_a_pause_for_silence() -> None:
    now = 0.0
    ear, tone = Ear(lambda: now), Tone(500)
    for _ in range(50):
        ear.hear(tone.next(RATE // 50))
        now += 0.02
    assert ear.dbov(500) == pytest.approx(-20, abs=0.2)
    now += 1.0
    assert ear.dbov(500) == SILENCE_DBOV
