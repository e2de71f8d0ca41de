"""The control plane's side of the media workers: start them, talk to them, replace one that dies.

Each worker is a process of its own with its own UDP port; a room lives whole in one worker. The daemon binds the ports
and the workers inherit them, so a busy port is known before anything starts and a replacement serves the same address.
This module imports nothing of the media plane but values: the daemon itself never loads a codec.
"""

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mixer.events import Event, StatsReport, WorkerReady
from mixer.link import Link, link_pair
from mixer.params import AskStats, Command, Fingerprint, Shutdown
from mixer.transport.udp import bind_any

START_LIMIT_S = 20.0
STOP_LIMIT_S = 3.0
EXIT_LIMIT_S = 1.0
STATS_LIMIT_S = 2.0
QUICK_DEATH_S = 5.0
MAX_PAUSE_S = 5.0


def bind_media_port(port: int) -> tuple[socket.socket, ...]:
    """The UDP sockets of one worker, for all addresses of this machine. Raises OSError if the port is taken."""
    return bind_any(port)


class WorkerStartError(Exception):
    """A worker did not come up."""


@dataclass(slots=True)
class MediaWorker:
    """One worker process and the UDP sockets it serves."""

    index: int
    sockets: Sequence[socket.socket]
    rooms: set[str] = field(default_factory=set)
    process: subprocess.Popen[bytes] | None = None
    link: Link | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    restarts: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def port(self) -> int:
        """The UDP port that clients send to."""
        return int(self.sockets[0].getsockname()[1])

    @property
    def pid(self) -> int | None:
        """The process id while one runs."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def spawn(self, on_event: Callable[[Event], None]) -> None:
        """Start a process on the sockets. `on_event` gets what it reports."""
        ours, theirs = link_pair()
        descriptors = [theirs.fileno(), *(sock.fileno() for sock in self.sockets)]
        with theirs:
            # A new session: a Ctrl-C at the daemon's terminal must not end the media while guests are being told.
            self.process = subprocess.Popen(  # noqa: S603  our own module, our own interpreter
                [sys.executable, "-m", "mixer.worker", *map(str, descriptors)],
                pass_fds=descriptors,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        self.ready.clear()
        self.gone.clear()
        self.link = Link(ours, on_event, self.gone.set)

    async def stop(self) -> None:
        """Ask the process to end its transports and leave; by force if it does not."""
        if self.link is not None and self.process is not None and self.ready.is_set():
            self.link.send(Shutdown())
            with contextlib.suppress(TimeoutError, subprocess.TimeoutExpired):
                await asyncio.wait_for(self.gone.wait(), STOP_LIMIT_S)
                await asyncio.to_thread(self.process.wait, EXIT_LIMIT_S)
        self.reap()

    def reap(self) -> None:
        """End what is left of the process. Its link is gone or given up, so it has nothing more to say."""
        if self.link is not None:
            self.link.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class MediaPlane:
    """All workers, one for each of `ports` (the UDP sockets it serves)."""

    def __init__(self, ports: Sequence[Sequence[socket.socket]]) -> None:
        self.workers = [MediaWorker(index, sockets) for index, sockets in enumerate(ports)]
        self._on_event: Callable[[Any], None] = lambda event: None
        self._on_lost: Callable[[frozenset[str]], None] = lambda room_ids: None
        self._tokens = itertools.count(1)
        self._asked: dict[int, asyncio.Future[StatsReport]] = {}
        self._supervisors: list[asyncio.Task[None]] = []

    async def start(self, on_event: Callable[[Any], None], on_lost: Callable[[frozenset[str]], None]) -> None:
        """Start every worker and wait until all serve. Raises WorkerStartError.

        `on_event(event)` gets what rooms report; `on_lost(room_ids)` the rooms of a worker that was replaced, once the
        replacement serves: they must be opened again.
        """
        self._on_event, self._on_lost = on_event, on_lost
        for worker in self.workers:
            self._spawn(worker)
            self._supervisors.append(asyncio.create_task(self._supervise(worker)))
        try:
            async with asyncio.timeout(START_LIMIT_S):
                for worker in self.workers:
                    await worker.ready.wait()
        except TimeoutError:
            await self.stop()
            raise WorkerStartError(f"the media worker did not start within {START_LIMIT_S:.0f} s") from None

    async def stop(self) -> None:
        """End every worker."""
        for task in self._supervisors:
            task.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    def worker_of(self, room_id: str) -> MediaWorker:
        """The worker a room lives in; a new room goes to the one with the fewest."""
        for worker in self.workers:
            if room_id in worker.rooms:
                return worker
        worker = min(self.workers, key=lambda candidate: len(candidate.rooms))
        worker.rooms.add(room_id)
        return worker

    def release(self, room_id: str) -> None:
        """Forget where a closed room lived."""
        for worker in self.workers:
            worker.rooms.discard(room_id)

    def send(self, room_id: str, command: Command) -> None:
        """Hand a command to the room's worker. While that worker is being replaced it is lost, as is the room."""
        worker = self.worker_of(room_id)
        if worker.ready.is_set() and worker.link is not None:
            worker.link.send(command)

    async def stats(self) -> list[dict[str, float]]:
        """Counters by name, one mapping a worker; empty for a worker that does not answer."""
        return await asyncio.gather(*(self._ask(worker) for worker in self.workers))

    async def _ask(self, worker: MediaWorker) -> dict[str, float]:
        token = next(self._tokens)
        self._asked[token] = asyncio.get_running_loop().create_future()
        try:
            if worker.link is not None:
                worker.link.send(AskStats(token))
            report = await asyncio.wait_for(self._asked[token], STATS_LIMIT_S)
            return dict(report.counters)
        except TimeoutError:
            return {}
        finally:
            del self._asked[token]

    def _spawn(self, worker: MediaWorker) -> None:
        worker.spawn(lambda event: self._receive(worker, event))

    def _receive(self, worker: MediaWorker, event: Event) -> None:
        if isinstance(event, WorkerReady):
            worker.fingerprints = event.fingerprints
            worker.ready.set()
        elif isinstance(event, StatsReport):
            asked = self._asked.get(event.token)
            if asked is not None and not asked.done():
                asked.set_result(event)
        else:
            self._on_event(event)

    async def _supervise(self, worker: MediaWorker) -> None:
        """Replace the worker whenever it dies: at once, but not in a tight circle when it dies again and again."""
        loop = asyncio.get_running_loop()
        quick_deaths = 0
        while True:
            started_at = loop.time()
            await worker.gone.wait()
            worker.ready.clear()
            worker.reap()
            quick_deaths = quick_deaths + 1 if loop.time() - started_at < QUICK_DEATH_S else 0
            if quick_deaths > 1:
                await asyncio.sleep(min(MAX_PAUSE_S, 0.1 * 2**quick_deaths))
            worker.restarts += 1
            self._spawn(worker)
            if await _first(worker.ready, worker.gone) is worker.ready:
                # Also those opened while there was nobody to tell.
                self._on_lost(frozenset(worker.rooms))


async def _first(*events: asyncio.Event) -> asyncio.Event:
    """Wait for any of these; the first in order that is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return next(event for event in events if event.is_set())
