"""The media worker as a process: it serves until it is told to leave or the daemon is gone, and not a signal less."""

import asyncio
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from mixer.client import MediaPlane, WorkerStartError
from mixer.events import EndpointConnected, StatsReport
from mixer.params import AskStats, OpenRoom, RoomParams, Shutdown
from mixer.transport.close_reason import CloseReason
from mixer.transport.udp import bind_any
from mixer.worker import NICENESS
from tests.mixer.serving import LIMIT_S, serving

GRACE_TURNS = 3
"""Turns of the event loop in which what has arrived on a socket is read."""


async def test_it_serves_until_it_is_told_to_leave_and_says_goodbye() -> None:
    async with serving() as (worker, ready):
        assert ready.pid == worker.worker.pid
        with closing(worker.guest(ready.fingerprints)) as guest:
            guest.start()
            assert await worker.expect(EndpointConnected) == EndpointConnected("a", "e")
            # Ctrl-C at the daemon's terminal is for the daemon, which has people to tell first.
            os.kill(ready.pid, signal.SIGINT)
            worker.obey(AskStats(7))
            report = await worker.expect(StatsReport)
            stats = dict(report.counters)
            assert (report.token, stats["rooms"], stats["endpoints"]) == (7, 1, 1)
            assert stats.keys() >= {"tick.skipped", "tick.lateness_p50_ms", "tick.lateness_p99_ms", "drop.kernel"}
            worker.obey(Shutdown())
            assert await worker.exit_code() == 0
            for _ in range(GRACE_TURNS):
                await asyncio.sleep(0)
            assert guest.peer.close_reason is CloseReason.DTLS_CLOSED


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="no autogroups: niceness counts everywhere")
async def test_if_it_may_go_first_it_does_so_beside_other_sessions_too() -> None:
    async with serving() as (_, ready):
        goes_first = os.getpriority(os.PRIO_PROCESS, ready.pid) == NICENESS
        assert _session_of(ready.pid).endswith(f" nice {NICENESS if goes_first else 0}\n")


def _session_of(pid: int) -> str:
    return Path(f"/proc/{pid}/autogroup").read_text()


async def test_it_leaves_when_the_daemon_is_gone() -> None:
    async with serving() as (worker, _):
        assert worker.worker.link is not None
        worker.worker.link.close()
        assert await worker.exit_code() == 0


async def test_a_room_opened_while_its_worker_is_being_replaced_is_not_forgotten() -> None:
    lost: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    sockets = bind_any(0)
    media = MediaPlane([sockets])
    try:
        async with asyncio.timeout(LIMIT_S):
            await media.start(lambda event: None, lost.put_nowait)
            media.send("before", OpenRoom(RoomParams("before")))
            worker = media.workers[0]
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            await worker.gone.wait()
            assert not worker.ready.is_set()
            media.send("meanwhile", OpenRoom(RoomParams("meanwhile")))
            assert await lost.get() == {"before", "meanwhile"}
    finally:
        await media.stop()
        for sock in sockets:
            sock.close()


async def test_a_worker_that_cannot_serve_is_an_error_of_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixer.client.START_LIMIT_S", 0.05)
    sockets = bind_any(0)
    media = MediaPlane([sockets])
    try:
        with pytest.raises(WorkerStartError, match="did not start"):
            await media.start(lambda event: None, lambda room_ids: None)
        assert media.workers[0].pid is None
    finally:
        for sock in sockets:
            sock.close()
