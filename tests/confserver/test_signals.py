"""What signals do to the daemon and its media worker, at every stage of their life: neither survives the other."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from confserver.config import Settings
from confserver.services import open_services
from tests.peers.daemon import Daemon, running_daemon, starting_daemon
from tests.tools.processes import survivors

LIMIT_S = 30.0
HURRY_LIMIT_S = 2.5
"""Less than a guest who says nothing is waited for."""
POLL_S = 0.005
KNOCK = (
    b"GET /api/ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: confserver.v1\r\n\r\n"
)


def until(is_reached: Callable[[], object], what: str) -> None:
    give_up_at = time.monotonic() + LIMIT_S
    while not is_reached():
        assert time.monotonic() < give_up_at, f"not within {LIMIT_S:g} s: {what}"
        time.sleep(POLL_S)


def workers(daemon: Daemon) -> list[psutil.Process]:
    return list(psutil.Process(daemon.process.pid).children(recursive=True))


@pytest.mark.parametrize("stage", ["the folder is opened", "the worker is started"])
def test_a_start_that_is_told_to_stop_leaves_nobody_behind(tmp_path: Path, stage: str) -> None:
    with starting_daemon(tmp_path) as daemon:
        if stage == "the folder is opened":
            until((tmp_path / "server.lock").exists, stage)
            # From here on the loop may take a moment to hear signals; before that there is nothing to clean up.
            codes = {0, -signal.SIGTERM}
        else:
            until(lambda: workers(daemon), stage)
            codes = {0}
        children = workers(daemon)
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(LIMIT_S) in codes
        assert not survivors(children, LIMIT_S)
        assert "Traceback" not in daemon.log.read_text()
    asyncio.run(opens(tmp_path))


async def opens(data_dir: Path) -> None:
    async with open_services(Settings(data_dir=data_dir)):
        pass


def test_the_second_signal_waits_for_nobody(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        host = daemon.http_url.removeprefix("http://")
        with socket.create_connection(host.split(":")) as guest:
            guest.settimeout(LIMIT_S)
            guest.sendall(KNOCK % host.encode())
            assert b" 101 " in guest.recv(4096)
            children = workers(daemon)
            # This guest does not answer when the server says goodbye.
            daemon.process.send_signal(signal.SIGTERM)
            until(lambda: "draining" in daemon.log.read_text(), "draining")
            daemon.process.send_signal(signal.SIGTERM)
            assert daemon.process.wait(HURRY_LIMIT_S) == -signal.SIGTERM
            assert not survivors(children, LIMIT_S)


def test_no_worker_survives_a_daemon_that_was_killed(tmp_path: Path) -> None:
    with running_daemon(tmp_path, MEDIA__WORKERS="2") as daemon:
        children = workers(daemon)
        assert len(children) == 2
        # One of them cannot do anything about it any more.
        os.kill(children[0].pid, signal.SIGSTOP)
        daemon.kill()
        assert not survivors(children, LIMIT_S)


async def test_a_signal_for_the_whole_group_leaves_the_media_on_until_the_guests_are_told(daemon: Daemon) -> None:
    (worker,) = workers(daemon)
    os.kill(worker.pid, signal.SIGTERM)
    os.kill(worker.pid, signal.SIGINT)
    await daemon.create_meeting()
    assert [child.pid for child in workers(daemon)] == [worker.pid]
    assert worker.status() != psutil.STATUS_ZOMBIE
