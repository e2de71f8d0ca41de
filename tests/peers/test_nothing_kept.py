"""Many come and go: afterwards the daemon and its worker hold no more tasks, threads and descriptors than before.

Memory is measured by `make soak`, which has the time for it.
"""

import asyncio
from pathlib import Path

import aiohttp

from benches.load.crowd import Crowd
from benches.soak.churn import Churn
from benches.soak.footprint import Footprint, take_footprint
from tests.peers.daemon import Daemon, running_daemon

JOINS = 10
ROUNDS = 4
CALLERS = 32
LIMIT_S = 15.0
POLL_S = 0.1


async def footprint(http: aiohttp.ClientSession, daemon: Daemon) -> Footprint:
    return await take_footprint(http, daemon.http_url, daemon.process.pid)


async def test_who_has_left_leaves_nothing_open(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        async with aiohttp.ClientSession() as http, Crowd() as crowd:
            await daemon.call("GET", "/user/meetings")
            # All at once, so that the database has as many connections as it will ever have.
            await asyncio.gather(*(daemon.call("GET", "/user/meetings") for _ in range(CALLERS)))
            before = await footprint(http, daemon)
            for _ in range(ROUNDS):
                churn = Churn(daemon, crowd, meetings=2, people=4)
                for _ in range(JOINS):
                    await churn.step(may_vanish=False)
                await churn.end()
            async with asyncio.timeout(LIMIT_S):
                while (await footprint(http, daemon)).grown(before):  # noqa: ASYNC110 - no event crosses processes
                    await asyncio.sleep(POLL_S)
