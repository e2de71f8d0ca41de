"""ICE-lite: whom it believes, whom it answers, where it sends."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.params import TransportParams
from mixer.transport.ice_lite import (
    CONSENT_S,
    FRESH_S,
    MAX_ADDRESSES,
    TRANSITIONS,
    IceInput,
    IceLiteAgent,
    IceState,
)
from mixer.wire.stun import Address, ErrorCode, Message, MessageClass, build_request, build_success, parse

PASSWORD = "server-password"
PARAMS = TransportParams("server", PASSWORD, "client", "client-password", ())
WIFI: Address = ("192.0.2.1", 4000)
CELLULAR: Address = ("198.51.100.1", 5000)
SIX: Address = ("2001:db8::1", 4000, 0, 0)


def check(
    username: str = "server:client", password: str = PASSWORD, priority: int = 100, is_nominating: bool = True
) -> Message:
    return parse(build_request(bytes(12), username, password, priority, controlling=1, is_nominating=is_nominating))


class Agent(IceLiteAgent):
    def __init__(self) -> None:
        self.drops = Drops()
        super().__init__(PARAMS, self.drops, 0.0)

    def hear(self, message: Message, address: Address = WIFI, now: float = 1.0) -> Message | None:
        answer = self.handle_check(message, address, now)
        return None if answer is None else parse(answer.reply)


@pytest.mark.parametrize("address", [WIFI, SIX])
def test_a_valid_check_is_answered_with_the_address_it_came_from(address: Address) -> None:
    agent = Agent()
    reply = agent.hear(check(), address)
    assert reply is not None
    assert reply.message_class is MessageClass.SUCCESS
    assert reply.mapped_address == address
    assert reply.is_signed_with(PASSWORD)
    assert agent.selected == address
    assert set(agent.addresses) == {address}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(check(), integrity=None), DropReason.STUN_NO_INTEGRITY),
        (check(password="guessed"), DropReason.STUN_WRONG_INTEGRITY),
        (check(username="server:other"), DropReason.STUN_UNKNOWN_USERNAME),
        (check(username="server"), DropReason.STUN_UNKNOWN_USERNAME),
        (parse(build_success(bytes(12), WIFI, PASSWORD)), DropReason.STUN_NOT_A_REQUEST),
        (replace(check(), message_class=MessageClass.INDICATION), DropReason.STUN_NOT_A_REQUEST),
    ],
    ids=["unsigned", "wrong password", "wrong client", "no client", "a response", "an indication"],
)
def test_who_does_not_prove_to_be_the_client_gets_nothing_and_changes_nothing(
    message: Message, reason: DropReason
) -> None:
    agent = Agent()
    assert agent.hear(message) is None
    assert agent.drops == {reason: 1}
    assert agent.state is IceState.WAITING
    assert not agent.addresses
    assert agent.expires_at == CONSENT_S


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"controlling": None, "controlled": 7}, ErrorCode.ROLE_CONFLICT),
        ({"unknown_required": (0x7001,)}, ErrorCode.UNKNOWN_ATTRIBUTE),
    ],
)
def test_what_cannot_be_granted_is_refused_and_signed(changes: dict[str, object], code: ErrorCode) -> None:
    agent = Agent()
    reply = agent.hear(replace(check(), **changes))  # type: ignore[arg-type]
    assert reply is not None
    assert reply.error_code == code
    assert reply.is_signed_with(PASSWORD)
    assert agent.selected is None
    assert agent.drops == {DropReason.STUN_REFUSED: 1}


def test_the_nominated_pair_of_the_highest_priority_is_selected() -> None:
    agent = Agent()
    agent.hear(check(priority=300, is_nominating=False), SIX)
    assert agent.selected == SIX, "before a nomination any proven address serves"
    agent.hear(check(priority=100), CELLULAR)
    assert agent.selected == CELLULAR
    agent.hear(check(priority=200), WIFI)
    assert agent.selected == WIFI
    agent.hear(check(priority=100), CELLULAR)
    assert agent.selected == WIFI
    assert set(agent.addresses) == {WIFI, CELLULAR, SIX}, "media may come from all of them"
    assert agent.state is IceState.NOMINATED


def test_a_check_without_nomination_takes_no_nomination_back() -> None:
    agent = Agent()
    agent.hear(check(priority=100), WIFI)
    agent.hear(check(priority=300, is_nominating=False), CELLULAR)
    agent.hear(check(priority=100, is_nominating=False), WIFI)
    assert agent.selected == WIFI


def test_a_network_that_was_left_gives_way() -> None:
    agent = Agent()
    agent.hear(check(priority=200), WIFI, now=1.0)
    agent.hear(check(priority=100), CELLULAR, now=1.0)
    agent.hear(check(priority=100), CELLULAR, now=1.0 + FRESH_S - 0.1)
    assert agent.selected == WIFI
    agent.hear(check(priority=100), CELLULAR, now=1.0 + FRESH_S)
    assert agent.selected == CELLULAR


def test_an_address_that_became_anothers_is_not_sent_to() -> None:
    agent = Agent()
    agent.hear(check(priority=200), WIFI)
    agent.hear(check(priority=100), CELLULAR)
    agent.forget(WIFI)
    assert agent.selected == CELLULAR
    agent.forget(CELLULAR)
    agent.forget(SIX)
    assert agent.selected is None


def test_the_address_silent_for_longest_makes_room() -> None:
    agent = Agent()
    addresses: list[Address] = [("192.0.2.1", port) for port in range(MAX_ADDRESSES + 1)]
    agent.hear(check(priority=900), addresses[0], now=0.0)
    for order, address in enumerate(addresses[1:], 1):
        agent.hear(check(priority=100), address, now=order * 0.1)
    assert agent.selected == addresses[0], "the one in use is kept, though checked first"
    assert set(agent.addresses) == set(addresses) - {addresses[1]}


def test_consent_lasts_from_check_to_check() -> None:
    agent = Agent()
    agent.handle_timer(CONSENT_S - 1)
    agent.hear(check(), now=CONSENT_S - 1)
    agent.handle_timer(2 * CONSENT_S - 2)
    assert not agent.is_expired
    agent.handle_timer(2 * CONSENT_S - 1)
    assert agent.is_expired
    assert agent.hear(check(), now=2 * CONSENT_S) is None
    assert agent.drops == {DropReason.STUN_CLOSED: 1}


def test_every_input_has_its_place_in_every_living_state() -> None:
    living = set(IceState) - {IceState.EXPIRED}
    assert set(TRANSITIONS) == set(itertools.product(living, IceInput))
    for (state, what), after in TRANSITIONS.items():
        assert list(IceState).index(after) >= list(IceState).index(state), f"{state} goes back on {what}"


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 2**31 - 1), st.floats(0.0, 5.0), st.integers(0, 9)),
        max_size=80,
    )
)
def test_whatever_happens_it_sends_to_a_proven_address_or_nowhere(
    steps: list[tuple[int, bool, int, float, int]],
) -> None:
    agent = Agent()
    template = check()
    now = 0.0
    for port, is_nominating, priority, pause_s, what in steps:
        now += pause_s
        address: Address = ("192.0.2.1", port)
        if what == 0:
            agent.forget(address)
        else:
            agent.hear(replace(template, priority=priority, is_nominating=is_nominating), address, now)
        agent.handle_timer(now)
        assert len(agent.addresses) <= MAX_ADDRESSES
        assert agent.selected in agent.addresses if agent.addresses else agent.selected is None
