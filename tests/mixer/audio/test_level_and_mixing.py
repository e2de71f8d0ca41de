"""Levels as numbers one can check by hand, and the arithmetic of the mix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.audio.level import SILENCE_DBOV, SPEECH_DBOV, claimed_dbov, levels_dbov
from mixer.audio.mixing import RAMP_SAMPLES, fade_in, fade_out, mix_minus, soft_limit
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm
from tests.mixer.audio.speech import level


def sine(amplitude: float, hz: float = 1000.0, count: int = FRAME_SAMPLES) -> Pcm:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(count) / SAMPLE_RATE)).astype(np.float32)


def test_levels_of_square_wave_sine_and_nothing() -> None:
    frames = np.stack([np.ones(FRAME_SAMPLES, np.float32), sine(1.0), sine(0.1), np.zeros(FRAME_SAMPLES, np.float32)])
    assert levels_dbov(frames) == pytest.approx([0.0, -3.01, -23.01, SILENCE_DBOV], abs=0.05)


def test_no_rows_have_no_levels() -> None:
    assert levels_dbov(np.zeros((0, FRAME_SAMPLES), np.float32)) == []


def test_claims_come_from_the_header_and_else_from_the_size() -> None:
    assert claimed_dbov(0, 3) == 0
    assert claimed_dbov(127, 200) == -127
    assert claimed_dbov(None, 80) >= SPEECH_DBOV
    assert claimed_dbov(None, 3) < SPEECH_DBOV


def test_nobody_is_in_the_mix_without_himself() -> None:
    voices = np.stack([sine(0.2, 500), sine(0.1, 900), sine(0.05, 1700)])
    mixes = mix_minus(voices)
    assert np.allclose(mixes[0], voices.sum(axis=0), atol=1e-6)
    for index in range(3):
        assert np.allclose(mixes[1 + index], np.delete(voices, index, axis=0).sum(axis=0), atol=1e-6)


def test_the_only_voice_hears_exact_silence() -> None:
    assert not mix_minus(sine(0.9)[np.newaxis])[1].any()


def test_one_full_scale_voice_passes_within_1_db() -> None:
    assert level(mix_minus(sine(1.0)[np.newaxis])[0]) == pytest.approx(level(sine(1.0)), abs=1)


def test_ordinary_levels_pass_untouched() -> None:
    assert np.array_equal(mix_minus(sine(0.6)[np.newaxis])[0], sine(0.6))


def test_four_at_full_scale_neither_wrap_nor_pump() -> None:
    count = SAMPLE_RATE // FRAME_SAMPLES * FRAME_SAMPLES
    voices = np.stack([sine(1.0, hz, count) for hz in (310, 470, 730, 1130)])
    mixed = np.concatenate([mix_minus(voices[:, at : at + 960])[0] for at in range(0, count, 960)])
    assert np.abs(mixed).max() <= 1.0
    assert np.all(np.sign(mixed) == np.sign(voices.sum(axis=0))), "nothing has wrapped"
    levels = levels_dbov(mixed.reshape(-1, 960))
    assert max(levels) - min(levels) <= 3


def test_a_quiet_voice_keeps_its_level_before_and_after_four_shout() -> None:
    quiet, shout = sine(0.05), np.stack([sine(1.0, hz) for hz in (310, 470, 730, 1130)])
    before = mix_minus(quiet[np.newaxis])[0]
    mix_minus(shout)
    assert np.array_equal(mix_minus(quiet[np.newaxis])[0], before)


@settings(deadline=None)
@given(st.lists(st.floats(-8, 8, width=32), min_size=2, max_size=50))
def test_the_limiter_is_a_rising_odd_curve_within_full_scale(samples: list[float]) -> None:
    before = np.array([sorted(samples)], np.float32)
    after = before.copy()
    soft_limit(after)
    mirrored = -before
    soft_limit(mirrored)
    assert np.abs(after).max() <= 1
    assert np.all(np.diff(after) >= -1e-6)
    assert np.array_equal(mirrored, -after)


def test_fades_begin_and_end_in_nothing_within_5_ms() -> None:
    rising, falling = np.ones(FRAME_SAMPLES, np.float32), np.ones(FRAME_SAMPLES, np.float32)
    fade_in(rising)
    fade_out(falling)
    assert rising[0] == 0
    assert np.all(rising[RAMP_SAMPLES:] == 1)
    assert np.all(falling[RAMP_SAMPLES - 1 :] == 0)
    assert np.abs(np.diff(rising)).max() < 0.01
    assert np.abs(np.diff(falling)).max() < 0.01


def test_sound_shorter_than_a_ramp_can_be_faded() -> None:
    short = np.ones(120, np.float32)
    fade_in(short)
    assert short[0] == 0
