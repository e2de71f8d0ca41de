"""A session on invented time: the whole table, heartbeats, limits, and the order of what is said."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import EndReason, LeaveReason, Left, MediaLost
from signaling.ws.messages import Join, Leave, Offer
from signaling.ws.session import (
    JOIN_LIMIT_S,
    LASTING_REFUSALS,
    MAX_INBOX,
    MAX_OUTBOX,
    MAX_REFUSALS,
    MESSAGE_BURST,
    OFFER_COST,
    PING_EVERY_S,
    RETRY_LIMIT_S,
    SILENCE_LIMIT_S,
    SURPLUS_BURST,
    Ping,
    Session,
)
from signaling.ws.states import TABLE, Action, Closing, Input, State
from tests.signaling.ws.fake_door import WAITING, WELCOME

JOIN = '{"type":"join","access_key":"k","display_name":"Ada"}'
OFFER = '{"type":"offer","id":1,"sdp":"v=0","lines":{}}'
TEXTS = {
    Input.JOIN: JOIN,
    Input.OFFER: OFFER,
    Input.COMMAND: '{"type":"set","has_camera":true}',
    Input.LEAVE: '{"type":"leave"}',
}


def said(session: Session) -> list[dict[str, Any]]:
    """What is to be sent, as objects; pings left out."""
    frames = iter(session.next_frame, None)
    return [json.loads(frame) for frame in frames if not isinstance(frame, Ping)]


def asked(session: Session) -> list[object]:
    """What was accepted."""
    return list(iter(session.next_request, None))


def session_in(state: State) -> Session:
    """A session at time 0, with nothing to say and nothing asked."""
    session = Session(0.0)
    if state is not State.CONNECTED:
        session.receive(JOIN, 0.0)
    if state is State.IN_ROOM:
        session.seated(WELCOME)
    if state is State.WAITING:
        session.made_to_wait(WAITING)
    if state is State.CLOSED:
        session.close(Closing.ENDED)
    said(session)
    asked(session)
    assert session.state is state
    return session


def happen(session: Session, happened: Input) -> None:
    match happened:
        case Input.SEATED:
            session.seated(WELCOME)
        case Input.MADE_TO_WAIT:
            session.made_to_wait(WAITING)
        case Input.REFUSED:
            session.refused(Refused(RefusalReason.WRONG_PIN, 2.0), 0.0)
        case Input.REFUSED_TOO_OFTEN:
            session._refusals = MAX_REFUSALS - 1
            session.refused(Refused(RefusalReason.WRONG_PIN, 2.0), 0.0)
        case Input.CLOSE:
            session.close(Closing.REMOVED)
        case _:
            session.receive(TEXTS[happened], 0.0)


IMPOSSIBLE = {
    (state, report)
    for state in (State.CONNECTED, State.IN_ROOM)
    for report in (Input.SEATED, Input.MADE_TO_WAIT, Input.REFUSED, Input.REFUSED_TOO_OFTEN)
}
"""The outcome of a join where none is under way: an error of ours, and loud."""


@pytest.mark.parametrize(("state", "happened"), list(itertools.product(State, Input)))
def test_every_state_knows_what_to_do_with_every_input(state: State, happened: Input) -> None:
    session = session_in(state)
    if (state, happened) in IMPOSSIBLE:
        with pytest.raises(KeyError):
            happen(session, happened)
        return
    action, after = TABLE[state, happened]
    happen(session, happened)
    assert session.state is after
    words = [message["type"] for message in said(session)]
    match action:
        case Action.ACCEPT:
            assert [request.type for request in asked(session)] == [json.loads(TEXTS[happened])["type"]]
            assert not words
        case Action.COMPLAIN:
            assert words == ["error"]
        case Action.WELCOME:
            assert words == ["welcome"]
        case Action.ANNOUNCE:
            assert words == ["waiting"]
        case Action.REFUSE:
            assert words == ["refused"]
            assert session.closing is (Closing.REFUSED if after is State.CLOSED else None)
        case Action.CLOSE:
            assert session.closing is (Closing.LEFT if happened is Input.LEAVE else Closing.REMOVED)
        case Action.IGNORE:
            assert not words
            assert session.closing is Closing.ENDED


def test_out_of_turn_is_explained() -> None:
    session = session_in(State.CONNECTED)
    session.receive(OFFER, 0.0)
    assert said(session) == [{"type": "error", "code": "out_of_turn", "message": "Not while connected.", "of": "offer"}]


def test_requests_keep_their_order() -> None:
    session = session_in(State.IN_ROOM)
    for happened in (Input.OFFER, Input.COMMAND, Input.OFFER, Input.LEAVE):
        session.receive(TEXTS[happened], 0.0)
    assert [type(request).__name__ for request in asked(session)] == ["Offer", "SetOwn", "Offer", "Leave"]
    assert session.closing is None


def test_a_wrong_pin_may_be_tried_again_but_not_forever() -> None:
    session = Session(0.0)
    for attempt in range(MAX_REFUSALS):
        session.receive(JOIN, 0.0)
        assert isinstance(session.next_request(), Join)
        session.refused(Refused(RefusalReason.WRONG_PIN, float(attempt)), 0.0)
    assert [message["retry_after_s"] for message in said(session)] == [
        float(attempt) for attempt in range(MAX_REFUSALS)
    ]
    assert session.closing is Closing.REFUSED


def test_what_the_room_says_first_waits_for_the_welcome() -> None:
    session = session_in(State.KNOCKING)
    session.notify(Left("p3", LeaveReason.LEFT))
    assert said(session) == []
    session.seated(WELCOME)
    assert [message["type"] for message in said(session)] == ["welcome", "left"]


def test_an_answer_or_a_reason_comes_back() -> None:
    session = session_in(State.IN_ROOM)
    session.receive(OFFER, 0.0)
    offer = session.next_request()
    assert isinstance(offer, Offer)
    session.answered(offer, "v=0")
    session.failed(offer, RequestError("bad_sdp", "It is bad."))
    assert said(session) == [
        {"type": "answer", "id": 1, "sdp": "v=0"},
        {"type": "error", "code": "bad_sdp", "message": "It is bad.", "of": "offer", "id": 1},
    ]


@pytest.mark.parametrize(
    ("reason", "closing"),
    [
        (EndReason.ENDED, Closing.ENDED),
        (EndReason.DELETED, Closing.ENDED),
        (EndReason.REMOVED, Closing.REMOVED),
        (EndReason.REPLACED, Closing.REPLACED),
        (EndReason.SHUTDOWN, Closing.SHUTDOWN),
    ],
)
@pytest.mark.parametrize("state", [State.CONNECTED, State.KNOCKING, State.IN_ROOM])
def test_the_end_is_announced(state: State, reason: EndReason, closing: Closing) -> None:
    session = session_in(state)
    session.end(reason)
    session.end(EndReason.ENDED)
    assert said(session) == [{"type": "ended", "reason": reason.value}]
    assert session.closing is closing


@pytest.mark.parametrize("text", ["hello", "[]", "{}", '{"type":null}'])
def test_who_does_not_speak_the_protocol_is_closed(text: str) -> None:
    session = session_in(State.CONNECTED)
    session.receive(text, 0.0)
    assert said(session)[0]["code"] == "bad_message"
    assert session.closing is Closing.PROTOCOL


def test_bytes_are_not_the_protocol() -> None:
    session = session_in(State.IN_ROOM)
    session.receive_binary()
    assert said(session)[0]["code"] == "bad_message"
    assert session.closing is Closing.PROTOCOL


def test_a_wrong_field_is_no_reason_to_close() -> None:
    session = session_in(State.CONNECTED)
    session.receive('{"type":"join","access_key":"k","display_name":""}', 0.0)
    assert said(session)[0]["of"] == "join"
    assert session.closing is None
    session.receive(JOIN, 0.0)
    assert isinstance(session.next_request(), Join)


def test_who_does_not_join_is_closed() -> None:
    session = Session(0.0)
    session.hear(5.0)
    session.tick(JOIN_LIMIT_S - 0.1)
    assert session.closing is None
    session.tick(JOIN_LIMIT_S)
    assert session.closing is Closing.PROTOCOL


@pytest.mark.parametrize("reason", RefusalReason)
def test_who_was_refused_has_time_to_find_the_pin_but_not_where_none_helps(reason: RefusalReason) -> None:
    limit = JOIN_LIMIT_S if reason in LASTING_REFUSALS else RETRY_LIMIT_S
    session = session_in(State.KNOCKING)
    session.refused(Refused(reason), 8.0)
    session.hear(8.0 + limit - 1.0)
    session.tick(8.0 + limit - 0.1)
    assert session.closing is None
    session.tick(8.0 + limit)
    assert session.closing is Closing.PROTOCOL


def test_the_refusals_that_nothing_mends() -> None:
    assert {reason.value for reason in LASTING_REFUSALS} == {
        "not_found",
        "not_allowed",
        "removed",
        "ended",
        "cancelled",
    }


def test_a_client_that_answers_pings_stays_and_a_silent_one_does_not() -> None:
    session = session_in(State.IN_ROOM)
    now = 0.0
    for _ in range(100):
        now = session.deadline
        session.tick(now)
        assert isinstance(session.next_frame(), Ping)
        session.hear(now + 0.1)
    assert now == pytest.approx(100 * PING_EVERY_S)
    assert session.closing is None
    while session.closing is None:
        now = session.deadline
        session.tick(now)
    assert session.closing is Closing.SLOW
    assert now == pytest.approx(100 * PING_EVERY_S + 0.1 + SILENCE_LIMIT_S)


def test_a_client_that_sends_pings_without_end_is_closed() -> None:
    session = session_in(State.IN_ROOM)
    for _ in range(int(SURPLUS_BURST)):
        session.hear(0.0)
    assert session.closing is None
    session.hear(0.0)
    assert session.closing is Closing.PROTOCOL


def test_a_client_that_does_not_read_is_closed() -> None:
    session = session_in(State.IN_ROOM)
    for _ in range(MAX_OUTBOX):
        session.notify(MediaLost())
    assert session.closing is None
    session.notify(MediaLost())
    assert session.closing is Closing.SLOW
    assert said(session) == []


def test_what_waits_for_the_welcome_is_bounded_too() -> None:
    session = session_in(State.KNOCKING)
    for _ in range(MAX_OUTBOX + 1):
        session.notify(MediaLost())
    assert session.closing is Closing.SLOW


def test_a_flood_is_answered_by_too_many() -> None:
    session = session_in(State.CONNECTED)
    for _ in range(101):
        session.receive('{"type":"set"}', 0.0)
    codes = [message["code"] for message in said(session)]
    assert codes == ["out_of_turn"] * 100 + ["too_many"]
    session.receive('{"type":"set"}', 1.0)
    assert said(session)[0]["code"] == "out_of_turn"


def test_a_flood_without_end_is_closed() -> None:
    session = session_in(State.CONNECTED)
    for _ in range(100 + int(SURPLUS_BURST)):
        session.receive('{"type":"set"}', 0.0)
        said(session)
    assert session.closing is None
    session.receive('{"type":"set"}', 0.0)
    assert session.closing is Closing.PROTOCOL


def test_long_messages_are_a_flood_sooner() -> None:
    session = session_in(State.CONNECTED)
    for _ in range(4):
        session.receive('{"type":"set","x":"' + "x" * 512 * 1024 + '"}', 0.0)
    assert [message["code"] for message in said(session)] == ["out_of_turn"] * 3 + ["too_many"]


def test_offers_are_a_flood_sooner() -> None:
    session = session_in(State.IN_ROOM)
    at_once = int(MESSAGE_BURST / (1.0 + OFFER_COST))
    for _ in range(at_once):
        session.receive(OFFER, 0.0)
    assert len(asked(session)) == at_once
    assert said(session) == []
    session.receive(OFFER, 0.0)
    assert [message["code"] for message in said(session)] == ["too_many"]
    assert asked(session) == []
    for second in range(1, 11):
        for _ in range(8):
            session.receive(OFFER, float(second))
        assert len(asked(session)) == 8
    assert said(session) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 4_000,
        '{"type":' * 4_000,
        '{"type":"join","x":' + "[" * 300 + "]" * 300 + "}",
        '{"type":"offer","id":' + "9" * 500_000 + "}",
    ],
    ids=["lists", "objects", "within a message", "a number"],
)
def test_what_is_nested_or_long_without_end_is_no_message(text: str) -> None:
    session = session_in(State.CONNECTED)
    session.receive(text, 0.0)
    assert [message["message"] for message in said(session)] == ["The message is not JSON."]
    assert session.closing is Closing.PROTOCOL


def test_the_last_of_several_keys_counts() -> None:
    session = session_in(State.IN_ROOM)
    session.receive('{"type":"end","type":"leave"}', 0.0)
    assert [type(request) for request in asked(session)] == [Leave]


def test_requests_that_wait_are_bounded() -> None:
    session = session_in(State.IN_ROOM)
    for _ in range(MAX_INBOX + 1):
        session.receive(TEXTS[Input.COMMAND], 0.0)
    assert said(session)[0]["code"] == "too_many"
    assert len(asked(session)) == MAX_INBOX


def test_a_leave_from_the_waiting_room_needs_no_turn() -> None:
    session = session_in(State.KNOCKING)
    session.receive(TEXTS[Input.LEAVE], 0.0)
    assert session.closing is Closing.LEFT
    session.seated(WELCOME)
    assert said(session) == []


def test_what_was_asked_of_a_place_is_not_asked_once_it_is_gone() -> None:
    session = session_in(State.WAITING)
    for request in (Input.OFFER, Input.OFFER, Input.LEAVE):
        session.receive(TEXTS[request], 0.0)
    session.refused(Refused(RefusalReason.DECLINED, 60.0), 0.0)
    assert asked(session) == []
    assert (session.state, session.closing) == (State.CONNECTED, None)


INPUTS = st.sampled_from([*TEXTS.values(), "x", '{"type":"join"}', "welcome", "refused", "notify", "end", "wait"])


@settings(deadline=None)
@given(st.lists(INPUTS, max_size=40))
def test_no_course_of_events_confuses_it(events: list[str]) -> None:
    session, now = Session(0.0), 0.0
    for event in events:
        match event:
            case "welcome" | "refused" if session.state is not State.KNOCKING:
                continue
            case "welcome":
                session.seated(WELCOME)
            case "refused":
                session.refused(Refused(RefusalReason.FULL), now)
            case "notify":
                session.notify(MediaLost())
            case "end":
                session.end(EndReason.ENDED)
            case "wait":
                now = max(now, session.deadline)
                session.tick(now)
            case text:
                session.receive(text, now)
        assert (session.closing is not None) == (session.state is State.CLOSED)
        requests = asked(session)
        assert session.closing is None or not requests
        assert not any(isinstance(request, Leave) for request in requests) or session.state is State.IN_ROOM
