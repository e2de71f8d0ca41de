"""Meetings over HTTP: every field to its range and back, pages, search, and what others may see."""

import pytest

from confserver.auth.identity import Role
from tests.confserver.conftest import WEEKLY, Api, Refused

EVERYTHING = {
    "subject": "Board",
    "mode": "AUDIO",
    "timezone": "America/New_York",
    "control": "MASTER",
    "width": 1920,
    "height": 1080,
    "bitrate": 10_240,
    "framerate": 30,
    "layout": "LAYOUT6",
    "language": "de-CH-1901",
    "capacity": 200,
    "room_pin": "1234",
    "admin_pin": "987654",
    "enable_recording": True,
    "enable_prompt": False,
    "scheduled_start_at": "2027-05-04T09:30:00Z",
    "scheduled_end_at": "2027-05-04T10:30:00Z",
    "internal_invitees": ["7", "8"],
    "external_invitees": "a@example.com, b@example.org",
    "outbound_caller_ids": [{"provider_id": "p", "caller_id": "+441494523500", "description": None}],
    "custom_options": '{"colour": "blue"}',
    "start_by": "HOST",
    "waiting_room": "GUESTS",
    "purge_at": "2027-06-01T00:00:00Z",
    "no_show_close": None,
    "close_on_nobody": True,
    "end_with_last_host": True,
    "max_duration": 60,
    "mute_on_entry": True,
}


async def test_create_answers_with_the_marks_of_the_meeting(api: Api) -> None:
    status, answer = await api.call("POST", "/user/meetings", WEEKLY)
    assert status == 201
    assert answer.keys() == {"id", "extension_number", "access_key", "invite_url", "host_url"}
    assert answer["invite_url"] == f"https://meet.example.com/join/{answer['access_key']}"
    assert answer["host_url"] == f"https://meet.example.com/room/meeting/{answer['id']}"
    assert len(answer["access_key"]) == 22
    assert answer["extension_number"] == "110200800"


async def test_what_was_left_out_has_its_default_and_blanks_are_null(api: Api) -> None:
    meeting = await api.create()
    expected = {"width": 1280, "height": 720, "bitrate": 1024, "framerate": 15, "layout": "LAYOUT0", "capacity": 9}
    assert expected.items() <= meeting.items()
    assert (meeting["control"], meeting["language"], meeting["enable_prompt"]) == ("FREE", "en-US", True)
    blank = ("room_pin", "admin_pin", "scheduled_start_at", "external_invitees", "custom_options", "purge_at")
    assert [meeting[name] for name in blank] == [None] * len(blank)
    assert (meeting["ownership"], meeting["domain"]) == ("ada", "default")
    assert (meeting["sbc_host"], meeting["sbc_port"], meeting["token"]) == (
        "meet.example.com",
        443,
        meeting["access_key"],
    )


async def test_every_field_comes_back_as_it_was_given(api: Api) -> None:
    meeting = await api.create(**EVERYTHING)
    assert EVERYTHING.items() <= meeting.items()


async def test_times_come_back_in_utc(api: Api) -> None:
    meeting = await api.create(scheduled_start_at="2027-05-04T11:30:00.75+02:00")
    assert meeting["scheduled_start_at"] == "2027-05-04T09:30:00Z"


async def test_a_year_has_four_digits(api: Api) -> None:
    assert (await api.create(scheduled_end_at="0259-05-04T09:30:00Z"))["scheduled_end_at"] == "0259-05-04T09:30:00Z"


async def test_a_value_out_of_range_is_refused_by_name(api: Api, refused: Refused) -> None:
    call = api.call("POST", "/user/meetings", {**WEEKLY, "capacity": 201})
    assert await refused(call) == (400, "VALIDATE_FAILED", "capacity")


@pytest.mark.parametrize("field", ["subject", "mode", "timezone"])
async def test_required_fields_are_required(api: Api, refused: Refused, field: str) -> None:
    body = {name: value for name, value in WEEKLY.items() if name != field}
    assert await refused(api.call("POST", "/user/meetings", body)) == (400, "VALIDATE_FAILED", field)


async def test_fields_must_agree(api: Api, refused: Refused) -> None:
    early = {"scheduled_start_at": "2027-05-04T10:00:00Z", "scheduled_end_at": "2027-05-04T10:00:00Z"}
    assert (await refused(api.call("POST", "/user/meetings", {**WEEKLY, **early})))[0] == 400
    same = {"room_pin": "1234", "admin_pin": "1234"}
    assert (await refused(api.call("POST", "/user/meetings", {**WEEKLY, **same})))[0] == 400


async def test_update_changes_what_is_named_and_nothing_else(api: Api) -> None:
    before = await api.create(**EVERYTHING)
    status, after = await api.call("POST", f"/user/meetings/{before['id']}", {"subject": "Other", "room_pin": None})
    assert status == 200
    assert {name for name in before if before[name] != after[name]} == {"subject", "room_pin"}
    assert api.rooms.told == [("changed", before["id"], "Other")]


async def test_update_keeps_to_the_ranges(api: Api, refused: Refused) -> None:
    meeting = await api.create(room_pin="1234", scheduled_start_at="2027-05-04T10:00:00Z")
    path = f"/user/meetings/{meeting['id']}"
    for body in (
        {"capacity": 0},
        {"capacity": None},
        {"mode": "AUDIO"},
        {"colour": "blue"},
        {"admin_pin": "1234"},
        {"scheduled_end_at": "2027-05-04T09:00:00Z"},
    ):
        assert (await refused(api.call("POST", path, body)))[:2] == (400, "VALIDATE_FAILED")
    assert (await api.call("GET", path))[1] == meeting


async def test_destroy_ends_the_room_and_frees_nothing_for_reuse(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    path = f"/user/meetings/{meeting['id']}"
    assert await api.call("POST", f"{path}/destroy") == (204, None)
    assert api.rooms.told == [("end", meeting["id"], "deleted")]
    assert (await refused(api.call("GET", path)))[:2] == (404, "NOT_FOUND")
    assert (await refused(api.call("POST", f"{path}/destroy")))[0] == 404
    assert (await api.create())["extension_number"] != meeting["extension_number"]


async def test_pages_and_search(api: Api) -> None:
    for number in range(5):
        await api.create(subject=f"Standup {number} 100%")
    await api.create(subject="Retrospective")
    status, page = await api.call("GET", "/user/meetings?skip=1&top=2")
    assert status == 200
    assert page["count"] == 6
    assert [item["subject"] for item in page["items"]] == ["Standup 1 100%", "Standup 2 100%"]
    found = (await api.call("GET", "/user/meetings?search=RETRO"))[1]
    assert (found["count"], found["items"][0]["subject"]) == (1, "Retrospective")
    assert (await api.call("GET", "/user/meetings?search=0%25"))[1]["count"] == 5
    assert (await api.call("GET", f"/user/meetings?search={found['items'][0]['extension_number']}"))[1]["count"] == 1
    assert (await api.call("GET", "/user/meetings?count=false"))[1]["count"] is None


@pytest.mark.parametrize(
    "query",
    ["top=0", "top=101", "skip=-1", "top=x", "filter=subject eq 1", "filter=room_pin eq '1234'", "orderby=room_pin"],
)
async def test_a_wrong_page_is_refused_by_name(api: Api, refused: Refused, query: str) -> None:
    field = query.partition("=")[0]
    assert await refused(api.call("GET", f"/user/meetings?{query}")) == (400, "VALIDATE_FAILED", field)


async def test_what_belongs_to_others_does_not_exist(api: Api, refused: Refused) -> None:
    meeting = await api.create(room_pin="1234")
    strangers = [
        await api.as_user("bob"),
        await api.as_user("eve", Role.ADMIN, "other.example"),
        await api.as_user("ada", Role.OPERATOR, "third.example"),
    ]
    for stranger in strangers:
        for method, path in (("GET", ""), ("POST", "/destroy"), ("GET", "/status"), ("POST", "/lock")):
            call = stranger.call(method, f"/user/meetings/{meeting['id']}{path}")
            assert (await refused(call))[:2] == (404, "NOT_FOUND")
        assert (await stranger.call("GET", "/user/meetings"))[1]["count"] == 0
    assert (await api.call("GET", f"/user/meetings/{meeting['id']}"))[0] == 200


async def test_an_administrator_hosts_every_meeting_of_the_tenant(api: Api) -> None:
    meeting = await api.create(room_pin="1234")
    admin = await api.as_user("root", Role.ADMIN)
    assert (await admin.call("GET", f"/user/meetings/{meeting['id']}"))[1]["room_pin"] == "1234"
    assert (await admin.call("POST", f"/user/meetings/{meeting['id']}", {"capacity": 2}))[0] == 200
    assert (await admin.call("GET", "/user/meetings"))[1]["count"] == 1


async def test_an_operator_sees_no_pin_and_changes_nothing(api: Api, refused: Refused) -> None:
    meeting = await api.create(room_pin="1234", admin_pin="9999")
    operator = await api.as_user("op", Role.OPERATOR)
    seen = (await operator.call("GET", f"/user/meetings/{meeting['id']}"))[1]
    assert (seen["subject"], seen["room_pin"], seen["admin_pin"]) == ("Weekly", None, None)
    assert (await operator.call("GET", "/user/meetings"))[1]["items"][0]["room_pin"] is None
    for path, body in (("", {"subject": "Mine"}), ("/destroy", None), ("/lock", None)):
        call = operator.call("POST", f"/user/meetings/{meeting['id']}{path}", body)
        assert (await refused(call))[:2] == (403, "FORBIDDEN")
