"""A room as its people notice it: levels, who hears whom, who counts as speaking, what it costs."""

import numpy as np
import pytest

from mixer.audio.mixer import AudioMixer
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm
from mixer.base.drops import DropReason
from tests.mixer.audio.people import Room, Talker, mix_uncoded
from tests.mixer.audio.speech import frames, level, speech

SILENCE: Pcm = np.zeros(FRAME_SAMPLES, np.float32)
SETTLED = 25 * FRAME_SAMPLES


def tone(hz: float, seconds: float = 2.0, amplitude: float = 0.3) -> Pcm:
    count = int(seconds * SAMPLE_RATE) // FRAME_SAMPLES * FRAME_SAMPLES
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(count) / SAMPLE_RATE)).astype(np.float32)


def level_at(sound: Pcm, hz: float) -> float:
    """dBov of one frequency."""
    seconds = np.arange(len(sound)) / SAMPLE_RATE
    return float(20 * np.log10(np.abs(np.mean(sound * np.exp(-2j * np.pi * hz * seconds))) * np.sqrt(2) + 1e-9))


def converse(room: Room, said: dict[Talker, Pcm]) -> None:
    for spoken in zip(*map(frames, said.values()), strict=True):
        room.tick(dict(zip(said, spoken, strict=True)))


def test_one_speaker_passes_at_unity_and_does_not_hear_himself() -> None:
    room = Room(["ada", "bob", "cat"])
    spoken = speech(4.0, dbov=-20)
    converse(room, {Talker(room.mixer, "ada"): spoken})
    for name in ("bob", "cat"):
        assert level(room.sound(name)) == pytest.approx(level(spoken), abs=1)
    assert level(room.sound("ada")) < level(spoken) - 40


def test_each_of_three_hears_exactly_the_other_two() -> None:
    tones = {"ada": 430.0, "bob": 670.0, "cat": 1030.0}
    room = Room(list(tones))
    converse(room, {Talker(room.mixer, name): tone(hz) for name, hz in tones.items()})
    for listener in tones:
        sound = room.sound(listener)[SETTLED:]
        for name, hz in tones.items():
            sent = level_at(tone(hz), hz)
            if name == listener:
                assert level_at(sound, hz) < sent - 40
            else:
                assert level_at(sound, hz) == pytest.approx(sent, abs=3)


def test_four_at_full_scale_neither_wrap_nor_pump(monkeypatch: pytest.MonkeyPatch) -> None:
    mix_uncoded(monkeypatch)
    mixer = AudioMixer()
    mixer.add_listener("ear", "ear")
    room = Room()
    room.mixer = mixer
    talkers = {Talker(mixer, f"p{hz}"): frames(tone(hz, amplitude=1.0)) for hz in (310, 470, 730, 1130)}
    levels = []
    for index in range(100):
        room.now += 0.02
        for talker, spoken in talkers.items():
            talker.say(spoken[index], room.now - 0.005)
        for frame in mixer.tick(room.now):
            sound = np.frombuffer(frame.payload, np.float32)
            assert np.abs(sound).max() <= 1
            levels.append(level(sound))
    assert max(levels[5:]) - min(levels[5:]) <= 3


def test_neither_microphone_nor_screen_sound_comes_back_to_any_device_of_their_owner() -> None:
    room = Room(["bob"])
    for device in ("page", "phone"):
        room.mixer.add_listener(device, "ada")
    microphone, screen = Talker(room.mixer, "ada"), Talker(room.mixer, "ada", source="screen")
    heard_by: dict[str, int] = {}
    for index, (voice, music) in enumerate(zip(frames(tone(430)), frames(tone(670)), strict=True)):
        room.now += 0.02
        microphone.say(voice, room.now - 0.005)
        screen.say(music, room.now - 0.005)
        for frame in room.mixer.tick(room.now):
            for listener in frame.listener_ids:
                heard_by[listener] = heard_by.get(listener, 0) + (index > 25)
    assert heard_by["bob"] > 70
    assert heard_by["page"] == heard_by["phone"] <= 5, "only the signs of life of a silent line"


def test_both_sources_of_a_participant_are_heard() -> None:
    room = Room(["bob"])
    said = {Talker(room.mixer, "ada"): tone(430), Talker(room.mixer, "ada", source="screen"): tone(670)}
    converse(room, said)
    sound = room.sound("bob")[SETTLED:]
    assert level_at(sound, 430) == pytest.approx(level_at(tone(430), 430), abs=3)
    assert level_at(sound, 670) == pytest.approx(level_at(tone(670), 670), abs=3)


def test_a_liar_by_header_holds_no_slot_and_is_not_shown() -> None:
    room = Room(["ear"])
    liars = [Talker(room.mixer, f"liar{index}", claimed_level=0) for index in range(15)]
    honest = Talker(room.mixer, "ada")
    spoken = speech(4.0, has_pauses=False)
    converse(room, {**dict.fromkeys(liars, np.zeros_like(spoken)), honest: spoken})
    assert room.mixer.speakers() == ("ada",)
    assert level(room.sound("ear")[SAMPLE_RATE:]) == pytest.approx(level(spoken[SAMPLE_RATE:]), abs=1)


def test_speakers_without_header_levels_are_found_among_many_silent_ones() -> None:
    room = Room(["ear"])
    silent = [Talker(room.mixer, f"p{index}", has_levels=False) for index in range(15)]
    honest = Talker(room.mixer, "ada", has_levels=False)
    spoken = speech(4.0, has_pauses=False)
    converse(room, {**dict.fromkeys(silent, np.zeros_like(spoken)), honest: spoken})
    assert room.mixer.speakers() == ("ada",)


def test_those_beyond_the_loudest_are_not_mixed() -> None:
    room = Room(["ear"], max_speakers=2)
    levels = {430.0: 0.3, 670.0: 0.3, 1030.0: 0.03}
    converse(room, {Talker(room.mixer, f"p{hz}"): tone(hz, amplitude=gain) for hz, gain in levels.items()})
    sound = room.sound("ear")[SETTLED:]
    assert level_at(sound, 670) > -20
    assert level_at(sound, 1030) < -60
    assert room.mixer.speakers() == ("p430.0", "p670.0")


def test_a_mute_covers_all_sources_those_to_come_and_the_list_of_speakers() -> None:
    room = Room(["bob"])
    first = Talker(room.mixer, "ada")
    converse(room, {first: tone(430)})
    assert room.mixer.speakers() == ("ada",)
    room.mixer.set_muted("ada", True)
    assert room.mixer.speakers() == ()
    second = Talker(room.mixer, "ada", source="screen")
    converse(room, {first: tone(430), second: tone(670)})
    assert level(room.sound("bob")[-SAMPLE_RATE:]) < -80
    assert room.mixer.drops[DropReason.AUDIO_MUTED] >= 200
    room.mixer.set_muted("ada", False)
    converse(room, {first: tone(430), second: tone(670)})
    assert level(room.sound("bob")[-SAMPLE_RATE:]) > -15


def test_a_film_goes_on_sounding_while_its_presenter_is_muted() -> None:
    room = Room(["bob"])
    voice, film = Talker(room.mixer, "ada"), Talker(room.mixer, "ada", source="screen")
    room.mixer.set_muted("ada", True, is_silenced=False)
    converse(room, {voice: tone(430), film: tone(670)})
    sound = room.sound("bob")[-SAMPLE_RATE:]
    assert level_at(sound, 430) < -60
    assert level_at(sound, 670) > -20


def test_a_device_that_is_replaced_stays_muted() -> None:
    room = Room(["bob"])
    Talker(room.mixer, "ada")
    room.mixer.set_muted("ada", True)
    room.mixer.remove_source("ada/mic")
    converse(room, {Talker(room.mixer, "ada"): tone(430)})
    assert level(room.sound("bob")) < -80


def test_a_removed_source_is_silent_even_if_packets_still_come() -> None:
    room = Room(["bob"])
    ada = Talker(room.mixer, "ada")
    converse(room, {ada: tone(430)})
    room.mixer.remove_source("ada/mic")
    assert room.mixer.speakers() == ()
    converse(room, {ada: tone(430)})
    assert level(room.sound("bob")[-SAMPLE_RATE:]) < -80


def test_encodes_are_at_most_one_more_than_speakers_and_silence_costs_next_to_nothing() -> None:
    names = [f"p{index}" for index in range(12)]
    room = Room(names)
    people = [Talker(room.mixer, name) for name in names]
    spoken = speech(2.0, has_pauses=False)
    talk = {person: spoken if index < 3 else np.zeros_like(spoken) for index, person in enumerate(people)}
    converse(room, talk)
    assert max(room.encodes) == 4
    assert room.mixer.counters.decodes <= 3 * len(frames(spoken))
    room.encodes.clear()
    for _ in range(500):
        room.tick({})
    assert sum(room.encodes[-100:]) <= 6


def test_timestamps_go_on_through_silence_and_skipped_ticks() -> None:
    room = Room(["bob"])
    room.mixer.tick(1.0)
    ada = Talker(room.mixer, "ada")
    stamps = []
    for index, frame in enumerate(frames(tone(430))[:50]):
        now = 10 + 0.02 * index
        ada.say(frame, now)
        stamps += [sent.timestamp for sent in room.mixer.tick(now + 0.012, skipped=2 if index == 30 else 0)]
    steps = np.diff(stamps)
    assert set(steps[5:].tolist()) == {FRAME_SAMPLES, 3 * FRAME_SAMPLES}


def test_the_wait_in_the_mixer_is_at_most_30_ms_on_a_clean_network(monkeypatch: pytest.MonkeyPatch) -> None:
    mix_uncoded(monkeypatch)
    for phase_ms in (1, 6, 11, 16):
        mixer = AudioMixer()
        mixer.add_listener("bob", "bob")
        room, ada = Room(), Talker(mixer, "ada")
        heard = []
        for frame in [SILENCE] * 50 + [*frames(tone(1000, 0.5))]:
            room.now += 0.02
            ada.say(frame, room.now - phase_ms / 1000)
            sent = mixer.tick(room.now)
            heard.append(np.frombuffer(sent[0].payload, np.float32) if sent else SILENCE)
        onset = int(np.argmax(np.abs(np.concatenate(heard)) > 0.1)) - 50 * FRAME_SAMPLES
        codec_delay = 312
        assert (onset - codec_delay) / 48 + phase_ms <= 30
