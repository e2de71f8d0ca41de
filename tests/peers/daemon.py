"""The real daemon as a child process on free ports, and the REST calls that tests need to prepare a meeting.

It asserts what an operator relies on: ready within the limit, and SIGTERM ends it with exit code 0.
"""

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

START_LIMIT_S = 20.0
STOP_LIMIT_S = 15.0
POLL_S = 0.02
LOG_TAIL_LINES = 40

ADMIN_USER = "admin"
ADMIN_PASSWORD = "a-password-for-tests"

Answer = dict[str, Any]


class DaemonError(AssertionError):
    """The daemon did not start or did not stop as it should; the message ends with its last words."""


@dataclass
class Daemon:
    """A daemon that serves. Its calls are those of the first administrator."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    http_url: str
    udp_port: int
    log: Path
    command: tuple[str, ...] = field(repr=False)
    environment: dict[str, str] = field(repr=False)
    _token: str = field(default="", repr=False)

    async def login(self, username: str = ADMIN_USER, password: str = ADMIN_PASSWORD) -> str:
        """An access token."""
        answer = await self.call("POST", "/login", {"username": username, "password": password}, token="")
        return str(answer["access_token"])

    async def create_meeting(self, **fields: Any) -> Answer:
        """A meeting with the given fields, as the API reads it back: `access_key`, `invite_url`, `host_url` and all."""
        asked = {"subject": "A test", "mode": "VIDEO", "timezone": "Europe/Berlin", **fields}
        created = await self.call("POST", "/user/meetings", asked)
        return await self.call("GET", f"/user/meetings/{created['id']}")

    async def call(self, method: str, path: str, body: Answer | None = None, *, token: str | None = None) -> Answer:
        """One REST call below `/api`. `token` empty: without a login. Raises aiohttp.ClientResponseError."""
        if token is None:
            token = self._token = self._token or await self.login()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(f"{self.http_url}", headers=headers, raise_for_status=True) as session,
            session.request(method, f"/api{path}", json=body, ssl=_anything()) as response,
        ):
            return dict(await response.json()) if response.status != 204 else {}

    def last_words(self) -> str:
        """The end of what the daemon has said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])

    def kill(self) -> None:
        """End it as a crash would: without a chance to clean up."""
        self.process.kill()
        self.process.wait()

    def start_again(self) -> None:
        """After it ended: on the same ports and the same data, and ready when this returns. Raises DaemonError."""
        self.process = _spawn(self.command, self.environment, self.log)
        _wait_until_ready(self)

    def stop(self) -> None:
        """End it as an operator would. Raises DaemonError if it does not end, or not with exit code 0."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise DaemonError(f"SIGTERM did not end it within {STOP_LIMIT_S:g} s\n{self.last_words()}") from None
        if code != 0:
            raise DaemonError(f"SIGTERM ended it with exit code {code}\n{self.last_words()}")


@contextlib.contextmanager
def running_daemon(data_dir: Path, *arguments: str, **settings: str) -> Iterator[Daemon]:
    """A daemon that is ready, on free ports, with its data in `data_dir`.

    `arguments` go to `confserver run`, `settings` are environment variables without `CONFSERVER_`, such as
    `MEDIA__WORKERS="2"`. One that a test has ended itself is not ended again.
    """
    with starting_daemon(data_dir, *arguments, **settings) as daemon:
        _wait_until_ready(daemon)
        yield daemon
        if daemon.process.poll() is None:
            daemon.stop()


@contextlib.contextmanager
def starting_daemon(data_dir: Path, *arguments: str, **settings: str) -> Iterator[Daemon]:
    """The same, from the moment its process exists; killed at the end if it still runs then."""
    http_port, udp_port = _free_port(socket.SOCK_STREAM), _free_port(socket.SOCK_DGRAM)
    own = {
        "HTTP__PORT": str(http_port),
        "MEDIA__UDP_PORT": str(udp_port),
        "ADMIN_USER": ADMIN_USER,
        "ADMIN_PASSWORD": ADMIN_PASSWORD,
        # All tests are one tenant.
        "MEETINGS__MAX_ONLINE": "1000",
        **settings,
    }
    environment = {**os.environ, **{f"CONFSERVER_{name}": value for name, value in own.items()}}
    command = (sys.executable, "-m", "confserver", "run", "--data-dir", str(data_dir), *arguments)
    log = data_dir / "daemon.log"
    log.write_bytes(b"")
    scheme = "https" if own.get("TLS__MODE") == "self-signed" else "http"
    process = _spawn(command, environment, log)
    daemon = Daemon(process, data_dir, f"{scheme}://127.0.0.1:{http_port}", udp_port, log, command, environment)
    try:
        yield daemon
    finally:
        if daemon.process.poll() is None:
            daemon.kill()


def _spawn(command: tuple[str, ...], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )


def _wait_until_ready(daemon: Daemon) -> None:
    give_up_at = time.monotonic() + START_LIMIT_S
    while True:
        if _is_ready(daemon):
            return
        code = daemon.process.poll()
        if code is not None:
            raise DaemonError(f"it ended at once with exit code {code}\n{daemon.last_words()}")
        if time.monotonic() > give_up_at:
            raise DaemonError(f"not ready within {START_LIMIT_S:g} s\n{daemon.last_words()}")
        time.sleep(POLL_S)


def _is_ready(daemon: Daemon) -> bool:
    try:
        urllib.request.urlopen(f"{daemon.http_url}/readyz", timeout=1, context=_anything()).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        return False
    except OSError:  # not listening yet, or listening and not answering yet
        return False
    return True


def _anything() -> ssl.SSLContext:
    """A client that takes any certificate, as that of a daemon which has made its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
