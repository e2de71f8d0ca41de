"""Users over HTTP, for the administrators of their tenant."""

from typing import Any

import pytest

from confserver.auth.identity import MeetingAccess, Role
from tests.confserver.conftest import PASSWORD, WEEKLY, Api, Refused

BOB = {"username": "bob", "password": "long enough", "display_name": "Bob"}


async def test_an_administrator_adds_a_user_who_can_log_in(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN, "tenant.example")
    status, bob = await admin.call("POST", "/users", BOB)
    assert status == 201
    assert bob.keys() == {"id", "username", "display_name", "role", "meeting_access", "created_at"}
    assert (bob["role"], bob["meeting_access"]) == ("USER", "FULL")
    login = {"username": "bob", "password": "long enough", "domain": "tenant.example"}
    assert (await api.call("POST", "/login", login, token=""))[1]["role"] == "USER"
    assert (await admin.call("GET", f"/users/{bob['id']}"))[1] == bob


async def test_a_name_is_taken_once(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    assert (await refused(admin.call("POST", "/users", {**BOB, "username": "ada"})))[:2] == (409, "CONFLICT")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"password": "short"}, "password"),
        ({"username": ""}, "username"),
        ({"username": "a\nb"}, "username"),
        ({"role": "ROOT"}, "role"),
        ({"meeting_access": "NONE"}, "meeting_access"),
    ],
)
async def test_a_wrong_field_is_named_and_no_password_repeated(api: Api, changed: dict[str, Any], field: str) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    status, answer = await admin.call("POST", "/users", {**BOB, **changed})
    assert (status, answer["errors"][0]["detail"]) == (400, field)
    assert "short" not in str(answer).replace("shorter", "")


async def test_what_is_changed_holds_from_the_next_call_on(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    path = f"/users/{api.user.id}"
    assert (await api.call("POST", "/user/meetings", WEEKLY))[0] == 201
    status, changed = await admin.call("POST", path, {"meeting_access": "VIEW", "display_name": "Countess"})
    assert (status, changed["meeting_access"], changed["role"]) == (200, "VIEW", "USER")
    assert (await refused(api.call("POST", "/user/meetings", WEEKLY)))[0] == 403
    assert (await api.call("GET", "/user/meetings"))[1]["count"] == 1
    shown = (await api.call("GET", "/login"))[1]
    assert (shown["display_name"], shown["meeting_access"]) == ("Countess", "VIEW")


async def test_a_new_password_ends_all_sessions(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    await admin.call("POST", f"/users/{api.user.id}", {"password": "another one"})
    assert (await refused(api.call("GET", "/login")))[0] == 401
    old, new = ({"username": "ada", "password": password} for password in (PASSWORD, "another one"))
    assert (await api.call("POST", "/login", old, token=""))[0] == 401
    assert (await api.call("POST", "/login", new, token=""))[0] == 200


async def test_somebody_stays_in_charge(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    path = f"/users/{admin.user.id}"
    for changes in ({"role": "USER"}, {"meeting_access": "VIEW"}):
        assert (await refused(admin.call("POST", path, changes)))[:2] == (409, "CONFLICT")
    await admin.call("POST", f"/users/{api.user.id}", {"role": "ADMIN"})
    assert (await admin.call("POST", path, {"role": "USER"}))[0] == 200


async def test_users_are_listed(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    await api.as_user("viewer", Role.OPERATOR, meeting_access=MeetingAccess.VIEW)
    await api.as_user("stranger", Role.USER, "other.example")
    _, page = await admin.call("GET", "/users?top=2")
    assert (page["count"], [user["username"] for user in page["items"]]) == (3, ["ada", "root"])
    for query, names in (
        ("search=LOVE", ["ada"]),
        ("filter=role ne USER", ["root", "viewer"]),
        ("filter=meeting_access eq VIEW", ["viewer"]),
        ("orderby=username desc", ["viewer", "root", "ada"]),
    ):
        assert [user["username"] for user in (await admin.call("GET", f"/users?{query}"))[1]["items"]] == names


async def test_users_of_another_tenant_do_not_exist(api: Api, refused: Refused) -> None:
    stranger = await api.as_user("eve", Role.ADMIN, "other.example")
    path = f"/users/{api.user.id}"
    assert (await refused(stranger.call("GET", path)))[:2] == (404, "NOT_FOUND")
    assert (await refused(stranger.call("POST", path, {"role": "ADMIN"})))[:2] == (404, "NOT_FOUND")
    assert [user["username"] for user in (await stranger.call("GET", "/users"))[1]["items"]] == ["eve"]
