"""Figures for Prometheus at `/metrics`, and whether the server lives (`/healthz`) and serves (`/readyz`).

Counters of the control plane follow the room events; those of the web server are read at each scrape, those of the
media workers at most once a second. No label carries a meeting, a name or an address.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from confserver.events import RoomEvent, RoomEventKind, RoomEvents
from confserver.http.networks import Networks, only_from
from confserver.http.refusals import Refusals
from confserver.loop_watch import LoopWatch
from mixer.client import MediaPlane

REUSE_S = 1.0
"""For so long an answer of the media workers serves further scrapes: however many there are, media go first."""

Report = dict[str, float]
"""Counters of one media worker, by name."""


class _WorkerReports:
    """What the media workers answer, asked one question at a time."""

    def __init__(self, media: MediaPlane, clock: Callable[[], float]) -> None:
        self._media = media
        self._clock = clock
        self._asking = asyncio.Lock()
        self._reports: list[Report] = []
        self._stale_at = -math.inf

    async def read(self) -> list[Report]:
        """One report a worker, at most `REUSE_S` old."""
        async with self._asking:
            if self._clock() >= self._stale_at:
                self._reports = await self._media.stats()
                self._stale_at = self._clock() + REUSE_S
            return self._reports


class _WorkerFigures(Collector):
    """What the media workers answered, one sample a worker and counter."""

    def __init__(self, reports: list[Report]) -> None:
        self._reports = reports

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "confserver_media", "Counters of the media workers, by name.", labels=["worker", "name"]
        )
        for worker, report in enumerate(self._reports):
            for name, value in sorted(report.items()):
                family.add_metric([str(worker), name], value)
        yield family


class _WebFigures(Collector):
    """What the web server has refused since the start."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals

    def collect(self) -> Iterable[CounterMetricFamily]:
        family = CounterMetricFamily(
            "confserver_http_refusals", "Connections and requests that were refused or ended.", labels=["reason"]
        )
        for reason, count in self._refusals.items():
            family.add_metric([reason], count)
        yield family


class Metrics:
    """Counts what rooms publish and answers scrapes."""

    def __init__(
        self,
        events: RoomEvents,
        media: MediaPlane,
        is_ready: Callable[[], bool],
        refusals: Refusals,
        loop: LoopWatch,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._media = media
        self._reports = _WorkerReports(media, clock)
        self._is_ready = is_ready
        self._registry = CollectorRegistry()
        self._events = Counter(
            "confserver_room_events", "What happened in rooms.", ["kind", "detail"], registry=self._registry
        )
        self._rooms = Gauge("confserver_rooms", "Rooms that are live.", registry=self._registry)
        self._participants = Gauge("confserver_participants", "People in rooms.", registry=self._registry)
        self._restarts = Gauge(
            "confserver_media_worker_restarts", "Media workers replaced since the start.", registry=self._registry
        )
        tasks = Gauge("confserver_tasks", "Tasks of the event loop.", registry=self._registry)
        tasks.set_function(lambda: len(asyncio.all_tasks()))
        stalls = Gauge("confserver_loop_stalls", "Times the event loop has stood still.", registry=self._registry)
        stalls.set_function(lambda: loop.stalls)
        self._registry.register(_WebFigures(refusals))
        events.emitter.on(RoomEvents.ANY, self._count)

    def add_routes(self, app: web.Application, readers: Networks) -> None:
        """Register the three addresses; figures are for `readers` only."""
        app.router.add_get("/metrics", only_from(readers, self._scrape))
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._ready)

    def _count(self, event: RoomEvent) -> None:
        self._events.labels(event.kind.value, event.detail or "").inc()
        match event.kind:
            case RoomEventKind.ROOM_OPENED:
                self._rooms.inc()
            case RoomEventKind.ROOM_CLOSED:
                self._rooms.dec()
            case RoomEventKind.PARTICIPANT_JOINED:
                self._participants.inc()
            case RoomEventKind.PARTICIPANT_LEFT:
                self._participants.dec()

    async def _scrape(self, request: web.Request) -> web.Response:
        self._restarts.set(sum(worker.restarts for worker in self._media.workers))
        figures = CollectorRegistry()
        figures.register(_WorkerFigures(await self._reports.read()))
        body = generate_latest(self._registry) + generate_latest(figures)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, request: web.Request) -> web.Response:
        is_ready = self._is_ready()
        return web.json_response({"status": "ready" if is_ready else "not ready"}, status=200 if is_ready else 503)
