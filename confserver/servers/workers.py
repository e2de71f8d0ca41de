"""The media workers of this daemon as servers, live: their rooms, their people, their share of the machine.

It asks the operating system about processes and the registry about rooms; it changes nothing.
"""

import ipaddress
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

from confserver.rooms.live import LiveRooms
from confserver.servers.server import ConferenceServer, ServerDefinition, ServerLoad, ServerType
from mixer.client import MediaPlane, MediaWorker

LEAST_S = 1.0
"""Who asks again sooner hears of the same stretch of time: shorter ones say nothing."""


@dataclass(slots=True)
class _Share:
    """Processor time of one process between two looks at it."""

    process: psutil.Process
    cpu_s: float
    at: float
    percent: float


class WorkerServers:
    """One server for each media worker, `media-1` and so on. `addresses`: those at which browsers reach them."""

    def __init__(self, media: MediaPlane, live: LiveRooms, addresses: Sequence[str]) -> None:
        self._media = media
        self._live = live
        self._ipv4 = _first(addresses, 4)
        self._ipv6 = _first(addresses, 6)
        self._shares: dict[int, _Share] = {}

    def servers(self) -> tuple[ConferenceServer, ...]:
        """All of them."""
        return tuple(map(self._server, self._media.workers))

    def find(self, server_id: str) -> ConferenceServer | None:
        """The one with this id."""
        return next((server for server in self.servers() if server.id == server_id), None)

    def load(self, server_id: str) -> ServerLoad | None:
        """How the one with this id is."""
        worker = next((worker for worker in self._media.workers if _id(worker) == server_id), None)
        if worker is None:
            return None
        meetings = worker.rooms.intersection(self._live.meeting_ids)
        people = sum(len(self._live.participants(meeting_id)) for meeting_id in meetings)
        cpu, memory = self._shares_of(worker.pid)
        return ServerLoad(len(meetings), people, worker.ready.is_set(), cpu, memory)

    def _server(self, worker: MediaWorker) -> ConferenceServer:
        definition = ServerDefinition(f"Media worker {worker.index + 1}", True, self._ipv4, self._ipv6)
        return ConferenceServer(_id(worker), ServerType.INTERNAL, definition)

    def _shares_of(self, pid: int | None) -> tuple[float | None, float | None]:
        """Of processor and memory, in percent. The first time: since the process began."""
        if pid is None:
            return None, None
        try:
            share = self._shares.get(pid) or _begin(pid)
            now, times = time.time(), share.process.cpu_times()
            if now - share.at >= LEAST_S:
                cpu_s = times.user + times.system
                share = _Share(share.process, cpu_s, now, 100 * (cpu_s - share.cpu_s) / (now - share.at))
            memory = share.process.memory_percent()
        except psutil.Error:  # it ended this moment, and is being replaced
            return None, None
        self._shares = {pid: share for pid, share in {**self._shares, pid: share}.items() if psutil.pid_exists(pid)}
        return round(share.percent, 2), round(memory, 2)


def _begin(pid: int) -> _Share:
    process = psutil.Process(pid)
    return _Share(process, 0.0, process.create_time(), 0.0)


def _id(worker: MediaWorker) -> str:
    return f"media-{worker.index + 1}"


def _first(addresses: Iterable[str], version: int) -> str | None:
    return next((address for address in addresses if ipaddress.ip_address(address).version == version), None)
