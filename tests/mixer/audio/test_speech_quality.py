"""What one passage through the mixer costs a voice, by PESQ, with and without loss on the way in."""

import random

import numpy as np
import pytest
from pesq import pesq

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.mixer import AudioMixer
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE, Pcm
from tests.mixer.audio.speech import frames, speech

PESQ_RATE = 16_000
DECIMATION = SAMPLE_RATE // PESQ_RATE
LEAD_TICKS = 25
LOSS = 0.1


def wideband(sound: Pcm) -> Pcm:
    """At 16 kHz, by a windowed sinc low-pass and decimation."""
    taps = np.sinc(np.arange(-48, 49) / DECIMATION / 1.05) * np.hamming(97)
    low: Pcm = np.convolve(sound, taps / taps.sum(), mode="same")[::DECIMATION].astype(np.float32)
    return low


def passed_through(spoken: Pcm, settings: EncoderSettings, loss: float) -> tuple[Pcm, AudioMixer]:
    """What a listener hears of `spoken` when the mixer gets it with random loss; his own way is clean."""
    mixer = AudioMixer()
    mixer.add_listener("bob", "bob")
    source = mixer.add_source("mic", "ada")
    encoder, decoder, dice = opus_encoder(settings), opus_decoder(), random.Random(7)
    heard = []
    for index, frame in enumerate(frames(spoken)):
        now = 10 + index * FRAME_S
        payload = encoder.encode(frame)
        if dice.random() >= loss or index < LEAD_TICKS:
            source.receive(index, index * FRAME_SAMPLES, payload, None, now)
        sent = mixer.tick(now + 0.004)
        heard.append(decoder.decode(sent[0].payload).copy() if sent else np.zeros(FRAME_SAMPLES, np.float32))
    return np.concatenate(heard), mixer


def score(spoken: Pcm, heard: Pcm) -> float:
    return float(pesq(PESQ_RATE, wideband(spoken), wideband(heard), "wb"))


@pytest.fixture(scope="module")
def spoken() -> Pcm:
    return np.concatenate([np.zeros(LEAD_TICKS * FRAME_SAMPLES, np.float32), speech(8.0, seed=5)])


def test_without_loss_the_mixer_costs_little(spoken: Pcm) -> None:
    heard, _ = passed_through(spoken, EncoderSettings(), loss=0.0)
    assert score(spoken, heard) >= 3.5


def test_with_loss_in_band_fec_beats_concealment(spoken: Pcm) -> None:
    lossy = {"bitrate": 32_000, "expected_loss_percent": 10}
    by_fec, mixer = passed_through(spoken, EncoderSettings(**lossy), LOSS)
    by_concealment, _ = passed_through(spoken, EncoderSettings(**lossy, has_fec=False), LOSS)
    assert mixer.counters.recovered > 10
    assert score(spoken, by_fec) > score(spoken, by_concealment) + 0.2
