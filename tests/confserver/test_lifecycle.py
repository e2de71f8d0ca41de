"""From the operator's command to the last goodbye."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from confserver.auth.identity import User
from confserver.bootstrap import Bootstrap
from confserver.config import HttpSettings, MediaSettings, Settings
from confserver.lifecycle import run
from confserver.listening import bind_ports
from confserver.services import open_services
from mixer.client import WorkerStartError
from tests.peers.daemon import running_daemon

SHOWN_ONCE = "(shown only now)"
LIMIT_S = 20.0


async def test_guests_are_told_when_the_server_is_stopped(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        meeting = await daemon.create_meeting()
        async with (
            asyncio.timeout(LIMIT_S),
            aiohttp.ClientSession(daemon.http_url) as session,
            session.ws_connect("/api/ws", protocols=["confserver.v1"]) as page,
        ):
            await page.send_json({"type": "join", "access_key": meeting["access_key"], "display_name": "Ada"})
            await message(page, "welcome")
            stopped = asyncio.create_task(asyncio.to_thread(daemon.stop))
            assert (await message(page, "ended"))["reason"] == "shutdown"
            closing = await page.receive()
            assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1001)
            await stopped
        assert daemon.process.returncode == 0


async def message(page: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while (received := await page.receive_json())["type"] != kind:
        pass
    return dict(received)


async def test_the_first_password_is_shown_once_and_stays_good(tmp_path: Path) -> None:
    with running_daemon(tmp_path, ADMIN_PASSWORD="") as daemon:
        first = daemon.log.read_text()
        password = next(line.split()[1] for line in first.splitlines() if SHOWN_ONCE in line)
        assert await daemon.login("admin", password)
    with running_daemon(tmp_path, ADMIN_PASSWORD="") as daemon:
        second = daemon.log.read_text()
        assert "confserver is ready" in second
        assert SHOWN_ONCE not in second
        assert password not in second
        assert invitation(second) == invitation(first)
        assert await daemon.login("admin", password)


def invitation(said: str) -> str:
    """The access key of the invite link in what an operator reads."""
    return next(line for line in said.splitlines() if line.startswith("Invite link")).rpartition("/")[2]


def test_a_start_that_fails_makes_nobody_and_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*arguments: object) -> None:
        raise WorkerStartError("the media worker did not start")

    monkeypatch.setattr("mixer.client.MediaPlane.start", fail)
    # libuv keeps a pipe of its own for the life of the process.
    monkeypatch.setattr("confserver.lifecycle._loop_factory", lambda: None)
    announced: list[Bootstrap] = []
    settings = Settings(
        data_dir=tmp_path / "data",
        http=HttpSettings(port=free_port(socket.SOCK_STREAM)),
        media=MediaSettings(udp_port=free_port(socket.SOCK_DGRAM)),
    )
    with pytest.raises(WorkerStartError):
        run(settings, announced.append)
    assert announced == []
    assert asyncio.run(first_admin(settings)) is None
    # What it had bound is free for the next try.
    bind_ports(settings).close()


async def first_admin(settings: Settings) -> User | None:
    async with open_services(settings) as services:
        return await services.accounts.first_admin(await services.accounts.ensure_tenant())


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
