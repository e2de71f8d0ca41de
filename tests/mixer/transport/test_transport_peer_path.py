"""Which of a peer's addresses media are sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.transport.peer_path import MAX_ADDRESSES, MEDIA_S, SILENT_S, PeerPath
from mixer.wire.stun import Address

WIFI: Address = ("192.0.2.1", 4000)
CELLULAR: Address = ("198.51.100.1", 5000)
THIRD: Address = ("2001:db8::1", 4000, 0, 0)
LIMIT_S = 3.0
"""Media have to follow a nominating check within so long."""
CHROMIUM_S, RFC_7675_S = 2.5, 4.0
"""How often the address in use is checked; of the random times of RFC 7675 the shortest."""


def connected(at: Address = WIFI, now: float = 0.0) -> PeerPath:
    path = PeerPath()
    path.note_check(at, True, now)
    return path


def test_the_first_valid_check_says_where_to_send_until_another_is_nominated() -> None:
    path = PeerPath()
    path.note_check(WIFI, False, 0.0)
    assert path.selected == WIFI
    path.note_check(CELLULAR, False, 0.1)
    assert path.selected == WIFI, "a client checks all its addresses"
    path.note_check(CELLULAR, True, 0.2)
    assert path.selected == CELLULAR
    assert set(path.addresses) == {WIFI, CELLULAR}, "media may come from both"


def test_ours_goes_where_theirs_comes_from() -> None:
    path = connected()
    path.note_check(CELLULAR, False, 0.0)
    for now in (1.0, 1.02, 1.04):
        path.note_media(WIFI, now)
        assert path.selected == WIFI
    path.note_media(CELLULAR, 1.06)
    assert path.selected == CELLULAR, "before any check says so: Chromium's next one may be 2.5 s away"


def test_a_new_source_address_is_followed_at_its_first_check_and_packet() -> None:
    """A NAT has another idea: all comes from another port at once, nothing from the old one any more."""
    path = connected()
    path.note_media(WIFI, 9.99)
    path.note_check(CELLULAR, True, 10.4)
    path.note_media(CELLULAR, 10.42)
    assert path.selected == CELLULAR


@pytest.mark.parametrize("media_before_s", [0.0, MEDIA_S])
def test_who_sends_nothing_is_followed_in_time_by_nominations(media_before_s: float) -> None:
    path = connected()
    path.note_media(WIFI, 10.0)
    rebound_at = checked_at = 10.0 + media_before_s
    while path.selected == WIFI:
        path.note_check(CELLULAR, True, checked_at)
        checked_at += CHROMIUM_S
    assert checked_at - CHROMIUM_S - rebound_at <= LIMIT_S


def test_who_sends_nothing_and_never_nominates_again_is_followed_when_the_old_address_is_left() -> None:
    """Firefox and aiortc nominate once; what they send later keeps consent alive only."""
    path = connected()
    path.note_check(WIFI, False, 5.0)
    path.note_check(CELLULAR, False, 5.0 + RFC_7675_S)
    assert path.selected == CELLULAR


def test_checks_of_other_addresses_move_nothing_while_the_one_in_use_is_checked() -> None:
    path = connected()
    for turn in range(100):
        now = turn * CHROMIUM_S
        path.note_check(WIFI, True, now)
        path.note_check(CELLULAR, False, now + 0.06)
        path.note_check(THIRD, False, now + 2.4)
        assert path.selected == WIFI


def test_a_client_that_nominates_all_in_turn_has_its_media_back_where_it_sends_from() -> None:
    path = connected()
    for number in range(1000):
        now = number * 0.02
        path.note_media(WIFI, now)
        path.note_check((CELLULAR, THIRD, WIFI)[number % 3], True, now + 0.01)
        assert path.selected == WIFI


def test_a_stolen_check_does_not_move_the_media_of_who_talks_and_of_who_is_silent_not_for_long() -> None:
    path = connected()
    path.note_media(WIFI, 10.0)
    path.note_check(THIRD, True, 10.0 + MEDIA_S / 2)
    assert path.selected == WIFI
    path.note_check(THIRD, True, 20.0)
    assert path.selected == THIRD
    path.note_check(WIFI, True, 20.0 + CHROMIUM_S)
    assert path.selected == WIFI


def test_an_address_that_became_anothers_is_not_sent_to() -> None:
    path = connected()
    path.note_check(CELLULAR, False, 1.0)
    path.note_check(THIRD, False, 0.5)
    path.forget(WIFI)
    assert path.selected == CELLULAR, "the one that was checked last"
    path.forget(THIRD)
    path.forget(CELLULAR)
    path.forget(CELLULAR)
    assert path.selected is None
    path.note_check(WIFI, False, 2.0)
    assert path.selected == WIFI


def test_the_address_silent_for_longest_makes_room() -> None:
    addresses: list[Address] = [("192.0.2.1", port) for port in range(MAX_ADDRESSES + 1)]
    path = connected(addresses[0])
    for order, address in enumerate(addresses[1:], 1):
        path.note_check(address, False, order * 0.1)
    assert path.selected == addresses[0], "the one in use is kept, though checked first"
    assert set(path.addresses) == set(addresses) - {addresses[1]}


STEPS = st.tuples(st.sampled_from(["check", "nomination", "media", "forget"]), st.integers(0, 40), st.floats(0.0, 5.0))


@given(st.lists(STEPS, max_size=80))
def test_whatever_happens_it_sends_to_a_proven_address_or_nowhere(steps: list[tuple[str, int, float]]) -> None:
    path, now = PeerPath(), 0.0
    for what, port, pause_s in steps:
        now += pause_s
        address: Address = ("192.0.2.1", port)
        if what == "forget":
            path.forget(address)
        elif what != "media":
            path.note_check(address, what == "nomination", now)
        elif address in path.addresses:
            path.note_media(address, now)
            assert path.selected == address
        assert len(path.addresses) <= MAX_ADDRESSES
        assert path.selected in path.addresses if path.addresses else path.selected is None


def test_an_address_in_use_is_not_given_up_for_one_lost_check() -> None:
    assert CHROMIUM_S < SILENT_S < RFC_7675_S
