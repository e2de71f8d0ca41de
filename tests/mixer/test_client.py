"""Real media workers: they start, answer, are replaced when they die, and leave when told to."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mixer.client import MediaPlane
from mixer.params import OpenRoom, RoomParams
from mixer.transport.udp import bind_any

LIMIT_S = 20.0


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[MediaPlane, asyncio.Queue[frozenset[str]]]]:
    """A media plane of one worker on a port of its own, and the rooms it reports as lost."""
    lost: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    sockets = bind_any(0)
    media = MediaPlane([sockets])
    try:
        await media.start(lambda event: None, lost.put_nowait)
        yield media, lost
    finally:
        await media.stop()
        for sock in sockets:
            sock.close()


async def test_a_worker_that_is_killed_is_replaced_and_its_rooms_are_named() -> None:
    async with serving() as (media, lost), asyncio.timeout(LIMIT_S):
        worker = media.workers[0]
        first, port = worker.pid, worker.port
        media.send("a", OpenRoom(RoomParams("a")))
        (stats,) = await media.stats()
        assert stats["rooms"] == 1
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await lost.get() == {"a"}
        assert worker.pid not in (None, first)
        assert worker.port == port
        assert worker.restarts == 1
        (stats,) = await media.stats()
        assert stats["rooms"] == 0


async def test_a_worker_leaves_when_it_is_told_to() -> None:
    async with serving() as (media, _), asyncio.timeout(LIMIT_S):
        process = media.workers[0].process
        assert process is not None
        await media.stop()
        assert process.returncode == 0


async def test_a_room_stays_in_its_worker() -> None:
    media = MediaPlane([(), ()])
    first, second = media.worker_of("a"), media.worker_of("b")
    assert first is not second
    assert media.worker_of("a") is first
    media.release("a")
    assert media.worker_of("c") is first
