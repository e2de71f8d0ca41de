"""Who did what: every change and every refusal is noted, with whom, from where, and without any secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

from confserver.audit.entry import AuditEntry
from confserver.audit.log import AuditLog
from confserver.audit.waiting import MOST_WAITING, WaitingEntries
from confserver.auth.identity import Role
from confserver.listing.page import Page
from confserver.rooms.live import LiveParticipant
from tests.confserver.conftest import WEEKLY, Api


async def entries(admin: Api, query: str = "") -> list[dict[str, Any]]:
    status, page = await admin.call("GET", f"/audit?{query}")
    assert status == 200, page
    return list(page["items"])


async def test_a_change_is_noted_with_the_names_of_its_fields(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    meeting = await api.create(room_pin="4711")
    await api.call("POST", f"/user/meetings/{meeting['id']}", {"capacity": 20, "admin_pin": "9876"})
    changed, made = (await entries(admin))[:2]
    assert (made["action"], made["meeting_id"], made["status"]) == ("POST /user/meetings", meeting["id"], 201)
    assert made["fields"] == "mode,room_pin,subject,timezone"
    assert (changed["action"], changed["meeting_id"]) == ("POST /user/meetings/{meeting_id}", meeting["id"])
    assert (changed["username"], changed["fields"], changed["status"]) == ("ada", "admin_pin,capacity", 200)
    assert (changed["source"], changed["code"], changed["key_name"]) == ("127.0.0.1", None, None)
    assert "4711" not in str([changed, made])
    assert "9876" not in str([changed, made])


async def test_what_was_refused_is_noted_with_the_reason(api: Api) -> None:
    admin, bob = await api.as_user("root", Role.ADMIN), await api.as_user("bob")
    meeting = await api.create()
    await bob.call("POST", f"/user/meetings/{meeting['id']}/lock")
    await bob.call("POST", "/user/meetings", {"subject": "x"})
    await bob.call("POST", "/users", {"username": "eve", "password": "long enough", "role": "ADMIN"})
    refusals = await entries(admin, "filter=username eq 'bob' and status ge 400")
    assert [(entry["action"], entry["status"], entry["code"]) for entry in refusals] == [
        ("POST /users", 403, "FORBIDDEN"),
        ("POST /user/meetings", 400, "VALIDATE_FAILED"),
        ("POST /user/meetings/{meeting_id}/lock", 404, "NOT_FOUND"),
    ]


async def test_whom_it_was_about_and_which_key_was_used(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    meeting = await api.create()
    api.rooms.people[meeting["id"]] = [LiveParticipant("p1", "Bob", muted=False, chairman=False)]
    _, key = await api.call("POST", "/keys", {"name": "robot", "access": "FULL"})
    await api.call("POST", f"/user/meetings/{meeting['id']}/participants/p1/mute", token=key["key"])
    mute, made = (await entries(admin))[:2]
    assert (mute["target_id"], mute["key_name"], mute["username"]) == ("p1", "robot", "ada")
    assert (made["action"], made["target_id"]) == ("POST /keys", key["id"])
    assert key["key"] not in str(await entries(admin))


async def test_logins_are_noted_right_or_wrong(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    await api.call("POST", "/login", {"username": "ada", "password": "guess"}, token="")
    await api.call("POST", "/login", {"username": "ada", "password": "guess", "domain": "nowhere"}, token="")
    wrong, right = (await entries(admin, "search=/login"))[:2]
    assert (wrong["username"], wrong["status"], wrong["code"]) == ("ada", 401, "UNAUTHORIZED")
    assert (right["username"], right["status"]) == ("root", 200)
    assert "guess" not in str(await entries(admin))


async def test_looking_is_not_noted(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    before = len(await entries(admin))
    await api.call("GET", "/user/meetings")
    await api.call("POST", "/logout")
    assert len(await entries(admin)) == before


async def test_whatever_stands_in_a_path_can_be_stored(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    await api.call("POST", f"/user/meetings/%FF%00{'x' * 300}/lock")
    newest = (await entries(admin))[0]
    assert newest["status"] == 404
    assert len(newest["meeting_id"]) == 64


async def test_another_tenant_reads_nothing_of_it(api: Api) -> None:
    stranger = await api.as_user("eve", Role.ADMIN, "other.example")
    await api.call("POST", "/user/meetings", WEEKLY)
    assert {entry["username"] for entry in await entries(stranger)} == {"eve"}


def entry(tenant_id: str, at: datetime, number: int = 0) -> AuditEntry:
    return AuditEntry(tenant_id, at, "ada", None, f"POST /{number}", None, None, "", "192.0.2.1", 200, None)


async def test_what_is_too_old_is_forgotten(api: Api) -> None:
    log, now = AuditLog(api.services.store, keep_days=30), datetime.now(UTC)
    log.note(entry(api.user.tenant.id, now - timedelta(days=31)))
    await log.list(api.user.tenant.id, Page())
    log.note(entry(api.user.tenant.id, now))
    _, kept = await log.list(api.user.tenant.id, Page())
    assert all(each.at > now - timedelta(days=30) for each in kept)


def test_while_the_database_is_gone_the_newest_are_kept() -> None:
    waiting, now = WaitingEntries(), datetime.now(UTC)
    for number in range(MOST_WAITING):
        waiting.note(entry("t", now, number))
    assert waiting.take_changes() is not None
    waiting.note(entry("t", now, MOST_WAITING))
    waiting.changes_failed()
    kept = waiting.take_changes()
    assert kept is not None
    assert [each.action for each in (kept[0], kept[-1])] == ["POST /1", f"POST /{MOST_WAITING}"]
    assert waiting.take_changes() is None
