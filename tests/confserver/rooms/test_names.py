"""No guest bears a host's name without a mark, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.rooms.names import GUEST_MARK, MOST_CHARACTERS, guest_name, passes_for, plain


@pytest.mark.parametrize(
    "written",
    [
        "Ada Lovelace",
        "ada lovelace",
        "AdaLovelace",
        "\u00c0d\u00e1  Lovelace",
        "\uff21\uff44\uff41 Lovelace",  # of full width
        "Ada\u200b Lovelace",  # with a space of no width
        "\U0001d400da Lovelace",  # with a letter of mathematics
    ],
)
def test_the_same_name_written_otherwise_is_marked(written: str) -> None:
    assert guest_name(written, ["Ada Lovelace"]) == written + GUEST_MARK


@pytest.mark.parametrize("name", ["Ada", "Bob", "Ada Lovelace II"])
def test_another_name_stays(name: str) -> None:
    assert guest_name(name, ["Ada Lovelace", "Grace"]) == name


def test_a_marked_name_is_no_longer_than_a_name_may_be() -> None:
    longest = "a" * MOST_CHARACTERS
    assert len(guest_name(longest, [longest])) == MOST_CHARACTERS


@given(st.text(max_size=64), st.text(max_size=64))
def test_whoever_is_not_marked_does_not_pass_for_a_host(name: str, host: str) -> None:
    assert passes_for(name, [host]) is (plain(name) == plain(host))
    assert guest_name(name, [host]) == name or passes_for(name, [host])
