"""Who may call what: every address below /api, by everybody who should not.

The addresses come from the router itself, so that one that is added tomorrow is walked, too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from confserver.api.install import OPERATIONS
from confserver.api.operation import Operation
from confserver.api.rights import Audience
from confserver.auth.identity import MeetingAccess, Role
from tests.confserver.conftest import Api, Clock

PUBLIC = {
    ("POST", "/api/login"),
    ("POST", "/api/login/refresh"),
    ("GET", "/api/join/{access_key}"),
    ("GET", "/api/looks/{name}"),
    ("GET", "/api/openapi.json"),
}
"""What strangers may call. An address that is not here and lets them in fails the walk."""


@dataclass(frozen=True)
class Route:
    """One address of the API and what it stands for; `operation` None: it streams."""

    method: str
    path: str
    operation: Operation | None

    @property
    def is_of_a_meeting(self) -> bool:
        return "{meeting_id}" in self.path

    def of(self, meeting_id: str) -> str:
        """The address for a meeting; whatever else is in it leads nowhere."""
        return re.sub(r"{\w+}", "nothing", self.path.replace("{meeting_id}", meeting_id))


def routes(app: web.Application) -> Iterable[Route]:
    by_address = {(operation.method, f"/api{operation.path}"): operation for operation in OPERATIONS}
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        if route.method != "HEAD" and path.startswith("/api"):
            yield Route(route.method, path, by_address.get((route.method, path)))


@pytest.fixture
def walked(api: Api) -> list[Route]:
    """Every address that is not for strangers."""
    found = [route for route in routes(api.client.app) if (route.method, route.path) not in PUBLIC]
    assert len(found) > 100
    assert {(route.method, route.path) for route in found} >= {("GET", "/api/events/stream"), ("GET", "/api/events/ws")}
    return found


async def status_of(api: Api, route: Route, meeting_id: str, headers: dict[str, str]) -> tuple[int, Any]:
    """A call without a body: whoever may not call is told so before anything is read."""
    async with api.client.request(route.method, route.of(meeting_id), headers=headers) as response:
        assert response.headers["Content-Type"].startswith("application/json"), route
        return response.status, await response.json()


async def all_statuses(api: Api, walked: Iterable[Route], meeting_id: str, token: str | None) -> dict[Route, int]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    statuses = {}
    for route in walked:
        statuses[route], answer = await status_of(api, route, meeting_id, headers)
        assert statuses[route] < 400 or answer.keys() == {"errors"}, route
    return statuses


async def test_without_a_login_nothing_is_answered(api: Api, walked: list[Route], clock: Clock) -> None:
    meeting = await api.create()
    new = await api.context.auth.keys.create(api.user, "robot", MeetingAccess.FULL, None)
    await api.context.auth.keys.revoke(api.user, new.key.id)
    clock.now += 3601
    for token in (None, "nonsense", api.token, new.secret):
        statuses = await all_statuses(api, walked, meeting["id"], token)
        assert {route.path for route, status in statuses.items() if status != 401} == set()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.USER])
async def test_meetings_of_another_tenant_do_not_exist(api: Api, walked: list[Route], role: Role) -> None:
    meeting = await api.create()
    stranger = await api.as_user("eve", role, "other.example")
    of_meetings = [route for route in walked if route.is_of_a_meeting]
    statuses = await all_statuses(api, of_meetings, meeting["id"], stranger.token)
    mirrored = 403 if role is Role.USER else 404
    assert {route for route, status in statuses.items() if status != expected(route, mirrored, 404)} == set()


async def test_meetings_of_another_owner_do_not_exist(api: Api, walked: list[Route]) -> None:
    meeting = await api.create()
    bob = await api.as_user("bob")
    of_meetings = [route for route in walked if route.is_of_a_meeting]
    statuses = await all_statuses(api, of_meetings, meeting["id"], bob.token)
    assert {route for route, status in statuses.items() if status != expected(route, 403, 404)} == set()


def expected(route: Route, mirrored: int, own: int) -> int:
    """The mirror is for staff; who is none hears that first."""
    return mirrored if route.path.startswith("/api/conference_rooms") else own


@pytest.mark.parametrize("kind", ["user", "administrator", "key"])
async def test_who_may_only_look_changes_nothing(api: Api, walked: list[Route], kind: str) -> None:
    viewer = await api.as_user("viewer", Role.ADMIN if kind == "administrator" else Role.USER)
    meeting = await viewer.create()
    token = viewer.token
    if kind == "key":
        token = (await api.context.auth.keys.create(viewer.user, "reader", MeetingAccess.VIEW, None)).secret
    else:
        await make_viewer(api, viewer)
    changing = [route for route in walked if route.method != "GET" and route.path != "/api/logout"]
    statuses = await all_statuses(api, changing, meeting["id"], token)
    assert {route for route, status in statuses.items() if status != 403} == set()
    assert (await viewer.call("GET", f"/user/meetings/{meeting['id']}"))[1]["subject"] == meeting["subject"]


async def make_viewer(api: Api, viewer: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    status, _ = await admin.call("POST", f"/users/{viewer.user.id}", {"meeting_access": "VIEW"})
    assert status == 200


async def test_an_operator_looks_at_meetings_of_others_and_no_more(api: Api, walked: list[Route]) -> None:
    meeting = await api.create()
    operator = await api.as_user("op", Role.OPERATOR)
    changing = [route for route in walked if route.is_of_a_meeting and route.method != "GET"]
    statuses = await all_statuses(api, changing, meeting["id"], operator.token)
    assert {route for route, status in statuses.items() if status != 403} == set()


async def test_what_administrators_have_is_theirs(api: Api, walked: list[Route]) -> None:
    members = {
        Audience.STAFF: {"op", "eve", "root"},
        Audience.ADMINS: {"eve", "root"},
        Audience.OPERATORS: {"root"},
    }
    everybody = [
        api,
        await api.as_user("op", Role.OPERATOR),
        await api.as_user("eve", Role.ADMIN, "other.example"),
        await api.as_user("root", Role.ADMIN),
    ]
    special = [route for route in walked if route.operation and route.operation.audience in members]
    for caller in everybody:
        statuses = await all_statuses(api, special, "nothing", caller.token)
        for route, status in statuses.items():
            assert route.operation is not None
            is_member = caller.user.name in members[route.operation.audience]
            assert (status != 403) == is_member, (caller.user.name, route)
