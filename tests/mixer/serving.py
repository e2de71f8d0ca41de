"""A media worker as a process on a port of its own, for tests that command it directly. It asserts nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from mixer.client import MediaWorker
from mixer.events import Event, WorkerReady
from mixer.params import (
    EndpointParams,
    Fingerprint,
    OpenEndpoint,
    OpenRoom,
    ParticipantParams,
    RoomParams,
    SetParticipant,
    TransportParams,
)
from mixer.transport.certificate import Certificate
from mixer.transport.udp import bind_any
from tests.peers.thin_socket import ThinSocket

E = TypeVar("E", bound=Event)

LIMIT_S = 20.0
CLIENT = Certificate()


class Worker:
    """A worker that serves, and what it reports."""

    def __init__(self, worker: MediaWorker, events: asyncio.Queue[Event]) -> None:
        self.worker = worker
        self._events = events

    async def expect(self, kind: type[E]) -> E:
        """The next report of that type."""
        while not isinstance(event := await self._events.get(), kind):
            pass
        return event

    def obey(self, *commands: object) -> None:
        assert self.worker.link is not None
        for command in commands:
            self.worker.link.send(command)

    async def exit_code(self) -> int:
        assert self.worker.process is not None
        return await asyncio.to_thread(self.worker.process.wait, LIMIT_S)

    def guest(self, fingerprints: tuple[Fingerprint, ...]) -> ThinSocket:
        """A client that has been let into room `a`."""
        ours = TransportParams("server-a", "server-password-of-24-char", "client-a", "secret", CLIENT.fingerprints)
        theirs = TransportParams("client-a", "secret", "server-a", "server-password-of-24-char", fingerprints)
        self.obey(
            OpenRoom(RoomParams("a")),
            SetParticipant("a", ParticipantParams("ada", 0)),
            OpenEndpoint("a", EndpointParams("e", "ada", ours, ())),
        )
        return ThinSocket(theirs, CLIENT, ("127.0.0.1", self.worker.port))


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Worker, WorkerReady]]:
    """A worker on a port of its own and its first words."""
    sockets = bind_any(0)
    worker, events = MediaWorker(0, sockets), asyncio.Queue[Event]()
    worker.spawn(events.put_nowait)
    try:
        async with asyncio.timeout(LIMIT_S):
            told = Worker(worker, events)
            yield told, await told.expect(WorkerReady)
    finally:
        worker.reap()
        for sock in sockets:
            sock.close()
