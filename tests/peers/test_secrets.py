"""Secrets stay where they belong: used rightly, wrongly and in everything that fails, none of them is logged or shown.

The daemon logs all it has to say. What a caller has sent may be told to nobody, not even back to the caller.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import psutil

from tests.peers.daemon import ADMIN_PASSWORD, ADMIN_USER, Daemon, running_daemon
from tests.peers.meeting_client import SUBPROTOCOL, MeetingClient, connection, guest

ROOM_PIN, HOST_PIN, WRONG_PIN = "481516", "902107", "773100"
COOKIE = "a-cookie-of-another-server"
OPEN_IN_THE_DATABASE = ("access key",)
"""Invite links are shown again to whoever may see the meeting."""


class Watch:
    """Collects the secrets, and everything that the server says to anybody who is not meant to hear them."""

    def __init__(self, daemon: Daemon, session: aiohttp.ClientSession) -> None:
        self.daemon = daemon
        self.session = session
        self.secrets: dict[str, str] = {
            "room PIN": ROOM_PIN,
            "host PIN": HOST_PIN,
            "wrong PIN": WRONG_PIN,
            "password": ADMIN_PASSWORD,
            "cookie": COOKIE,
        }
        self.shown: list[str] = []

    async def fetch(self, method: str, path: str, body: str | None = None, **headers: str) -> int:
        """One request with a cookie, whose whole answer is watched. The status."""
        fields = {"Cookie": f"session={COOKIE}", "Content-Type": "application/json", **headers}
        async with self.session.request(method, path, data=body, headers=fields, allow_redirects=False) as response:
            self.shown.append(f"{method} {path[:6]} {dict(response.headers)} {await response.text()}")
            return response.status

    async def write(self, request: str) -> None:
        """Bytes that are no request."""
        address = urlsplit(self.daemon.http_url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(request.encode())
        async with asyncio.timeout(10):
            self.shown.append((await reader.read(-1)).decode("latin-1"))
        writer.close()
        await writer.wait_closed()

    async def leaks(self) -> list[str]:
        """Which secret was seen where."""
        async with self.session.get("/metrics") as response:
            metrics = await response.text()
        shown = {"answers": "\n".join(self.shown), "metrics": metrics, "log": self.daemon.log.read_text()}
        return [
            f"{name} in {where}" for name, value in self.secrets.items() for where in shown if value in shown[where]
        ]

    def stored(self) -> list[str]:
        """Which secret can be read in the data folder."""
        files = [path for path in self.daemon.data_dir.rglob("*") if path.is_file() and path != self.daemon.log]
        return [
            f"{name} in {path.name}"
            for name, value in self.secrets.items()
            for path in files
            if name not in OPEN_IN_THE_DATABASE and value.encode() in path.read_bytes()
        ]


async def logged_in(watch: Watch) -> None:
    body = {"username": ADMIN_USER, "password": ADMIN_PASSWORD}
    answer = await watch.daemon.call("POST", "/login", body, token="")
    watch.secrets |= {"access token": answer["access_token"], "refresh token": answer["refresh_token"]}


@asynccontextmanager
async def in_meeting(watch: Watch, key: str) -> AsyncIterator[MeetingClient]:
    """A guest whose credentials of all kinds are secrets from now on."""
    async with guest(watch.daemon.http_url, key, "Ada", pin=ROOM_PIN, slots=0) as ada:
        watch.secrets["seat token"] = ada.welcome["seat_token"]
        for side, description in (("our", ada.peer.localDescription), ("its", ada.peer.remoteDescription)):
            match = re.search(r"a=ice-pwd:(\S+)", description.sdp)
            assert match
            watch.secrets[f"{side} ice-pwd"] = match[1]
        yield ada


async def ask_badly(watch: Watch, secret: str) -> None:
    """Every way to put a secret where it does not belong."""
    for path in ("/", "/join/", "/static/", "/room/meeting/", "/api/", "/api/join/", "/api/user/meetings/"):
        await watch.fetch("GET", f"{path}{secret}?token={secret}&pin={secret}", Authorization=f"Bearer {secret}")
    for body in (f'{{"username": "{secret}"', f'"{secret}"', json.dumps({"username": [secret], "password": [secret]})):
        assert await watch.fetch("POST", "/api/login", body) == 400
    assert await watch.fetch("POST", "/api/login", secret, **{"Content-Type": secret}) == 415
    assert await watch.fetch("GET", "/", Expect=secret) == 400
    assert await watch.fetch("GET", "/api/ws", Origin=f"https://{secret}") == 403
    await watch.write(f"{secret}\r\n\r\n")
    await watch.write(f"GET / HTTP/1.1\r\nHost: x\r\n{secret}\r\nCookie: {secret}\r\n\r\n")
    await watch.write(f"GET http://{secret}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


async def talk_badly(watch: Watch, key: str, secret: str) -> None:
    """The same over the WebSocket."""
    texts = (
        f'{{"type": "join", "pin": "{secret}"',
        json.dumps({"type": secret}),
        json.dumps({"type": "join", "access_key": key, "display_name": "Eve", "pin": [secret], "token": {"x": secret}}),
        json.dumps(
            {"type": "join", "access_key": key, "display_name": "Eve", "pin": WRONG_PIN, "seat_token": f"{secret}."}
        ),
        json.dumps({"type": "offer", "id": 1, "sdp": f"v=0\r\na=ice-pwd:{secret}\r\n", "lines": {secret: secret}}),
    )
    for text in texts:
        async with connection(watch.daemon.http_url) as client:
            await client.socket.send_str(text)
            await client.expect("error", "refused", since=0)
    async with connection(watch.daemon.http_url) as client:
        await client.socket.send_bytes(secret.encode())
        await client.until(lambda: client.close_code, "the end")
    headers = (
        f"GET /api/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n"
    )
    await watch.write(headers + f"\xff\xff{secret}")  # no frame of a WebSocket


async def fail(watch: Watch, ada: MeetingClient, key: str) -> None:
    """Failures of the server itself: a worker that dies, a database without its table."""
    since = len(ada.messages)
    (worker,) = psutil.Process(watch.daemon.process.pid).children()
    os.kill(worker.pid, signal.SIGKILL)
    await ada.expect("media_lost", since=since)
    (database,) = watch.daemon.data_dir.glob("*.sqlite3")
    with contextlib.closing(sqlite3.connect(database)) as direct:
        for table in ("meetings", "sessions"):
            direct.execute(f"ALTER TABLE {table} RENAME TO away_{table}")
    token = watch.secrets["access token"]
    assert await watch.fetch("GET", f"/api/join/{key}") >= 500
    assert await watch.fetch("GET", "/api/user/meetings", Authorization=f"Bearer {token}") >= 500
    body = json.dumps({"username": ADMIN_USER, "password": ADMIN_PASSWORD})
    assert await watch.fetch("POST", "/api/login", body) >= 500
    async with connection(watch.daemon.http_url) as client:
        await client.send("join", access_key=key, display_name="Eve", pin=ROOM_PIN)
        await client.until(lambda: client.close_code or client.messages, "an answer")


async def test_no_secret_is_logged_shown_or_stored(tmp_path: Path) -> None:
    with running_daemon(tmp_path, LOG__LEVEL="debug") as daemon:
        async with aiohttp.ClientSession(daemon.http_url) as session:
            await provoke(Watch(daemon, session))
        assert "answered" in daemon.log.read_text()
        assert "Traceback" in daemon.log.read_text()


async def provoke(watch: Watch) -> None:
    await logged_in(watch)
    meeting = await watch.daemon.create_meeting(room_pin=ROOM_PIN, admin_pin=HOST_PIN)
    key = watch.secrets["access key"] = meeting["access_key"]
    async with in_meeting(watch, key) as ada:
        for secret in ("~".join(watch.secrets.values()), key, watch.secrets["access token"]):
            await ask_badly(watch, secret)
        for secret in (WRONG_PIN, watch.secrets["seat token"], watch.secrets["our ice-pwd"]):
            await talk_badly(watch, key, secret)
        assert watch.stored() == []
        await fail(watch, ada, key)
        assert await watch.leaks() == []
