"""What clients of an open telephony platform send, in the shapes they send it in, and what they then rely on."""

import re
import uuid
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

import pytest

from confserver.auth.identity import Role
from confserver.confd.uuids import entry_of, id_of, uuid_of_entry
from tests.confserver.confd.conftest import PUBLIC_URL, Platform

CONFD = "/api/confd/1.1"
OWN = f"{CONFD}/users/me/meetings"
NOBODY = str(uuid.UUID(int=7))


async def made(platform: Platform, **fields: Any) -> dict[str, Any]:
    status, meeting = await platform.call("POST", OWN, {"name": "Meeting with Ethan", **fields})
    assert status == 201, meeting
    return dict(meeting)


def requests_of(meeting: dict[str, Any], guest: str) -> str:
    return f"{CONFD}/guests/{guest}/meetings/{meeting['uuid']}/authorizations"


async def test_a_user_makes_a_meeting_by_its_name_alone(platform: Platform) -> None:
    meeting = await made(platform)
    assert meeting["name"] == "Meeting with Ethan"
    assert re.fullmatch("[0-9]+", meeting["exten"])
    assert (meeting["persistent"], meeting["require_authorization"]) == (False, False)
    assert (meeting["ingress_http_uri"], meeting["tenant_uuid"]) == (PUBLIC_URL, platform.tenant_uuid)
    assert meeting["owner_uuids"] == [str(uuid.UUID(platform.api.user.id))]
    name, _, password = b64decode(meeting["guest_sip_authorization"]).decode().partition(":")
    assert id_of(meeting["uuid"]) in name
    assert re.fullmatch("[a-z]{16}", password)
    stored = await platform.house.services.meetings.by_id(id_of(meeting["uuid"]) or "")
    assert stored is not None
    assert stored.capacity == 100
    assert stored.purge_at == datetime.fromisoformat(meeting["creation_time"]) + timedelta(hours=48)


async def test_what_is_made_is_listed_read_changed_and_deleted(platform: Platform) -> None:
    meeting = await made(platform, persistent=True)
    address = f"{OWN}/{meeting['uuid']}"
    assert await platform.call("GET", address) == (200, meeting)
    assert await platform.call("GET", OWN) == (200, {"items": [meeting], "total": 1})
    assert await platform.call("GET", f"{CONFD}/meetings?search=ethan&limit=10") == (
        200,
        {"items": [meeting], "total": 1},
    )
    changed = {"name": "Another name", "persistent": False, "require_authorization": True}
    assert await platform.call("PUT", address, {**meeting, **changed}) == (204, None)
    assert (await platform.call("GET", address))[1] == {**meeting, **changed}
    assert await platform.call("DELETE", address) == (204, None)
    assert (await platform.call("GET", address))[0] == 404


async def test_a_guest_reads_without_a_login_and_learns_whether_there_is_a_seat(platform: Platform) -> None:
    meeting, guest = await made(platform), platform.with_token("")
    address = f"{CONFD}/guests/me/meetings/{meeting['uuid']}"
    assert await guest.call("GET", address) == (200, meeting)
    assert await guest.call("GET", f"{address}/status") == (200, {"full": False})
    stored = await platform.house.services.meetings.update(id_of(meeting["uuid"]) or "", {"capacity": 1})
    await platform.house.enter(stored)
    assert await guest.call("GET", f"/api/calld/1.0/guests/me/meetings/{meeting['uuid']}/status") == (
        200,
        {"full": True},
    )
    assert (await guest.call("GET", f"{CONFD}/guests/me/meetings/{NOBODY}"))[0] == 404


@pytest.mark.parametrize(
    ("verb", "status", "has_account"), [("accept", "accepted", True), ("reject", "rejected", False)]
)
async def test_a_guest_asks_and_polls_until_the_owner_has_answered(
    platform: Platform, verb: str, status: str, has_account: bool
) -> None:
    meeting, guest, guest_uuid = await made(platform, require_authorization=True), platform.with_token(""), NOBODY
    assert (await guest.call("GET", f"{CONFD}/guests/me/meetings/{meeting['uuid']}"))[1][
        "guest_sip_authorization"
    ] is None
    code, asked = await guest.call("POST", requests_of(meeting, guest_uuid), {"guest_name": "Ethan"})
    assert (code, asked["status"], asked["guest_name"]) == (201, "pending", "Ethan")
    assert (asked["guest_uuid"], asked["meeting_uuid"]) == (guest_uuid, meeting["uuid"])
    assert asked["guest_sip_authorization"] is None
    polled = f"{requests_of(meeting, guest_uuid)}/{asked['uuid']}"
    assert await guest.call("GET", polled) == (200, asked)
    listed = f"{OWN}/{meeting['uuid']}/authorizations"
    assert await platform.call("GET", listed) == (200, {"items": [asked], "total": 1})
    code, answered = await platform.call("PUT", f"{listed}/{asked['uuid']}/{verb}")
    assert (code, answered["status"]) == (200, status)
    _, seen = await guest.call("GET", polled)
    assert seen["status"] == status
    assert (seen["guest_sip_authorization"] == meeting["guest_sip_authorization"]) is has_account
    assert await platform.call("DELETE", f"{listed}/{asked['uuid']}") == (204, None)
    assert (await guest.call("GET", polled))[0] == 404


async def test_an_open_meeting_lets_everybody_in_who_asks(platform: Platform) -> None:
    meeting = await made(platform)
    _, asked = await platform.with_token("").call("POST", requests_of(meeting, NOBODY), {"guest_name": "Ethan"})
    assert (asked["status"], asked["guest_sip_authorization"]) == ("accepted", meeting["guest_sip_authorization"])


async def test_no_more_than_128_wait(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform.api.context.lookups, "_burst", 1000)
    meeting, guest = await made(platform, require_authorization=True), platform.with_token("")
    codes = [
        (await guest.call("POST", requests_of(meeting, str(uuid.uuid4())), {"guest_name": "Ethan"}))[0]
        for _ in range(129)
    ]
    assert codes == [201] * 128 + [400]


async def test_who_asks_too_often_is_told_when_to_ask_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform.api.context.lookups, "_burst", 0)
    asked = requests_of(await made(platform), NOBODY)
    async with platform.client.post(asked, json={"guest_name": "Ethan"}) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0


async def test_strangers_find_nothing(platform: Platform) -> None:
    meeting = await made(platform, require_authorization=True)
    guest = platform.with_token("")
    _, asked = await guest.call("POST", requests_of(meeting, NOBODY), {"guest_name": "Ethan"})
    assert (await guest.call("GET", f"{requests_of(meeting, str(uuid.uuid4()))}/{asked['uuid']}"))[0] == 404
    eve = platform.with_token((await platform.api.as_user("eve")).token)
    for method, address in (
        ("GET", f"{OWN}/{meeting['uuid']}"),
        ("PUT", f"{OWN}/{meeting['uuid']}"),
        ("DELETE", f"{OWN}/{meeting['uuid']}"),
        ("GET", f"{OWN}/{meeting['uuid']}/authorizations"),
        ("PUT", f"{OWN}/{meeting['uuid']}/authorizations/{asked['uuid']}/accept"),
        ("GET", f"{CONFD}/meetings/{meeting['uuid']}/participants"),
    ):
        assert (await eve.call(method, address, {}))[0] == 404, address
        code, said = await guest.call(method, address, {})
        assert (code, said["error_id"]) == (401, "unauthorized"), address


async def test_a_token_is_of_its_own_tenant(platform: Platform) -> None:
    assert (await platform.call("GET", OWN, **{"Wazo-Tenant": platform.tenant_uuid}))[0] == 200
    assert (await platform.call("GET", OWN, **{"Wazo-Tenant": NOBODY}))[0] == 401


async def test_participants_are_listed_and_shown_the_door(platform: Platform) -> None:
    meeting = await made(platform)
    stored = await platform.house.services.meetings.by_id(id_of(meeting["uuid"]) or "")
    assert stored is not None
    seat, page = await platform.house.enter(stored, "Ethan")
    address = f"/api/calld/1.0/users/me/meetings/{meeting['uuid']}/participants"
    _, people = await platform.call("GET", address)
    assert [(each["id"], each["caller_id_name"]) for each in people["items"]] == [(seat.participant_id, "Ethan")]
    assert await platform.call("DELETE", f"{address}/{seat.participant_id}") == (204, None)
    assert page.ended == "removed"
    assert (await platform.call("DELETE", f"{address}/{seat.participant_id}"))[0] == 404


async def test_a_tenant_names_its_public_address(platform: Platform) -> None:
    admin = platform.with_token((await platform.api.as_user("root", Role.ADMIN)).token)
    named = {"uri": "https://wazo.example.com"}
    address = f"{CONFD}/ingresses/http"
    assert (await platform.call("POST", address, named))[0] == 403
    code, ingress = await admin.call("POST", address, named)
    assert (code, ingress["uri"]) == (201, named["uri"])
    assert (await made(platform))["ingress_http_uri"] == named["uri"]
    assert (await admin.call("GET", address))[1] == {"items": [ingress], "total": 1}
    assert await admin.call("DELETE", f"{address}/{ingress['uuid']}") == (204, None)
    assert (await made(platform))["ingress_http_uri"] == PUBLIC_URL


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Input Error - name: is required"),
        ({"name": ""}, "Input Error - name: "),
        ({"name": "x" * 65}, "Input Error - name: "),
        ({"name": "x", "persistent": "yes"}, "Input Error - persistent: "),
        ({"name": "x", "owner_uuids": [NOBODY]}, "Input Error - owner_uuids: "),
    ],
)
async def test_what_is_wrong_is_said_in_their_form(platform: Platform, body: Any, sentence: str) -> None:
    code, said = await platform.call("POST", OWN, body)
    assert code == 400
    assert said[0].startswith(sentence)


def test_a_place_in_a_waiting_room_has_a_uuid() -> None:
    assert entry_of(uuid_of_entry("AbCd-_123456")) == "AbCd-_123456"
    assert entry_of("no uuid") is None


async def test_what_is_changed_through_this_window_is_noted_too(platform: Platform) -> None:
    meeting = await made(platform)
    path = f"{OWN}/{meeting['uuid']}"
    assert (await platform.call("PUT", path, {"name": "Another"}))[0] == 204
    assert (await platform.call("PUT", path, {"name": ""}))[0] == 400
    assert (await platform.call("DELETE", path))[0] == 204
    assert (await platform.call("GET", OWN))[0] == 200
    admin = await platform.api.as_user("admin", Role.ADMIN)
    _, log = await admin.call("GET", "/audit")
    of_window = [each for each in reversed(log["items"]) if CONFD in each["action"]]
    assert [(each["username"], each["action"].split()[0], each["status"], each["code"]) for each in of_window] == [
        ("ada", "POST", 201, None),
        ("ada", "PUT", 204, None),
        ("ada", "PUT", 400, "VALIDATE_FAILED"),
        ("ada", "DELETE", 204, None),
    ]
    assert {each["meeting_id"] for each in of_window} == {id_of(meeting["uuid"])}
    assert [each["fields"] for each in of_window] == ["name", "name", "", ""]


async def test_who_may_only_look_is_not_shown_the_guests_account(platform: Platform) -> None:
    meeting = await made(platform)
    operator = await platform.api.as_user("otto", Role.OPERATOR)
    _, seen = await platform.with_token(operator.token).call("GET", f"{CONFD}/meetings/{meeting['uuid']}")
    assert (seen["name"], seen["guest_sip_authorization"]) == ("Meeting with Ethan", None)
    _, listed = await platform.with_token(operator.token).call("GET", f"{CONFD}/meetings")
    assert [each["guest_sip_authorization"] for each in listed["items"]] == [None]


async def test_a_guests_name_turns_no_words_round_and_can_be_seen(platform: Platform) -> None:
    meeting = await made(platform, require_authorization=True)
    guest = platform.with_token("")
    status, asked = await guest.call("POST", requests_of(meeting, NOBODY), {"guest_name": "Bob \u202etsoh"})
    assert (status, asked["guest_name"]) == (201, "Bob tsoh")
    assert (await guest.call("POST", requests_of(meeting, NOBODY), {"guest_name": "\u200b\u3164"}))[0] == 400


@pytest.mark.parametrize("uri", ["http://a\r\nb/", "https://a b/", "https://a\u2028/"])
async def test_a_public_address_is_one_word(platform: Platform, uri: str) -> None:
    admin = await platform.api.as_user("admin", Role.ADMIN)
    status, told = await platform.with_token(admin.token).call("POST", f"{CONFD}/ingresses/http", {"uri": uri})
    assert (status, told) == (400, ["Input Error - uri: uri should have no spaces and no control characters"])
