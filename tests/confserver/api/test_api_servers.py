"""Media servers over HTTP: those of this daemon as they are, others as they were written down."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from confserver.auth.identity import Role
from confserver.rooms.live import LiveParticipant
from tests.confserver.conftest import Api, Refused

OTHER = {"name": "Berlin", "ipv4": "192.0.2.9", "max_rooms": 10}


async def test_a_media_worker_is_an_internal_server(api: Api) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    _, servers = await admin.call("GET", "/conference_servers")
    assert servers == {
        "count": 1,
        "items": [
            {
                "id": "media-1",
                "name": "Media worker 1",
                "enabled": True,
                "ipv4": "192.0.2.1",
                "ipv6": None,
                "max_rooms": None,
                "max_participants": None,
                "type": "INTERNAL",
            }
        ],
    }
    assert (await admin.call("GET", "/conference_servers/media-1"))[1] == servers["items"][0]


async def test_the_status_of_a_worker_is_that_of_its_process(api: Api) -> None:
    admin, path = await api.as_user("root", Role.ADMIN), "/conference_servers/media-1/status"
    assert (await admin.call("GET", path))[1] == {
        "rooms_count": 0,
        "participants_count": 0,
        "cpu_usage": None,
        "memory_usage": None,
        "status": "OFFLINE",
    }
    meeting = await api.create()
    api.rooms.people[meeting["id"]] = [LiveParticipant("p1", "Bob", muted=False, chairman=False)]
    worker = api.rooms.media.workers[0]
    worker.rooms.update({meeting["id"], f"{meeting['id']}/waiting"})
    busy = await asyncio.to_thread(subprocess.Popen, [sys.executable, "-c", "while True: pass"])
    try:
        worker.process = busy
        worker.ready.set()
        _, status = await admin.call("GET", path)
    finally:
        busy.kill()
        busy.wait()
    assert (status["rooms_count"], status["participants_count"], status["status"]) == (1, 1, "ONLINE")
    assert status["cpu_usage"] >= 0
    assert 0 < status["memory_usage"] < 100


async def test_an_external_server_is_kept_for_who_asks(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    status, server = await admin.call("POST", "/conference_servers", OTHER)
    assert (status, server["type"], server["enabled"], server["ipv6"]) == (201, "EXTERNAL", True, None)
    path = f"/conference_servers/{server['id']}"
    assert (await refused(admin.call("GET", f"{path}/status")))[:2] == (404, "NOT_FOUND")
    changed = {"name": "Bonn", "ipv6": "2001:DB8::0:1", "enabled": False, "max_participants": 50}
    assert (await admin.call("POST", path, changed))[1] == {
        "id": server["id"],
        "type": "EXTERNAL",
        "ipv4": None,
        "max_rooms": None,
        **changed,
        "ipv6": "2001:db8::1",
    }
    assert (await admin.call("GET", "/conference_servers"))[1]["count"] == 2
    assert await admin.call("POST", f"{path}/destroy") == (204, None)
    assert (await refused(admin.call("GET", path)))[0] == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "x" * 65}, "name"),
        ({"name": " "}, "name"),
        ({"ipv4": "2001:db8::1"}, "ipv4"),
        ({"ipv6": "192.0.2.9"}, "ipv6"),
        ({"ipv6": "fe80::1%eth0"}, "ipv6"),
        ({"max_rooms": 0}, "max_rooms"),
        ({"max_participants": "many"}, "max_participants"),
        ({"type": "INTERNAL"}, "type"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, refused: Refused, changed: dict[str, Any], field: str) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    call = admin.call("POST", "/conference_servers", {**OTHER, **changed})
    assert await refused(call) == (400, "VALIDATE_FAILED", field)


async def test_what_cannot_be_is_refused(api: Api, refused: Refused) -> None:
    admin = await api.as_user("root", Role.ADMIN)
    await admin.call("POST", "/conference_servers", OTHER)
    _, second = await admin.call("POST", "/conference_servers", {"name": "Bonn"})
    for path in ("/conference_servers", f"/conference_servers/{second['id']}"):
        assert await refused(admin.call("POST", path, OTHER)) == (409, "CONFLICT", "name")
    for path, body in (("media-1", OTHER), ("media-1/destroy", None)):
        assert (await refused(admin.call("POST", f"/conference_servers/{path}", body)))[:2] == (409, "CONFLICT")
    assert (await refused(admin.call("GET", "/conference_servers/nothing/status")))[0] == 404


async def test_the_machine_is_administered_by_its_own_tenant(api: Api, refused: Refused) -> None:
    for nosy in (
        api,
        await api.as_user("op", Role.OPERATOR),
        await api.as_user("eve", Role.ADMIN, "other.example"),
    ):
        assert (await refused(nosy.call("GET", "/conference_servers")))[:2] == (403, "FORBIDDEN")
