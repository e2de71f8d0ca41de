"""One received stream: when it is decoded, what is heard of it, and what a mute leaves."""

from collections.abc import Callable

import numpy as np
import pytest

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.counters import AudioCounters
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, Pcm
from mixer.audio.source import HOLD_S, AudioSource
from mixer.base.drops import DropReason, Drops
from tests.mixer.audio.people import HIGH_QUALITY
from tests.mixer.audio.speech import frames, level, speech

LOUD, QUIET = 20, 80


class Stream:
    """A source with a sender and a clock; `send` is a packet and a tick."""

    def __init__(self) -> None:
        self.woken: list[AudioSource] = []
        self.counters, self.drops = AudioCounters(), Drops()
        self.source = AudioSource("mic", "ada", opus_decoder(), self.counters, self.drops, self.woken.append)
        self.encoder = opus_encoder(HIGH_QUALITY)
        self.now, self.seq = 10.0, 0

    def send(self, frame: Pcm, claim: int | None, is_lost: bool = False) -> Pcm:
        payload = self.encoder.encode(frame)
        if not is_lost:
            self.source.receive(self.seq, self.seq * FRAME_SAMPLES, payload, claim, self.now)
        self.seq += 1
        row = np.zeros(FRAME_SAMPLES, np.float32)
        if self.source.is_decoding:
            self.source.render(row, self.now + 0.002)
        self.now += FRAME_S
        return row

    def talk(self, seconds: float, claim: int | None = LOUD) -> Pcm:
        return np.concatenate([self.send(frame, claim) for frame in frames(speech(seconds, has_pauses=False))])


def test_a_quiet_stream_wakes_nobody_and_every_packet_is_accounted_for() -> None:
    stream = Stream()
    stream.talk(1.0, claim=QUIET)
    assert not stream.woken
    assert not stream.source.is_wanted(stream.now)
    assert stream.drops == {DropReason.AUDIO_QUIET: 44}


def test_a_loud_claim_wakes_once_and_holds_through_pauses() -> None:
    stream = Stream()
    stream.talk(0.5)
    assert stream.woken == [stream.source]
    stream.talk(HOLD_S - 0.1, claim=QUIET)
    assert stream.source.is_wanted(stream.now)
    stream.talk(0.2, claim=QUIET)
    assert not stream.source.is_wanted(stream.now)
    stream.talk(0.1)
    assert len(stream.woken) == 2


def test_without_the_header_extension_packets_of_substance_wake() -> None:
    stream = Stream()
    stream.source.receive(0, 0, b"\x78", None, stream.now)
    assert not stream.woken
    stream.talk(0.1, claim=None)
    assert stream.woken


def test_what_is_said_is_rendered_at_its_level() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    assert level(stream.talk(2.0)) == pytest.approx(-20, abs=1)


def test_stopping_and_starting_warms_the_decoder_with_what_was_missed() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    stream.talk(0.2)
    stream.source.stop()
    stream.talk(0.5, claim=QUIET)
    stream.source.start(stream.now)
    assert stream.counters.warm_ups == 3


def test_losses_are_concealed_and_counted() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    for index, frame in enumerate(frames(speech(4.0, has_pauses=False))):
        row = stream.send(frame, LOUD, is_lost=index % 10 == 9)
        assert index < 3 or level(row) > -60, "no hole is heard"
    assert stream.counters.recovered >= 15
    assert stream.counters.concealed + stream.counters.starved <= 6


def test_an_undecodable_packet_is_concealed_and_counted() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    stream.talk(0.2)
    stream.source.receive(stream.seq, stream.seq * FRAME_SAMPLES, b"\xff\xff\xff", LOUD, stream.now)
    stream.seq += 1
    stream.talk(0.2)
    assert stream.drops == {DropReason.AUDIO_UNDECODABLE: 1}


def no_click(sound: Pcm, spoken: Pcm) -> bool:
    """Whether no step between samples is larger than any in speech itself."""
    return bool(np.abs(np.diff(sound)).max() <= 1.5 * np.abs(np.diff(spoken)).max())


def test_a_mute_in_mid_word_fades_without_a_click_and_keeps_nothing() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    spoken = stream.talk(0.5)
    stream.source.set_muted(True)
    tail = stream.talk(0.1)
    assert no_click(np.concatenate([spoken[-FRAME_SAMPLES:], tail]), spoken)
    assert not tail[FRAME_SAMPLES:].any()
    assert not stream.source.is_wanted(stream.now)
    stream.source.stop()
    stream.source.set_muted(False)
    stream.source.start(stream.now)
    row = np.zeros(FRAME_SAMPLES, np.float32)
    stream.source.render(row, stream.now)
    assert not row.any(), "what was said while muted stays unheard"
    assert stream.drops[DropReason.AUDIO_MUTED] >= 5


def test_when_packets_cease_the_sound_fades_into_silence() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    spoken = stream.talk(0.5)
    rows = [stream.send(np.zeros(FRAME_SAMPLES, np.float32), None, is_lost=True) for _ in range(8)]
    assert no_click(np.concatenate([spoken[-FRAME_SAMPLES:], *rows]), spoken)
    assert not rows[-1].any()


@pytest.mark.parametrize("doubtful", [True, False])
def test_claims_that_decoding_disproves_count_for_less_until_they_prove_true(doubtful: bool) -> None:
    stream = Stream()
    stream.source.start(stream.now)
    stream.talk(0.2, claim=0)
    for _ in range(30):
        stream.source.judge(-90.0 if doubtful else -15.0)
    assert stream.source.rank_dbov == (-30.0 if doubtful else 0.0)
    stream.source.judge(-15.0)
    assert stream.source.rank_dbov == 0.0


def test_a_doubted_stream_is_forgiven_within_seconds() -> None:
    stream = Stream()
    stream.source.start(stream.now)
    stream.talk(0.1, claim=0)
    for _ in range(100):
        stream.source.judge(-90.0)
    stream.source.stop()
    stream.talk(4.0, claim=0)
    assert stream.source.rank_dbov == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("duration", [480, 1920])
def test_sound_is_seamless_whatever_the_packet_length(duration: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ramp:
        """Decodes each packet to a piece of one long straight line."""

        def decode(self, payload: bytes | None, *, is_recovery: bool = False, samples: int = 960) -> Pcm:
            first = int.from_bytes(payload or b"")
            return np.arange(first, first + duration, dtype=np.float32)

    samples_of: Callable[[bytes], int] = lambda payload: duration  # noqa: E731  a constant
    monkeypatch.setattr("mixer.audio.source.packet_samples", samples_of)
    source = AudioSource("mic", "ada", Ramp(), AudioCounters(), Drops(), lambda source: None)
    source.start(0.0)
    heard, arrived = [], 0
    for tick in range(20):
        now = tick * FRAME_S
        while (arrived + 1) * duration / 48_000 <= now + 1e-9:
            source.receive(arrived, arrived * duration, (arrived * duration).to_bytes(8), 0, now)
            arrived += 1
        row = np.zeros(FRAME_SAMPLES, np.float32)
        source.render(row, now + 0.001)
        heard.append(row)
    line = np.concatenate(heard)
    line = line[np.flatnonzero(line)[0] + 240 :]
    assert len(line) > 10 * FRAME_SAMPLES
    assert np.all(np.diff(line) == 1)
