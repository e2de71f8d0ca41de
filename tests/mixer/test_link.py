"""Values cross the socketpair in order, a full pipe queues, a lost peer is noticed once."""

import asyncio
import tracemalloc

import pytest

from mixer import link as link_module
from mixer.events import SpeakersChanged
from mixer.link import MAX_MESSAGE_BYTES, Link, link_pair
from mixer.params import CloseRoom, OpenRoom, RoomParams


class Receiver:
    """Collects what a link delivers and lets a test wait for so many values or for the end."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.closings = 0
        self.changed = asyncio.Event()

    def receive(self, value: object) -> None:
        self.values.append(value)
        self.changed.set()

    def closed(self) -> None:
        self.closings += 1
        self.changed.set()

    async def until(self, count: int = 0, closings: int = 0) -> None:
        async with asyncio.timeout(5):
            while len(self.values) < count or self.closings < closings:
                self.changed.clear()
                await self.changed.wait()


async def test_values_arrive_equal_and_in_order() -> None:
    ours, theirs = link_pair()
    here, there = Receiver(), Receiver()
    daemon, worker = Link(ours, here.receive, here.closed), Link(theirs, there.receive, there.closed)
    commands = [OpenRoom(RoomParams("a")), CloseRoom("a")]
    for command in commands:
        daemon.send(command)
    worker.send(SpeakersChanged("a", ("x", "y")))
    await there.until(2)
    await here.until(1)
    assert there.values == commands
    assert here.values == [SpeakersChanged("a", ("x", "y"))]
    daemon.close()
    await there.until(2, closings=1)
    worker.close()
    assert (here.closings, there.closings) == (0, 1)


async def test_more_than_the_pipe_holds_is_queued_not_lost() -> None:
    ours, theirs = link_pair()
    there = Receiver()
    daemon = Link(ours, lambda value: None, lambda: None)
    rooms = [OpenRoom(RoomParams("r" * 1000 + str(index))) for index in range(5000)]
    for room in rooms:
        daemon.send(room)
    worker = Link(theirs, there.receive, there.closed)
    await there.until(len(rooms))
    assert there.values == rooms
    daemon.close()
    worker.close()


async def test_to_read_takes_no_more_memory_than_what_was_said() -> None:
    ours, theirs = link_pair()
    there = Receiver()
    daemon, worker = Link(ours, lambda value: None, lambda: None), Link(theirs, there.receive, there.closed)
    tracemalloc.start()
    try:
        daemon.send(CloseRoom("a"))
        await there.until(1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_MESSAGE_BYTES / 4
    daemon.close()
    worker.close()


async def test_a_side_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "MAX_QUEUED", 10)
    ours, theirs = link_pair()
    here = Receiver()
    daemon = Link(ours, here.receive, here.closed)
    with theirs:
        for _ in range(10_000):
            daemon.send(OpenRoom(RoomParams("r" * 10_000)))
            if here.closings:
                break
        assert here.closings == 1
        daemon.send(CloseRoom("late"))
    assert here.closings == 1
