"""Who begins to speak after a silence is heard from the first sound on, although nobody decoded him before."""

import numpy as np
import pytest

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import AudioEncoder, EncoderSettings
from mixer.audio.level import levels_dbov
from mixer.audio.mixer import AudioMixer
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE, Pcm
from mixer.audio.source import AudioSource
from tests.mixer.audio.people import mix_uncoded, uncoded
from tests.mixer.audio.speech import frames, speech

WORD_TICKS = 25
SILENCE_TICKS = 100
"""Two seconds: the mixer has ceased to decode half way through."""

ONSET = (WORD_TICKS + SILENCE_TICKS) * FRAME_SAMPLES
VOICE = EncoderSettings(bitrate=24_000, has_dtx=False)
"""Opus' speech mode, which leans on the past more than its music mode."""

FIRST_SYLLABLE = SAMPLE_RATE * 80 // 1000
MIN_SNR_DB = 12.0


def room_noise(ticks: int, seed: int) -> Pcm:
    noise = np.random.default_rng(seed).normal(scale=10 ** (-65 / 20), size=(ticks, FRAME_SAMPLES))
    return noise.astype(np.float32)


def utterance(seed: int) -> Pcm:
    """A word, silence, and another word that begins at once."""
    first, second = speech(WORD_TICKS * FRAME_S, seed + 100, has_pauses=False), speech(0.5, seed, has_pauses=False)
    return np.concatenate([frames(first), room_noise(SILENCE_TICKS, seed), frames(second)])


def send(source: AudioSource, encoder: AudioEncoder, index: int, frame: Pcm, now: float) -> bytes:
    payload = encoder.encode(frame)
    level = min(127, round(-levels_dbov(frame[np.newaxis])[0]))
    source.receive(index, index * FRAME_SAMPLES, payload, level, now)
    return payload


def snr_db(wanted: Pcm, got: Pcm) -> float:
    return float(10 * np.log10(np.sum(wanted**2) / np.sum((wanted - got) ** 2)))


def mixed(seed: int, wait_s: float) -> tuple[Pcm, Pcm, AudioMixer]:
    """What a decoder that is always fed makes of an utterance, and what the mixer mixes of it.

    `wait_s`: from the arrival of a packet to the next tick.
    """
    mixer = AudioMixer()
    mixer.add_listener("bob", "bob")
    source, encoder, fed = mixer.add_source("mic", "ada"), opus_encoder(VOICE), opus_decoder()
    wanted, heard = [], []
    for index, frame in enumerate(utterance(seed)):
        now = index * FRAME_S
        wanted.append(fed.decode(send(source, encoder, index, frame, now)).copy())
        sent = mixer.tick(now + wait_s)
        heard.append(uncoded(sent[0].payload) if sent else np.zeros(FRAME_SAMPLES, np.float32))
    return np.concatenate(wanted), np.concatenate(heard), mixer


@pytest.mark.parametrize("seed", range(10))
def test_the_first_80_ms_are_as_from_a_decoder_that_was_always_fed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mix_uncoded(monkeypatch)
    wanted, heard, mixer = mixed(seed, wait_s=0.001 + seed * 0.002)
    first = wanted[ONSET : ONSET + FIRST_SYLLABLE]
    # The mixer may delay by whole ticks, but not clip.
    delays = [ONSET + ticks * FRAME_SAMPLES for ticks in range(3)]
    assert max(snr_db(first, heard[delay : delay + FIRST_SYLLABLE]) for delay in delays) >= MIN_SNR_DB
    assert mixer.counters.warm_ups > 0
    assert mixer.counters.decodes <= len(wanted) // FRAME_SAMPLES - SILENCE_TICKS // 2 + 2, "silence is not decoded"
