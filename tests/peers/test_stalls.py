"""The worker or the daemon stands still for half a second in a call: it is counted, and nothing comes in a burst."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator

import aiohttp
import psutil
import pytest

from benches.load_process import running_load
from tests.peers.daemon import Daemon
from tests.peers.hearing import hear_each_other, two_in_a_room

pytestmark = pytest.mark.alone

STALL_S = 0.5
TICK_S = 0.020
SPARE_PACKETS = 25
"""On their way when counting began, of late listeners too; a burst would be twice as many."""
POLLS, POLL_S = 200, 0.05


@contextlib.asynccontextmanager
async def standing_still(pid: int) -> AsyncIterator[None]:
    """While the block runs, and for half a second at least, the process does nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
        await asyncio.sleep(STALL_S)
    finally:
        os.kill(pid, signal.SIGCONT)


async def figure(daemon: Daemon, name: str) -> float:
    """A figure of `/metrics` without labels, or of the media worker."""
    async with aiohttp.ClientSession() as http, http.get(f"{daemon.http_url}/metrics") as response:
        lines = (await response.text()).splitlines()
    names = (f"confserver_{name} ", f'confserver_media{{name="{name}",worker="0"}} ')
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(names)), 0.0)


async def until_at_least(daemon: Daemon, name: str, value: float) -> None:
    for _ in range(POLLS):
        if await figure(daemon, name) >= value:
            return
        await asyncio.sleep(POLL_S)
    raise AssertionError(f"{name} did not reach {value:g}")


async def test_a_worker_that_stood_still_skips_what_it_missed(daemon: Daemon) -> None:
    async with running_load() as load:
        await two_in_a_room(load, daemon)
        await hear_each_other(load)
        endpoints, skipped = await figure(daemon, "endpoints"), await figure(daemon, "tick.skipped")
        (worker,) = psutil.Process(daemon.process.pid).children()
        heard, began_at = (await load.counters()).audio_packets, time.monotonic()
        async with standing_still(worker.pid):
            pass
        await until_at_least(daemon, "tick.skipped", skipped + STALL_S / TICK_S - 2)
        await hear_each_other(load)
        came = (await load.counters()).audio_packets - heard
        assert came <= 2 * (time.monotonic() - began_at - STALL_S) / TICK_S + SPARE_PACKETS
        assert await figure(daemon, "endpoints") == endpoints


async def test_a_daemon_that_stood_still_loses_nobody_and_the_sound_goes_on(daemon: Daemon) -> None:
    async with running_load() as load:
        await two_in_a_room(load, daemon)
        await hear_each_other(load)
        people, stalls = await figure(daemon, "participants"), await figure(daemon, "loop_stalls")
        async with standing_still(daemon.process.pid):
            before = (await load.counters()).audio_packets
            await asyncio.sleep(STALL_S)
            assert (await load.counters()).audio_packets > before
        await until_at_least(daemon, "loop_stalls", stalls + 1)
        await hear_each_other(load)
        assert await figure(daemon, "participants") == people
