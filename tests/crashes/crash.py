"""One crash: life goes on, something is killed in the middle of it, and the server and everybody come back.

The times are those an operator and a guest would measure; nothing is said here of what they should be.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import aiohttp
import psutil

from mixer.transport.certificate import Certificate
from tests.crashes.inquest import RETURN_LIMIT_S, examine_files, examine_meetings, examine_seats
from tests.crashes.life import Life
from tests.crashes.visitor import Visitor
from tests.peers.daemon import Daemon, running_daemon
from tests.tools.processes import survivors

MOMENT_S = (0.1, 1.2)
ORPHAN_LIMIT_S = 2.0
MEDIA_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Crash:
    """`serving_s`: from the start, or from a worker's death, until it serves; `faults` are sentences."""

    victim: str
    serving_s: float
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Return:
    """Of a crowd: seconds from when the server serves again until each has seat and media; how many lost their seat."""

    back_s: list[float]
    strangers: int


async def crash_in_turn(folder: Path, times: int, random: Random) -> list[Crash]:
    """So many crashes of one server, with all that was noted of each."""
    with running_daemon(folder, HTTP__TRUSTED_PROXIES="127.0.0.1") as daemon:
        async with aiohttp.ClientSession(daemon.http_url) as http:
            life = Life(daemon, http, random)
            await life.begin()
            try:
                return [await (crash_worker if turn % 2 else crash_daemon)(life, random) for turn in range(times)]
            finally:
                await life.close()


async def crash_daemon(life: Life, random: Random) -> Crash:
    """`kill -9` of the daemon, and a start on what it left."""
    workers = _workers(life.daemon)
    living = asyncio.create_task(life.go_on())
    await asyncio.sleep(random.uniform(*MOMENT_S))
    faults = ["life had ended before"] if living.done() else []
    killed_at = monotonic()
    life.daemon.kill()
    await living
    orphans = await asyncio.to_thread(survivors, workers, ORPHAN_LIMIT_S)
    faults += [f"worker {orphan.pid} lives on" for orphan in orphans]
    faults += examine_files(life.daemon.data_dir)
    started_at = monotonic()
    await asyncio.to_thread(life.daemon.start_again)
    serving_s = monotonic() - started_at
    faults += await examine_meetings(life, killed_at)
    faults += await examine_seats(life, killed_at)
    return Crash("daemon", serving_s, faults)


async def crash_worker(life: Life, random: Random) -> Crash:
    """`kill -9` of the media worker; everybody connects anew when they are told."""
    (worker,) = _workers(life.daemon)
    living = asyncio.create_task(life.go_on())
    await asyncio.sleep(random.uniform(*MOMENT_S))
    faults = ["life had ended before"] if living.done() else []
    told = [asyncio.create_task(visitor.media_lost.wait()) for visitor in life.visitors]
    killed_at = monotonic()
    os.kill(worker.pid, signal.SIGKILL)
    async with asyncio.timeout(MEDIA_LIMIT_S):
        await asyncio.wait(told, return_when=asyncio.FIRST_COMPLETED)
        serving_s = monotonic() - killed_at
        for task in told:
            task.cancel()
        life.stop()
        await living
        for visitor in life.visitors:
            if visitor.connected_at < killed_at:
                await visitor.media_lost.wait()
                await visitor.connect()
    return Crash("worker", serving_s, faults + await examine_meetings(life, monotonic()))


async def crash_crowd(daemon: Daemon, http: aiohttp.ClientSession, count: int) -> Return:
    """`kill -9` of the daemon with so many guests in one meeting."""
    meeting = await daemon.create_meeting(subject="A crowd", mode="AUDIO", capacity=200)
    certificate = Certificate()
    crowd = [Visitor(http, certificate, meeting["access_key"], f"Guest {number + 1}") for number in range(count)]
    try:
        for visitor in crowd:
            await visitor.enter()
            await visitor.connect()
        # What is written behind the room's back has been written when this is in the database too.
        await daemon.create_meeting(subject="Afterwards")
        daemon.kill()
        starting = asyncio.create_task(asyncio.to_thread(daemon.start_again))
        returning = [asyncio.create_task(_return(visitor)) for visitor in crowd]
        await starting
        serving_at = monotonic()
        came = await asyncio.gather(*returning)
    finally:
        await asyncio.gather(*(visitor.vanish() for visitor in crowd))
    return Return([max(0.0, at - serving_at) for at, _ in came], sum(not is_resumed for _, is_resumed in came))


async def _return(visitor: Visitor) -> tuple[float, bool]:
    is_resumed = await visitor.come_back(2 * RETURN_LIMIT_S)
    await visitor.connect()
    return monotonic(), is_resumed


def _workers(daemon: Daemon) -> list[psutil.Process]:
    return list(psutil.Process(daemon.process.pid).children(recursive=True))
