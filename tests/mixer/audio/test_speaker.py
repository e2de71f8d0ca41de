"""Who is heard and shown, told in ticks of 20 ms."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.audio.pcm import FRAME_S
from mixer.audio.speaker import HOLD_S, SpeakerRanking

PLACES = 3


class Talk:
    """A ranking and its clock."""

    def __init__(self, places: int = PLACES) -> None:
        self.ranking = SpeakerRanking(places)
        self.now = 0.0
        self.changes = 0

    def hear(self, levels: dict[str, float], seconds: float = FRAME_S) -> None:
        for _ in range(round(seconds / FRAME_S)):
            before = self.ranking.speakers
            self.ranking.update(levels, self.now)
            self.changes += self.ranking.speakers != before
            self.now += FRAME_S


def test_one_tick_of_speech_is_heard_and_a_tenth_of_a_second_is_shown() -> None:
    talk = Talk()
    talk.hear({"ada": -25.0})
    assert talk.ranking.heard == ("ada",)
    assert talk.ranking.speakers == ()
    talk.hear({"ada": -25.0}, 0.1)
    assert talk.ranking.speakers == ("ada",)


def test_a_click_is_not_announced() -> None:
    talk = Talk()
    talk.hear({"ada": -5.0}, 0.04)
    talk.hear({"ada": -70.0}, 3)
    assert talk.changes == 0


def test_silence_and_room_noise_are_nobody() -> None:
    talk = Talk()
    talk.hear({"liar": -127.0, "noise": -58.0}, 3)
    assert talk.ranking.heard == ()


def test_a_speaker_stays_through_a_pause_and_leaves_after_the_hold() -> None:
    talk = Talk()
    talk.hear({"ada": -25.0}, 1)
    talk.hear({"ada": -70.0}, HOLD_S - 0.1)
    assert talk.ranking.speakers == ("ada",)
    talk.hear({}, 0.2)
    assert talk.ranking.speakers == ()
    assert talk.ranking.heard == ()


def test_the_clearly_louder_comes_first_and_equals_do_not_change_places() -> None:
    talk = Talk()
    talk.hear({"ada": -30.0, "bob": -30.0}, 1)
    first = talk.ranking.speakers
    noise = random.Random(2)
    for _ in range(250):
        talk.hear({"ada": -30 + noise.uniform(-2, 2), "bob": -30 + noise.uniform(-2, 2)})
    assert talk.ranking.speakers == first
    talk.hear({first[0]: -30.0, first[1]: -18.0}, 0.3)
    assert talk.ranking.speakers == (first[1], first[0])


def test_with_all_places_taken_only_the_clearly_louder_gets_one() -> None:
    talk = Talk()
    talk.hear({"a": -20.0, "b": -22.0, "c": -30.0}, 1)
    talk.hear({"a": -20.0, "b": -22.0, "c": -30.0, "d": -28.0}, 1)
    assert set(talk.ranking.heard) == {"a", "b", "c"}
    talk.hear({"a": -20.0, "b": -22.0, "c": -30.0, "d": -15.0}, 0.1)
    assert set(talk.ranking.heard) == {"a", "b", "d"}


def test_who_pauses_yields_to_who_speaks() -> None:
    talk = Talk()
    talk.hear({"a": -25.0, "b": -25.0, "c": -25.0}, 1)
    talk.hear({"a": -25.0, "b": -25.0, "d": -25.0}, 0.7)
    assert set(talk.ranking.heard) == {"a", "b", "d"}


def test_the_removed_are_gone_at_once() -> None:
    talk = Talk()
    talk.hear({"ada": -25.0}, 1)
    talk.ranking.remove("ada")
    talk.ranking.remove("nobody")
    assert talk.ranking.heard == talk.ranking.speakers == ()


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-127, 0)), max_size=60))
def test_never_more_than_the_places_and_nobody_twice(ticks: list[dict[str, float]]) -> None:
    talk = Talk()
    for levels in ticks:
        talk.hear(levels)
        heard = talk.ranking.heard
        assert len(heard) == len(set(heard)) <= PLACES
        assert set(talk.ranking.speakers) <= set(heard)
