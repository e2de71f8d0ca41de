"""Floods during a call: two guests go on hearing each other's tone, whoever floods, and nobody gets anything for it."""

import asyncio

import pytest

from benches.load_process import running_load
from benches.subject import Subject
from tests.peers.daemon import Daemon
from tests.peers.flood import Kind, flooding
from tests.peers.hearing import hear_each_other, two_in_a_room

pytestmark = pytest.mark.alone

FLOOD_PER_S = 10_000
FLOOD_LIMIT_S = 60.0
POLLS, POLL_S = 200, 0.05


async def dropped(daemon: Daemon) -> float:
    """Datagrams and packets of which the daemon says that it dropped them."""
    counters = await Subject(daemon).counters()
    return sum(value for name, value in counters.items() if name.startswith("drop."))


async def until_dropped(daemon: Daemon, count: float) -> None:
    """Return once so many are counted."""
    for _ in range(POLLS):
        if await dropped(daemon) >= count:
            return
        await asyncio.sleep(POLL_S)
    raise AssertionError("not every datagram of the flood was counted")


@pytest.mark.parametrize("kind", list(Kind))
async def test_strangers_who_flood_disturb_nobody_and_get_nothing(daemon: Daemon, kind: Kind) -> None:
    async with running_load() as load:
        await two_in_a_room(load, daemon)
        before = await dropped(daemon)
        async with flooding(daemon.udp_port, FLOOD_PER_S, FLOOD_LIMIT_S, kind) as toll:
            await hear_each_other(load)
        assert toll.bytes_back == 0
        await until_dropped(daemon, before + toll.datagrams)


async def test_a_guest_who_floods_disturbs_only_himself(daemon: Daemon) -> None:
    async with running_load() as load, running_load() as flooder:
        url = await two_in_a_room(load, daemon)
        await flooder.join(url, 1, has_camera=True)
        before = await dropped(daemon)
        flood = asyncio.create_task(flooder.flood(FLOOD_PER_S, 3.0))
        await hear_each_other(load)
        await until_dropped(daemon, before + await flood / 2)
