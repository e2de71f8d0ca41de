"""The telephony platform's addresses, walked by everybody who should not: the rules are the same as everywhere."""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from confserver.auth.identity import MeetingAccess, Role
from confserver.confd.install import PUBLIC
from confserver.confd.uuids import uuid_of
from tests.confserver.confd.conftest import Platform

BODY = {"name": "Mine now", "uri": "https://mine.example.com"}
FOR_GUESTS = {(method, path) for method, path, _ in PUBLIC}


def routes(platform: Platform) -> Iterable[tuple[str, str]]:
    for route in platform.client.app.router.routes():
        assert route.resource is not None
        if route.method != "HEAD" and (route.method, route.resource.canonical) not in FOR_GUESTS:
            yield route.method, route.resource.canonical


async def statuses(platform: Platform, meeting_id: str, *, of_meetings: bool = False) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for method, path in routes(platform):
        if of_meetings and "{meeting_uuid}" not in path:
            continue
        address = re.sub(r"{\w+}", uuid_of("0" * 32), path.replace("{meeting_uuid}", uuid_of(meeting_id)))
        body: Any = BODY if method in {"POST", "PUT"} and not address.endswith(("accept", "reject")) else None
        found[method, path] = (await platform.call(method, address, body))[0]
    assert found
    return found


async def test_without_a_token_nothing_is_answered(platform: Platform) -> None:
    meeting = await platform.api.create()
    for token in ("", "nonsense"):
        found = await statuses(platform.with_token(token), meeting["id"])
        assert {route for route, status in found.items() if status != 401} == set()


@pytest.mark.parametrize(
    ("role", "domain"), [(Role.USER, "default"), (Role.USER, "other.example"), (Role.ADMIN, "other.example")]
)
async def test_meetings_of_others_do_not_exist(platform: Platform, role: Role, domain: str) -> None:
    meeting = await platform.api.create()
    stranger = await platform.api.as_user("eve", role, domain)
    found = await statuses(platform.with_token(stranger.token), meeting["id"], of_meetings=True)
    assert {route for route, status in found.items() if status != 404} == set()
    assert (await platform.api.call("GET", f"/user/meetings/{meeting['id']}"))[1]["subject"] == meeting["subject"]


async def test_who_may_only_look_changes_nothing(platform: Platform) -> None:
    meeting = await platform.api.create()
    key = await platform.api.context.auth.keys.create(platform.api.user, "reader", MeetingAccess.VIEW, None)
    found = await statuses(platform.with_token(key.secret), meeting["id"])
    changing = {route: status for route, status in found.items() if route[0] != "GET"}
    assert {route for route, status in changing.items() if status not in {403, 404}} == set()
    assert {status for (_, path), status in changing.items() if path.endswith("/meetings")} == {403}
    assert (await platform.api.call("GET", f"/user/meetings/{meeting['id']}"))[1]["subject"] == meeting["subject"]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
async def test_below_ones_own_address_nobody_reaches_what_is_somebody_elses(platform: Platform, role: Role) -> None:
    meeting = await platform.api.create()
    other = await platform.api.as_user("root", role)
    found = await statuses(platform.with_token(other.token), meeting["id"], of_meetings=True)
    own = {route: status for route, status in found.items() if "/users/me/" in route[1]}
    assert len(own) == 12
    assert set(own.values()) == {404}


async def test_an_administrator_has_an_address_for_the_meetings_of_others(platform: Platform) -> None:
    meeting = uuid_of((await platform.api.create())["id"])
    admin = platform.with_token((await platform.api.as_user("root", Role.ADMIN)).token)
    address = f"/api/confd/1.1/meetings/{meeting}"
    assert (await admin.call("GET", f"{address}/participants"))[0] == 200
    assert (await admin.call("PUT", address, BODY))[0] == 204
    assert (await admin.call("GET", address))[1]["name"] == BODY["name"]
    assert (await admin.call("DELETE", address))[0] == 204
