"""A listener who begins and ceases to speak changes encoders each time, and must not hear it."""

from dataclasses import dataclass, field

import numpy as np

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import AudioDecoder, EncoderSettings
from mixer.audio.counters import AudioCounters
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, SAMPLE_RATE, Pcm
from mixer.audio.sink import AudioSink, Mix
from tests.mixer.audio.speech import frames, speech

SPEECH = EncoderSettings(complexity=2, has_dtx=False)
"""Cheaper than the mixer's own, and no better at hiding a seam."""

LISTENERS = 5
CYCLE_TICKS = 310
"""A word, 5 s until the encoder is given back, and some shared time."""

WORD_TICKS = 20
CYCLES = 10
WINDOW_TICKS = 4
TICKS = (CYCLES + 1) * CYCLE_TICKS
CODEC_DELAY = 312
BANDS_HZ = (100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300)
FLOOR_POWER = 1e-7


@dataclass
class Listener:
    """Somebody who talks at times, what he heard, and what he would have heard from one encoder alone."""

    name: str
    offset: int
    decoder: AudioDecoder = field(default_factory=opus_decoder)
    heard: list[Pcm] = field(default_factory=list)
    unspliced: list[Pcm] = field(default_factory=list)
    mixed: list[Pcm] = field(default_factory=list)
    splices: list[int] = field(default_factory=list)
    had_own: bool = False

    def __post_init__(self) -> None:
        self.reference = (opus_encoder(SPEECH), opus_decoder())

    def talks_at(self, tick: int) -> bool:
        return tick >= self.offset and (tick - self.offset) % CYCLE_TICKS < WORD_TICKS


def endless(seed: int) -> Pcm:
    """Speech for the whole run, repeated with a period that is none of the cycles'."""
    return frames(np.resize(speech(7.4, seed, has_pauses=False), TICKS * FRAME_SAMPLES))


def run(sink: AudioSink, listeners: list[Listener], background: Pcm, voice: Pcm) -> None:
    for tick in range(TICKS - 1):
        now = tick * FRAME_S
        talking = [listener for listener in listeners if listener.talks_at(tick)]
        everybody = background[tick] + len(talking) * voice[tick]
        without = {listener.name: Mix(everybody - voice[tick], 1.0) for listener in talking}
        payloads, owners = {}, {}
        for frame in sink.encode(Mix(everybody, 1.0), without, tick * FRAME_SAMPLES, now):
            for name in frame.listener_ids:
                payloads[name] = frame.payload
                owners[name] = len(frame.listener_ids)
        for listener in listeners:
            sound = without[listener.name].sound if listener in talking else everybody
            listener.mixed.append(sound)
            listener.heard.append(listener.decoder.decode(payloads[listener.name]).copy())
            encoder, decoder = listener.reference
            listener.unspliced.append(decoder.decode(encoder.encode(sound)).copy())
            has_own = owners[listener.name] == 1
            if has_own != listener.had_own:
                listener.splices.append(tick)
            listener.had_own = has_own


def spectrum_db(sound: Pcm) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2 / len(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    edges = np.searchsorted(hz, BANDS_HZ)
    return 10 * np.log10(np.add.reduceat(power, edges)[:-1] + FLOOR_POWER)


def extra_error_db(listener: Listener, splice: int) -> float:
    """By how much the spectrum after a splice is further from the mix than without one, mean of bands, in dB."""
    window = slice(splice, splice + WINDOW_TICKS)
    mixed = np.concatenate(listener.mixed[splice - 1 : splice + WINDOW_TICKS])
    wanted = spectrum_db(mixed[FRAME_SAMPLES - CODEC_DELAY :][: WINDOW_TICKS * FRAME_SAMPLES])
    spliced = np.abs(spectrum_db(np.concatenate(listener.heard[window])) - wanted).mean()
    unspliced = np.abs(spectrum_db(np.concatenate(listener.unspliced[window])) - wanted).mean()
    return float(spliced - unspliced)


def test_a_hundred_splices_in_speech_stay_within_3_db_of_an_unspliced_run() -> None:
    sink = AudioSink(lambda: opus_encoder(SPEECH), LISTENERS, AudioCounters())
    listeners = [Listener(f"p{index}", 10 + index * CYCLE_TICKS // LISTENERS) for index in range(LISTENERS)]
    sink.add_listener("silent", "silent")
    sink.add_listener("another", "another")
    for listener in listeners:
        sink.add_listener(listener.name, listener.name)
    run(sink, listeners, endless(seed=1), endless(seed=2))
    errors = [extra_error_db(listener, splice) for listener in listeners for splice in listener.splices]
    assert len(errors) >= 100
    assert max(errors) < 3.0
    assert float(np.median(errors)) < 0.5
