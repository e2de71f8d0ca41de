"""The door over the API: who waits, who was invited by name, who may not come back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from confserver.auth.identity import Role as UserRole
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from confserver.rooms.waiting_entry import WaitingEntry
from signaling.commands import Admit, Decline
from tests.confserver.conftest import Api, Refused

HOST = Actor("user", "u", "Ada Lovelace", Role.HOST)


def path(meeting: dict[str, Any], rest: str) -> str:
    return f"/user/meetings/{meeting['id']}{rest}"


async def test_who_waits_is_listed_let_in_and_turned_away(api: Api) -> None:
    meeting = await api.create(waiting_room="GUESTS")
    api.rooms.who_waits = [WaitingEntry("w1", meeting["id"], "Bob", 1_800_000_000.5, is_known=True, marks=Marks("net"))]
    status, answer = await api.call("GET", path(meeting, "/waiting"))
    assert status == 200
    since = "2027-01-15T08:00:00Z"
    bob = {"id": "w1", "display_name": "Bob", "since": since, "known": True, "removed_nearby": False}
    assert answer == {"items": [bob]}
    for rest, body, command in (
        ("/waiting/w1/admit", None, Admit(waiting_id="w1")),
        ("/waiting/admit", None, Admit(waiting_id=None)),
        ("/waiting/w1/decline", {"word": " Next week "}, Decline(waiting_id="w1", word="Next week")),
        ("/waiting/w1/decline", {}, Decline(waiting_id="w1", word=None)),
    ):
        status, _ = await api.call("POST", path(meeting, rest), body)
        assert status == 204
        actor, told = api.rooms.told[-1]
        assert (told, actor.name, actor.role) == (command, "Ada Lovelace", Role.HOST)


@pytest.mark.parametrize("word", ["x" * 201, "a\nb", 3])
async def test_a_word_that_is_no_word_is_named(api: Api, refused: Refused, word: object) -> None:
    meeting = await api.create()
    call = api.call("POST", path(meeting, "/waiting/w1/decline"), {"word": word})
    assert await refused(call) == (400, "VALIDATE_FAILED", "word")


async def test_who_may_not_come_back_is_listed_until_a_host_relents(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    kept = api.rooms.bans_kept.note(meeting["id"], Marks("net", "device"), "seat", "Bob", True, HOST)
    status, answer = await api.call("GET", path(meeting, "/bans"))
    assert status == 200
    (item,) = answer["items"]
    assert (item["id"], item["display_name"], item["lasting"], item["by"]) == (kept.id, "Bob", True, "Ada Lovelace")
    assert not {"net", "device", "seat"} & set(item.values())
    assert (await api.call("POST", path(meeting, f"/bans/{kept.id}/destroy")))[0] == 204
    assert (await api.call("GET", path(meeting, "/bans")))[1] == {"items": []}
    assert (await refused(api.call("POST", path(meeting, f"/bans/{kept.id}/destroy"))))[:2] == (404, "NOT_FOUND")


async def test_an_invitation_by_name_is_shown_once(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    wanted = {"display_name": "Grace", "role": "HOST", "expires_in_s": 60, "one_time": True}
    status, made = await api.call("POST", path(meeting, "/tokens"), wanted)
    assert status == 201
    assert made["url"] == f"{meeting['invite_url']}#token={made['token']}"
    read = await api.services.join_tokens.read(made["token"])
    assert read is not None
    assert (read.display_name, read.role, read.is_one_time) == ("Grace", Role.HOST, True)
    status, answer = await api.call("GET", path(meeting, "/tokens"))
    assert status == 200
    assert made["token"] not in str(answer)
    (item,) = answer["items"]
    assert (item["id"], item["role"], item["created_by"], item["used_at"]) == (made["id"], "HOST", "Ada Lovelace", None)
    assert (await api.call("POST", path(meeting, f"/tokens/{made['id']}/destroy")))[0] == 204
    assert await api.services.join_tokens.read(made["token"]) is None
    assert (await refused(api.call("POST", path(meeting, f"/tokens/{made['id']}/destroy"))))[:2] == (404, "NOT_FOUND")


async def test_without_an_expiry_it_is_good_for_a_week(api: Api) -> None:
    _, made = await api.call("POST", path(await api.create(), "/tokens"), {})
    days = (datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)).total_seconds() / 86_400
    assert 6.99 < days <= 7
    assert (made["display_name"], made["role"], made["one_time"]) == (None, "GUEST", False)


LATER = (datetime.now(UTC) + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": LATER}, "expires_at"),
        ({"expires_at": "2120-01-01T00:00:00Z", "expires_in_s": 5}, "expires_in_s"),
        ({"expires_in_s": 0}, "expires_in_s"),
        ({"role": "OWNER"}, "role"),
        ({"display_name": ""}, "display_name"),
        ({"one_time": "yes"}, "one_time"),
        ({"pin": "1234"}, "pin"),
    ],
)
async def test_what_cannot_be_wished_for_is_named(
    api: Api, refused: Refused, wanted: dict[str, Any], field: str
) -> None:
    call = api.call("POST", path(await api.create(), "/tokens"), wanted)
    assert await refused(call) == (400, "VALIDATE_FAILED", field)


async def test_who_may_only_look_lets_nobody_in_and_invites_nobody(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    operator = await api.as_user("olga", UserRole.OPERATOR)
    for rest in ("/waiting", "/bans", "/tokens"):
        assert (await operator.call("GET", path(meeting, rest)))[0] == 200
    stranger = await api.as_user("eve", UserRole.ADMIN, "elsewhere")
    for rest in ("/waiting/admit", "/waiting/w/decline", "/bans/b/destroy", "/tokens", "/tokens/t/destroy"):
        assert (await refused(operator.call("POST", path(meeting, rest), {})))[0] == 403
        assert (await refused(stranger.call("POST", path(meeting, rest), {})))[0] == 404


async def test_the_join_page_learns_of_the_waiting_room_and_its_look(api: Api) -> None:
    meeting = await api.create(waiting_room="GUESTS")
    _, seen = await api.call("GET", f"/join/{meeting['access_key']}", token="")
    assert seen["waiting_room"] is True
    look = {"text": None, "background": None, "accent": None, "logo_url": None, "has_music": False}
    assert seen["look"] == look
    api.rooms.door = "cancelled"
    assert (await api.call("GET", f"/join/{meeting['access_key']}", token=""))[1]["state"] == "cancelled"
