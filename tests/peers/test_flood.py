"""Floods during a call: two guests go on hearing each other's tone, whoever floods, and nobody gets anything for it."""

import asyncio

import pytest

from benches.load.tone_quality import ToneQuality
from benches.load_process import LoadProcess, running_load
from benches.subject import Subject
from tests.peers.daemon import Daemon
from tests.peers.flood import Kind, flooding

FLOOD_PER_S = 10_000
FLOOD_LIMIT_S = 60.0
HEARD_S = 1.0
SENT_DBOV = -20.0
TOLERANCE_DB = 3.0
TOLERANCE_S = 0.020
"""One packet, which may be on its way when listening ends."""
POLLS, POLL_S = 200, 0.05
TRIES = 15
"""Other processes may spoil a second of sound; a flood that got through would spoil every one."""


async def two_in_a_room(load: LoadProcess, daemon: Daemon) -> str:
    url = str((await daemon.create_meeting())["invite_url"])
    await load.join(url, 2)
    return url


async def hear_each_other(load: LoadProcess) -> None:
    """Return once both have heard a second of the other's tone, at its level and without a gap."""
    for _ in range(TRIES):
        heard = await load.tones(HEARD_S)
        if all(_is_whole(tone) for tone in heard):
            return
    raise AssertionError(f"no second of sound was whole; the last one: {heard}")


def _is_whole(tone: ToneQuality) -> bool:
    return abs(tone.level_dbov - SENT_DBOV) <= TOLERANCE_DB and tone.missing_s <= TOLERANCE_S


async def dropped(daemon: Daemon) -> float:
    counters = await Subject(daemon).counters()
    return sum(value for name, value in counters.items() if name.startswith("drop."))


async def until_dropped(daemon: Daemon, count: float) -> None:
    """Return once so many datagrams are counted as dropped."""
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
