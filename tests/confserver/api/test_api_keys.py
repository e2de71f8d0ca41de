"""Keys of programs over HTTP: shown once, good for as much as they say, void when revoked or too old."""

from datetime import UTC, datetime

from sqlalchemy import text

from confserver.auth.identity import MeetingAccess, Role
from confserver.auth.keys import MOST_KEYS
from tests.confserver.conftest import WEEKLY, Api, Clock, Refused

ROBOT = {"name": "robot", "access": "FULL"}


async def test_a_key_is_shown_once_and_works_like_a_login(api: Api) -> None:
    status, made = await api.call("POST", "/keys", ROBOT)
    assert status == 201
    assert made["key"].startswith("cfk_")
    assert (await api.call("GET", "/login", token=made["key"]))[1]["username"] == "ada"
    assert (await api.call("POST", "/user/meetings", WEEKLY, token=made["key"]))[0] == 201
    _, listed = await api.call("GET", "/keys")
    assert listed["items"] == [{name: value for name, value in made.items() if name != "key"}]


async def test_the_database_holds_no_key(api: Api) -> None:
    _, made = await api.call("POST", "/keys", ROBOT)
    query = text("SELECT * FROM program_keys")
    rows = await api.services.store.read(lambda reading: reading.execute(query).all())
    assert len(rows) == 1
    assert made["key"] not in str(rows)
    assert made["key"].removeprefix("cfk_") not in str(rows)


async def test_a_key_may_only_look_unless_it_says_otherwise(api: Api, refused: Refused) -> None:
    meeting = await api.create(room_pin="1234")
    _, made = await api.call("POST", "/keys", {"name": "reader"})
    assert made["access"] == "VIEW"
    path = f"/user/meetings/{meeting['id']}"
    assert (await api.call("GET", path, token=made["key"]))[1]["room_pin"] is None
    for attempt in (("POST", path, {"capacity": 2}), ("POST", f"{path}/lock"), ("POST", "/user/meetings", WEEKLY)):
        assert (await refused(api.call(*attempt, token=made["key"])))[:2] == (403, "FORBIDDEN")


async def test_a_key_makes_no_keys_and_no_users(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    _, made = await admin.call("POST", "/keys", ROBOT)
    user = {"username": "eve", "password": "long enough", "role": "ADMIN"}
    for attempt in (
        ("POST", "/keys", ROBOT),
        ("GET", "/keys"),
        ("POST", f"/keys/{made['id']}/destroy"),
        ("POST", "/users", user),
        ("POST", f"/users/{api.user.id}", {"role": "ADMIN"}),
        ("POST", "/logout"),
    ):
        assert (await refused(api.call(*attempt, token=made["key"])))[:2] == (403, "FORBIDDEN")
    assert (await api.call("GET", "/users", token=made["key"]))[0] == 200


async def test_a_revoked_key_opens_nothing(api: Api, refused: Refused) -> None:
    _, made = await api.call("POST", "/keys", ROBOT)
    assert await api.call("POST", f"/keys/{made['id']}/destroy") == (204, None)
    assert (await refused(api.call("GET", "/login", token=made["key"])))[:2] == (401, "UNAUTHORIZED")
    assert (await refused(api.call("POST", f"/keys/{made['id']}/destroy")))[0] == 404


async def test_a_key_expires(api: Api, clock: Clock, refused: Refused) -> None:
    soon = datetime.fromtimestamp(clock.now + 3600, UTC).isoformat()
    _, made = await api.call("POST", "/keys", {**ROBOT, "expires_at": soon})
    assert (await api.call("GET", "/login", token=made["key"]))[1]["expires_at"] == made["expires_at"]
    clock.now += 3600
    assert (await refused(api.call("GET", "/login", token=made["key"])))[0] == 401
    api.token = await api.log_in(api.user)
    past = {**ROBOT, "expires_at": soon}
    assert await refused(api.call("POST", "/keys", past)) == (400, "VALIDATE_FAILED", "expires_at")


async def test_a_key_goes_where_its_user_may_go_now(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    _, made = await api.call("POST", "/keys", ROBOT)
    assert (await refused(api.call("GET", "/conference_rooms", token=made["key"])))[0] == 403
    await admin.call("POST", f"/users/{api.user.id}", {"role": "OPERATOR", "meeting_access": "VIEW"})
    assert (await api.call("GET", "/conference_rooms", token=made["key"]))[0] == 200
    assert (await refused(api.call("POST", "/user/meetings", WEEKLY, token=made["key"])))[0] == 403


async def test_who_sees_and_revokes_whose_keys(api: Api, refused: Refused) -> None:
    _, made = await api.call("POST", "/keys", ROBOT)
    bob, admin = await api.as_user("bob"), await api.as_user("root", Role.ADMIN)
    stranger = await api.as_user("eve", Role.ADMIN, "other.example")
    for nosy in (bob, stranger):
        assert (await nosy.call("GET", "/keys"))[1]["items"] == []
        assert (await refused(nosy.call("POST", f"/keys/{made['id']}/destroy")))[0] == 404
    assert [key["username"] for key in (await admin.call("GET", "/keys"))[1]["items"]] == ["ada"]
    assert (await admin.call("POST", f"/keys/{made['id']}/destroy"))[0] == 204


async def test_nobody_has_keys_without_end(api: Api, refused: Refused) -> None:
    for number in range(MOST_KEYS):
        await api.context.auth.keys.create(api.user, f"key {number}", MeetingAccess.VIEW, None)
    assert (await refused(api.call("POST", "/keys", ROBOT)))[:2] == (409, "CONFLICT")
