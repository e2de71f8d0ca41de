"""Who gets which packet: encodes shared and private, silence, and the way back."""

import numpy as np
import pytest

from mixer.audio.counters import AudioCounters
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, Pcm
from mixer.audio.sink import HOLD_MAX_S, HOLD_MIN_S, KEEPALIVE_TICKS, SILENT_MIX, AudioFrame, AudioSink, Mix


class NamedEncoder:
    """Its packets tell which encoder made them, what it was given and whether it was asked to predict nothing."""

    made = 0

    def __init__(self, ancestors: str = "") -> None:
        NamedEncoder.made += 1
        self.name = f"{ancestors}e{NamedEncoder.made}"

    def encode(self, frame: Pcm, is_independent: bool = False) -> bytes:
        if not frame.any():
            return b"."
        return f"{self.name} {frame[0]:.1f}{' independent' if is_independent else ''}".encode()

    def fork(self) -> "NamedEncoder":
        return NamedEncoder(self.name + ">")


class Ears:
    """A sink with a clock; `encode` returns the payload that each listener gets."""

    def __init__(self, *listeners: str, max_private: int = 2) -> None:
        NamedEncoder.made = 0
        self.counters = AudioCounters()
        self.sink = AudioSink(NamedEncoder, max_private, self.counters)
        for listener in listeners:
            self.sink.add_listener(listener, listener)
        self.tick = 0
        self.frames: list[AudioFrame] = []

    def hear(self, everybody: Mix, without: dict[str, Mix] | None = None, seconds: float = FRAME_S) -> dict[str, str]:
        for _ in range(round(seconds / FRAME_S)):
            self.tick += 1
            self.frames = self.sink.encode(everybody, without or {}, self.tick * FRAME_SAMPLES, self.tick * FRAME_S)
        return {listener: frame.payload.decode() for frame in self.frames for listener in frame.listener_ids}


def mix(value: float) -> Mix:
    return Mix(np.full(FRAME_SAMPLES, value, np.float32), abs(value))


def test_all_who_do_not_speak_share_one_encode() -> None:
    ears = Ears("a", "b", "c")
    assert ears.hear(mix(0.5)) == dict.fromkeys("abc", "e1 0.5")
    assert ears.counters.encodes == 1


def test_who_speaks_hears_the_mix_without_himself_from_the_first_tick_on() -> None:
    ears = Ears("a", "b", "c")
    ears.hear(mix(0.5))
    assert ears.hear(mix(0.8), {"a": mix(0.3)}) == {"a": "e1>e2 0.3", "b": "e1 0.8", "c": "e1 0.8"}
    assert ears.counters.encodes == 3


def test_two_devices_of_one_participant_share_his_mix() -> None:
    ears = Ears("b")
    ears.sink.add_listener("a-phone", "a")
    ears.sink.add_listener("a-page", "a")
    heard = ears.hear(mix(0.8), {"a": mix(0.3)})
    assert heard["a-phone"] == heard["a-page"] == "e1>e2 0.3"
    assert ears.counters.encodes == 2


def test_a_speaker_without_listeners_costs_no_encode() -> None:
    ears = Ears("b")
    ears.hear(mix(0.8), {"recorder": mix(0.3)})
    assert ears.counters.encodes == 1


def test_after_the_last_word_the_own_encoder_is_held_then_the_shared_one_begins_independently() -> None:
    ears = Ears("a", "b", "c")
    ears.hear(mix(0.8), {"a": mix(0.3)})
    assert ears.hear(mix(0.5), seconds=HOLD_MAX_S - FRAME_S)["a"] == "e1>e2 0.5"
    assert ears.hear(mix(0.5)) == dict.fromkeys("abc", "e1 0.5 independent")
    assert ears.hear(mix(0.5)) == dict.fromkeys("abc", "e1 0.5")


def test_a_silence_is_used_to_go_back_earlier() -> None:
    ears = Ears("a", "b")
    ears.hear(mix(0.8), {"a": mix(0.3)})
    ears.hear(SILENT_MIX, seconds=HOLD_MIN_S + 0.1)
    assert ears.hear(mix(0.5))["a"] == "e1 0.5 independent"


def test_when_everybody_had_their_own_the_first_to_return_brings_the_shared_one() -> None:
    ears = Ears("a", "b")
    ears.hear(mix(0.8), {"a": mix(0.3), "b": mix(0.4)})
    ears.hear(mix(0.4), {"b": mix(0.4)}, seconds=HOLD_MAX_S)
    assert ears.hear(mix(0.4), {"b": mix(0.4)}) == {"a": "e1>e2 0.4", "b": "e1>e3 0.4"}
    assert ears.counters.encodes == 2 * (2 + HOLD_MAX_S / FRAME_S)


def test_a_new_speaker_takes_the_encoder_of_who_has_been_silent_longest() -> None:
    ears = Ears("a", "b", "c", "d", max_private=2)
    ears.hear(mix(0.8), {"a": mix(0.1)})
    ears.hear(mix(0.8), {"b": mix(0.2)})
    heard = ears.hear(mix(0.8), {"c": mix(0.3)})
    assert heard["a"] == heard["d"] == "e1 0.8 independent"
    assert heard["b"] == "e1>e3 0.8"
    assert heard["c"] == "e1>e4 0.3"
    assert len(ears.frames) == 3


def test_in_silence_a_packet_goes_out_every_400_ms_and_the_encoder_rests() -> None:
    ears = Ears("a", "b")
    ears.hear(mix(0.5))
    sent, encodes_before = 0, 0
    for tick in range(10 * KEEPALIVE_TICKS):
        sent += bool(ears.hear(SILENT_MIX))
        if tick == KEEPALIVE_TICKS:
            encodes_before = ears.counters.encodes
    assert sent == 10
    assert ears.counters.encodes - encodes_before <= 9


def test_the_first_packet_after_silence_bears_the_marker_and_time_has_gone_on() -> None:
    ears = Ears("a")
    marks = []
    for sound in [mix(0.5), mix(0.5), *[SILENT_MIX] * 10, mix(0.5), mix(0.5)]:
        ears.hear(sound)
        marks += [(frame.timestamp // FRAME_SAMPLES, frame.marker) for frame in ears.frames]
    assert marks == [(1, True), (2, False), (13, True), (14, False)]


def test_the_listeners_are_the_same_object_until_they_change() -> None:
    ears = Ears("a", "b")
    ears.hear(mix(0.5))
    before = ears.frames[0].listener_ids
    ears.hear(mix(0.5))
    assert ears.frames[0].listener_ids is before
    ears.sink.add_listener("c", "c")
    ears.hear(mix(0.5))
    assert ears.frames[0].listener_ids == ("a", "b", "c")


def test_who_leaves_while_speaking_leaves_nothing_behind() -> None:
    ears = Ears("a", "b")
    ears.hear(mix(0.8), {"a": mix(0.3)})
    ears.sink.remove_listener("a")
    assert ears.hear(mix(0.8), {"a": mix(0.3)}) == {"b": "e1 0.8"}
    with pytest.raises(KeyError):
        ears.sink.remove_listener("a")


def test_nobody_listening_means_no_encode() -> None:
    ears = Ears()
    assert ears.hear(mix(0.8)) == {}
    assert ears.counters.encodes == 0
