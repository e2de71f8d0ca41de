"""ICE-lite: whom it believes, whom it answers, what a restart changes, when the peer is gone."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.params import TransportParams
from mixer.transport.ice_lite import (
    CONSENT_S,
    MAX_REMEMBERED,
    REPEAT_BURST,
    RESTART_S,
    TRANSITIONS,
    IceInput,
    IceLiteAgent,
    IceState,
)
from mixer.wire.stun import Address, ErrorCode, Message, MessageClass, build_request, build_success, parse

PASSWORD = "server-password"
PARAMS = TransportParams("server", PASSWORD, "client", "client-password", ())
AGAIN = TransportParams("again", "another-password", "client2", "client-password2", ())
THIRD = TransportParams("third", "a-third-password", "client3", "client-password3", ())
WIFI: Address = ("192.0.2.1", 4000)
CELLULAR: Address = ("198.51.100.1", 5000)
SIX: Address = ("2001:db8::1", 4000, 0, 0)

serial = itertools.count()


def check(username: str = "server:client", password: str = PASSWORD, is_nominating: bool = True) -> Message:
    """A check like no other: each has a transaction id of its own."""
    transaction_id = next(serial).to_bytes(12, "big")
    return parse(build_request(transaction_id, username, password, 100, controlling=1, is_nominating=is_nominating))


def check_of(params: TransportParams) -> Message:
    return check(f"{params.local_ufrag}:{params.remote_ufrag}", params.local_pwd)


class Agent(IceLiteAgent):
    def __init__(self) -> None:
        self.drops = Drops()
        super().__init__(PARAMS, self.drops, 0.0)

    def hear(self, message: Message, address: Address = WIFI, now: float = 1.0) -> Message | None:
        answer = self.handle_check(message, address, now)
        return None if answer is None else parse(answer.reply)

    def believes(self, params: TransportParams, now: float = 1.0) -> bool:
        """Whether a check with these credentials is answered, and signed with them."""
        reply = self.hear(check_of(params), now=now)
        return reply is not None and reply.is_signed_with(params.local_pwd)


@pytest.mark.parametrize("address", [WIFI, SIX])
def test_a_valid_check_is_answered_with_the_address_it_came_from(address: Address) -> None:
    agent = Agent()
    reply = agent.hear(check(), address)
    assert reply is not None
    assert reply.message_class is MessageClass.SUCCESS
    assert reply.mapped_address == address
    assert reply.is_signed_with(PASSWORD)
    assert agent.path.selected == address
    assert set(agent.path.addresses) == {address}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(check(), integrity=None), DropReason.STUN_NO_INTEGRITY),
        (check(password="guessed"), DropReason.STUN_WRONG_INTEGRITY),
        (check(username="other:client"), DropReason.STUN_UNKNOWN_USERNAME),
        (check(username="client:server"), DropReason.STUN_UNKNOWN_USERNAME),
        (check(username="server"), DropReason.STUN_UNKNOWN_USERNAME),
        (parse(build_success(bytes(12), WIFI, PASSWORD)), DropReason.STUN_NOT_A_REQUEST),
        (replace(check(), message_class=MessageClass.INDICATION), DropReason.STUN_NOT_A_REQUEST),
    ],
    ids=[
        "unsigned",
        "wrong password",
        "for another",
        "the wrong way round",
        "no client",
        "a response",
        "an indication",
    ],
)
def test_who_does_not_prove_to_be_the_client_gets_nothing_and_changes_nothing(
    message: Message, reason: DropReason
) -> None:
    agent = Agent()
    assert agent.hear(message) is None
    assert agent.drops == {reason: 1}
    assert not agent.path.addresses
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
    assert agent.path.selected is None
    assert agent.drops == {DropReason.STUN_REFUSED: 1}


def test_a_check_that_is_replayed_from_elsewhere_is_not_believed() -> None:
    agent = Agent()
    message = check()
    assert agent.hear(message, WIFI) is not None
    assert agent.hear(message, CELLULAR) is None
    assert set(agent.path.addresses) == {WIFI}
    assert agent.drops == {DropReason.STUN_REPLAYED: 1}


def test_a_check_that_is_repeated_is_answered_and_changes_nothing() -> None:
    agent = Agent()
    first = check()
    agent.hear(first, WIFI, now=1.0)
    agent.hear(check(), CELLULAR, now=2.0)
    answer = agent.handle_check(first, WIFI, 3.0)
    assert answer is not None, "ours may have been lost"
    assert not answer.is_valid
    assert agent.path.selected == CELLULAR
    assert agent.expires_at == 2.0 + CONSENT_S, "who repeats what the client sent does not speak for it"


def test_who_repeats_checks_without_end_uses_up_nothing_that_the_client_needs() -> None:
    agent = Agent()
    message = check()
    agent.hear(message)
    answered = sum(agent.hear(message) is not None for _ in range(1000))
    assert answered == REPEAT_BURST
    assert agent.drops == {DropReason.STUN_TOO_MANY: 1000 - answered}
    assert agent.hear(check()) is not None


def test_only_the_latest_checks_are_remembered() -> None:
    agent = Agent()
    messages = [check() for _ in range(MAX_REMEMBERED + 1)]
    for number, message in enumerate(messages):
        agent.hear(message, WIFI, now=float(number))
    assert [agent.hear(message, CELLULAR, now=100.0) for message in messages[1:]] == [None] * MAX_REMEMBERED
    assert agent.hear(messages[0], CELLULAR, now=100.0) is not None


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


def test_after_a_restart_both_credentials_are_good_until_the_new_ones_are_used() -> None:
    agent = Agent()
    agent.hear(check(), WIFI)
    agent.restart(AGAIN, 2.0)
    assert agent.local_ufrags == ("server", "again")
    assert agent.path.selected == WIFI, "media go on as they were"
    assert agent.believes(PARAMS, 3.0)
    assert agent.believes(PARAMS, 4.0)
    assert agent.believes(AGAIN, 5.0)
    assert not agent.believes(PARAMS, 6.0)
    assert agent.believes(AGAIN, 7.0)
    assert agent.local_ufrags == ("again",)
    assert WIFI in agent.path.addresses, "what the client sends until it has chosen anew is still from it"
    assert agent.expires_at == 7.0 + CONSENT_S


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("again:client2", "guessed"),
        ("again:client2", PASSWORD),
        ("server:client2", AGAIN.local_pwd),
        ("again", AGAIN.local_pwd),
    ],
)
def test_forged_checks_do_not_complete_a_restart(username: str, password: str) -> None:
    agent = Agent()
    agent.restart(AGAIN, 1.0)
    assert agent.hear(check(username, password)) is None
    assert agent.believes(PARAMS)
    assert agent.state is IceState.RESTARTING


def test_a_client_that_restarts_may_use_its_new_name_before_it_knows_ours() -> None:
    agent = Agent()
    agent.hear(check(), WIFI)
    assert agent.hear(check("server:client2"), CELLULAR, now=2.0) is not None, "its offer is still on the way"
    agent.restart(AGAIN, 2.1)
    assert agent.hear(check("server:client2"), CELLULAR, now=2.2) is not None, "our answer is"
    assert agent.state is IceState.RESTARTING
    assert agent.believes(AGAIN)


def test_a_restart_before_the_first_check_may_be_followed_at_once() -> None:
    agent = Agent()
    agent.restart(AGAIN, 0.1)
    assert agent.believes(AGAIN)
    assert not agent.believes(PARAMS)
    assert agent.path.selected == WIFI


def test_of_restarts_that_cross_the_last_one_counts() -> None:
    agent = Agent()
    agent.hear(check(), WIFI)
    agent.restart(AGAIN, 2.0)
    agent.restart(THIRD, 2.1)
    assert not agent.believes(AGAIN)
    assert agent.believes(PARAMS), "what was in force stays until the last one is used"
    assert agent.believes(THIRD)
    assert not agent.believes(PARAMS)
    agent.restart(AGAIN, 3.0)
    assert agent.believes(AGAIN)
    assert agent.local_ufrags == ("again",)


@pytest.mark.parametrize("restarted_before", [False, True], ids=["steady", "restarting"])
def test_the_same_credentials_again_are_no_restart(restarted_before: bool) -> None:
    agent = Agent()
    if restarted_before:
        agent.restart(AGAIN, 1.0)
    state, deadline, ufrags = agent.state, agent.next_deadline(), agent.local_ufrags
    agent.restart(AGAIN if restarted_before else PARAMS, 5.0)
    assert (agent.state, agent.next_deadline(), agent.local_ufrags) == (state, deadline, ufrags)


def test_a_restart_that_nobody_follows_leaves_the_old_credentials_behind() -> None:
    agent = Agent()
    agent.restart(AGAIN, 1.0)
    assert agent.believes(PARAMS, 29.0)
    assert agent.next_deadline() == 1.0 + RESTART_S
    agent.handle_timer(1.0 + RESTART_S)
    assert not agent.believes(PARAMS, 40.0)
    assert agent.believes(AGAIN, 40.0)


def test_a_restart_gives_no_consent_and_revives_nobody() -> None:
    agent = Agent()
    agent.restart(AGAIN, CONSENT_S - 1)
    assert agent.next_deadline() == CONSENT_S
    agent.handle_timer(CONSENT_S)
    assert agent.is_expired
    agent.restart(THIRD, CONSENT_S)
    agent.handle_timer(CONSENT_S + RESTART_S)
    assert agent.is_expired
    assert not agent.believes(AGAIN)
    assert not agent.believes(THIRD)
    assert agent.drops == {DropReason.STUN_CLOSED: 2}


def test_every_input_that_can_happen_has_its_place_in_every_living_state() -> None:
    living = set(IceState) - {IceState.EXPIRED}
    only_of_a_restart = {(IceState.STEADY, IceInput.NEW_CHECK), (IceState.STEADY, IceInput.RESTART_LIMIT)}
    assert set(TRANSITIONS) == set(itertools.product(living, IceInput)) - only_of_a_restart


ACTIONS = st.tuples(st.sampled_from(["check", "restart", "timer"]), st.integers(0, 3), st.floats(0.0, 12.0))


@given(st.lists(ACTIONS, max_size=60))
def test_whatever_happens_at_most_two_credentials_are_believed_and_the_last_ones_unless_expired(
    actions: list[tuple[str, int, float]],
) -> None:
    known = [PARAMS, AGAIN, THIRD, TransportParams("fourth", "a-fourth-password", "client4", "client-password4", ())]
    agent, now, given_last = Agent(), 0.0, PARAMS
    for what, index, pause_s in actions:
        now += pause_s
        agent.handle_timer(now)
        if what == "check":
            agent.hear(check_of(known[index]), now=now)
        elif what == "restart":
            agent.restart(known[index], now)
            given_last = given_last if agent.is_expired else known[index]
        assert len(agent.local_ufrags) <= 2
        assert given_last.local_ufrag == agent.local_ufrags[-1]
        assert agent.next_deadline() > now or agent.is_expired
    assert agent.is_expired or agent.believes(given_last, now)
