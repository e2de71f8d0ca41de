"""Another program holds the database for longer than anybody waits: the meeting goes on, and new guests come in."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.peers.daemon import running_daemon

LIMIT_S = 20.0


async def test_a_meeting_goes_on_while_nothing_can_be_written(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        meeting = await daemon.create_meeting(admin_pin="4711")
        key = meeting["access_key"]
        async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession(daemon.http_url) as http:
            ada = await http.ws_connect("/api/ws", protocols=["confserver.v1"])
            await enter(ada, key, "Ada", pin="4711")
            with closing(sqlite3.connect(tmp_path / "confserver.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                bob = await http.ws_connect("/api/ws", protocols=["confserver.v1"])
                seat = (await enter(bob, key, "Bob"))["participant_id"]
                await ada.send_json({"type": "mute", "participant_id": seat, "is_muted": True})
                while not (await message(bob, "updated"))["participant"]["is_muted_by_host"]:
                    pass
                with pytest.raises(aiohttp.ClientResponseError) as refused:
                    await daemon.create_meeting()
                assert refused.value.status == 503
                assert refused.value.headers is not None
                assert int(refused.value.headers["Retry-After"]) > 0
            await daemon.create_meeting()
            await ada.close()
            await bob.close()
        assert "the database cannot be used" in daemon.log.read_text()
        assert "the database can be used again" in daemon.log.read_text()
        assert "Traceback" not in daemon.log.read_text()


async def enter(page: aiohttp.ClientWebSocketResponse, key: str, name: str, **more: str) -> dict[str, Any]:
    await page.send_json({"type": "join", "access_key": key, "display_name": name, **more})
    return await message(page, "welcome")


async def message(page: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while (received := await page.receive_json())["type"] != kind:
        assert received["type"] not in {"refused", "error"}, received
    return dict(received)
