"""A seat token is worth something to whoever holds it, for a day, on the server that signed it, and to nobody else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.rooms.seat_tokens import GOOD_FOR_S, MAX_CHARACTERS, SeatClaim, SeatTokens

NOW = 1_800_000_000.0
CLAIM = SeatClaim("s" * 12, "m" * 32)


@pytest.fixture(scope="module")
def tokens() -> SeatTokens:
    return SeatTokens(bytes(32))


def test_a_token_is_good_for_a_day(tokens: SeatTokens) -> None:
    token = tokens.issue(CLAIM, NOW)
    assert len(token) < MAX_CHARACTERS / 2
    assert tokens.read(token, NOW) == tokens.read(token, NOW + GOOD_FOR_S - 1) == CLAIM
    assert tokens.read(token, NOW + GOOD_FOR_S) is None


def test_a_token_of_another_key_is_worth_nothing(tokens: SeatTokens) -> None:
    assert tokens.read(SeatTokens(os.urandom(32)).issue(CLAIM, NOW), NOW) is None


@given(st.text(max_size=80) | st.text(st.characters(codec="ascii"), max_size=MAX_CHARACTERS + 5))
def test_no_text_is_a_token_and_none_is_an_error(text: str) -> None:
    assert SeatTokens(bytes(32)).read(text, NOW) is None


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_token_with_any_other_character_in_it_is_worth_nothing(place: int, shift: int) -> None:
    tokens = SeatTokens(bytes(32))
    token = tokens.issue(CLAIM, NOW)
    place %= len(token) - 1  # the very last character carries bits that are not part of the signature
    changed = token[:place] + chr((ord(token[place]) + shift) % 256) + token[place + 1 :]
    assert changed == token or tokens.read(changed, NOW) is None


def test_a_token_that_is_too_long_is_not_even_looked_at(tokens: SeatTokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens._serializer, "loads", lambda token: pytest.fail("it was"))
    assert tokens.read("a" * (MAX_CHARACTERS + 1), NOW) is None
