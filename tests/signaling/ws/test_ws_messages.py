"""The messages of docs/protocol.md: what is understood, what is refused and how it is said."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.events import SlotView
from mixer.params import Purpose
from signaling.commands import COMMANDS, SetOwn
from signaling.errors import RefusalReason
from signaling.ports import (
    ChatMessage,
    EndingSoon,
    EndReason,
    Joined,
    LeaveReason,
    Left,
    MediaLost,
    RemovedList,
    RemovedView,
    RoomChanged,
    Slots,
    Speakers,
    Updated,
)
from signaling.ws.messages import (
    Answer,
    Ended,
    ErrorMessage,
    Join,
    MessageError,
    Offer,
    Refusal,
    ServerMessage,
    parse_message,
    render,
)
from tests.signaling.ws.fake_door import ADA, WAITING, WELCOME

ADA_JSON = {
    "id": "p1",
    "display_name": "Ada",
    "role": "host",
    "is_muted": False,
    "is_muted_by_host": False,
    "has_camera": True,
    "has_screen": False,
    "is_reconnecting": False,
    "is_chairman": False,
    "is_verified": False,
    "is_camera_stopped": False,
    "has_floor": False,
    "hand": None,
    "position": None,
}


def test_a_join_is_understood_and_trimmed() -> None:
    join = parse_message('{"type":"join","access_key":" abc ","display_name":" Ada L. ","has_camera":true,"x":1}')
    assert join == Join(type="join", access_key="abc", display_name="Ada L.", has_camera=True)


def test_purposes_that_are_not_known_are_left_to_the_answer() -> None:
    offer = parse_message('{"type":"offer","id":7,"sdp":"v=0","lines":{"0":"audio","1":"smell","2":"slot"},"new":true}')
    assert isinstance(offer, Offer)
    assert offer.purposes == {"0": Purpose.AUDIO, "2": Purpose.SLOT}
    assert offer.new


def test_what_is_not_set_stays() -> None:
    message = parse_message('{"type":"set","is_muted":true}')
    assert isinstance(message, SetOwn)
    assert (message.is_muted, message.has_camera, message.display_name) == (True, None, None)


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", "bad_message", "The message is not JSON."),
        ("[" + "[]," * 5000 + "[]]", "bad_message", "The message has too many brackets."),
        ("[1]", "bad_message", "The message is not an object with a string `type`."),
        ('{"type":1}', "bad_message", "The message is not an object with a string `type`."),
        ('{"type":"dance"}', "unknown_type", "There is no message of this type."),
        ('{"type":"join","display_name":"Ada"}', "bad_message", "join: needs one of access_key, meeting_id and number"),
        (
            '{"type":"join","display_name":"Ada","access_key":"a","meeting_id":"b"}',
            "bad_message",
            "join: needs one of access_key, meeting_id and number.",
        ),
        ('{"type":"join","access_key":"a"}', "bad_message", "display_name: field required."),
        (
            '{"type":"join","access_key":"a","display_name":"  "}',
            "bad_message",
            "display_name: string should have at least 1 character.",
        ),
        (
            '{"type":"join","access_key":"a","display_name":"A\\u0007"}',
            "bad_message",
            "display_name: must not contain control characters.",
        ),
        (
            '{"type":"join","access_key":"a","display_name":"\\u200b\\u202e\\u3164"}',
            "bad_message",
            "display_name: must contain something that can be seen.",
        ),
        (
            '{"type":"join","display_name":"Ada","access_key":"a","seat_token":"' + "t" * 513 + '"}',
            "bad_message",
            "seat_token: string should have at most 512 characters.",
        ),
        ('{"type":"mute","participant_id":"p2","is_muted":"yes"}', "bad_message", "is_muted: input should be a valid"),
        ('{"type":"offer","id":1.5,"sdp":"","lines":{}}', "bad_message", "id: input should be a valid integer"),
        ('{"type":"offer","id":1,"sdp":"","lines":{"0":1}}', "bad_message", "lines: input should be a valid string"),
        (
            json.dumps({"type": "offer", "id": 1, "sdp": "", "lines": {str(mid): 1 for mid in range(65)}}),
            "bad_message",
            "lines: must not name more than 64 m-lines.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_field(text: str, code: str, sentence: str) -> None:
    with pytest.raises(MessageError) as caught:
        parse_message(text)
    assert caught.value.error.code == code
    assert caught.value.error.message.startswith(sentence)


def test_an_error_names_what_it_answers() -> None:
    with pytest.raises(MessageError) as caught:
        parse_message('{"type":"offer","id":12,"lines":{}}')
    assert (caught.value.error.of, caught.value.error.id) == ("offer", 12)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            WELCOME,
            {
                "type": "welcome",
                "participant_id": "p1",
                "role": "host",
                "subject": "Weekly",
                "cells": 4,
                "is_locked": False,
                "control": "FREE",
                "capacity": 9,
                "participants": [ADA_JSON],
                "seat_token": "seat-token",
                "is_resumed": True,
                "has_media": False,
                "layout": "LAYOUT0",
                "spotlight_id": None,
                "is_mute_on_entry": False,
                "chat": [],
                "waiting": [],
                "removed": [],
            },
        ),
        (
            WAITING,
            {
                "type": "waiting",
                "waiting_id": "w1",
                "reason": "host_must_admit",
                "subject": "Weekly",
                "host_name": "Ada",
                "look": {"text": None, "background": None, "accent": None, "logo_url": None, "has_music": False},
                "seat_token": "seat-token",
            },
        ),
        (Refusal(RefusalReason.FULL, 0.0), {"type": "refused", "reason": "full", "retry_after_s": 0.0}),
        (Answer(3, "v=0"), {"type": "answer", "id": 3, "sdp": "v=0"}),
        (Joined(ADA), {"type": "joined", "participant": ADA_JSON}),
        (Updated(ADA), {"type": "updated", "participant": ADA_JSON}),
        (
            Refusal(RefusalReason.DECLINED, 0.0, "Not today"),
            {"type": "refused", "reason": "declined", "retry_after_s": 0.0, "word": "Not today"},
        ),
        (
            ChatMessage(1, "p1", "Ada", None, "Hello", 5.0),
            {
                "type": "chat",
                "id": 1,
                "from_id": "p1",
                "from_name": "Ada",
                "to_id": None,
                "text": "Hello",
                "at": 5.0,
            },
        ),
        (
            RemovedList((RemovedView("r1", "Mal", True, "Ada", 5.0),)),
            {
                "type": "removed_list",
                "removed": [{"id": "r1", "display_name": "Mal", "is_banned": True, "by": "Ada", "at": 5.0}],
            },
        ),
        (EndingSoon(300, "max_duration"), {"type": "ending_soon", "in_s": 300, "reason": "max_duration"}),
        (Left("p2", LeaveReason.LOST), {"type": "left", "participant_id": "p2", "reason": "lost"}),
        (Speakers(("p2", "p1")), {"type": "speakers", "participant_ids": ["p2", "p1"]}),
        (
            Slots((SlotView("3", "p2", Purpose.SCREEN, 5), SlotView("4", None, None, None))),
            {
                "type": "slots",
                "slots": [
                    {"mid": "3", "participant_id": "p2", "purpose": "screen", "generation": 5},
                    {"mid": "4", "participant_id": None, "purpose": None, "generation": None},
                ],
            },
        ),
        (RoomChanged(is_locked=True), {"type": "room", "is_locked": True}),
        (MediaLost(), {"type": "media_lost"}),
        (Ended(EndReason.REPLACED), {"type": "ended", "reason": "replaced"}),
        (Ended(EndReason.DELETED), {"type": "ended", "reason": "deleted"}),
        (
            ErrorMessage("bad_sdp", "No.", "offer", 3),
            {"type": "error", "code": "bad_sdp", "message": "No.", "of": "offer", "id": 3},
        ),
        (ErrorMessage("too_many", "No."), {"type": "error", "code": "too_many", "message": "No."}),
    ],
)
def test_what_the_server_says(message: ServerMessage, expected: dict[str, object]) -> None:
    assert json.loads(render(message)) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=5,
)
FIELDS = [
    "access_key",
    "display_name",
    "id",
    "sdp",
    "lines",
    "is_muted",
    "participant_id",
    "new",
    "pin",
    "seat_token",
    "text",
]
TYPES = ["join", "offer", "leave", *COMMANDS, "dance"]


@settings(deadline=None)
@given(
    st.text(max_size=50)
    | st.builds(
        lambda kind, fields: json.dumps({"type": kind, **fields}),
        st.sampled_from(TYPES) | JSON,
        st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6),
    )
)
def test_any_text_is_a_message_or_an_error_that_can_be_said(text: str) -> None:
    try:
        parse_message(text)
        problem = None
    except MessageError as error:
        problem = error.error
    assert problem is None or json.loads(render(problem))["message"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Eve\u202e tsoh", "Eve tsoh"),
        ("\u2068Ada\u2069", "Ada"),
        ("\u05e2\u05d3\u05d4", "\u05e2\u05d3\u05d4"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0646\u200c\u0645", "\u0646\u200c\u0645"),
    ],
)
def test_a_name_turns_no_other_words_round(typed: str, shown: str) -> None:
    message = parse_message(json.dumps({"type": "set", "display_name": typed}))
    assert isinstance(message, SetOwn)
    assert message.display_name == shown
