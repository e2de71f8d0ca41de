"""The composition root: makes every part, hands each what it needs, starts and stops them in order.

The only file that knows all planes. It holds no rule of any of them.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web

from confserver.addresses import advertised_addresses, public_url
from confserver.api.context import ApiContext
from confserver.api.install import install_api
from confserver.audit.log import AuditLog
from confserver.confd.accounts import GuestAccounts, Ingresses
from confserver.confd.edge import Window
from confserver.confd.install import install_confd
from confserver.config import Settings
from confserver.doorway import open_door
from confserver.errors import Unavailable
from confserver.events import RoomEvents
from confserver.http.edge import Edge
from confserver.http.install import install_edge
from confserver.http.listener import Listener
from confserver.http.networks import Networks
from confserver.listening import ListeningPorts
from confserver.loop_watch import BEAT_S, EMPTY_BEAT_S, LoopWatch
from confserver.metrics import Metrics
from confserver.pages import add_pages
from confserver.rooms.bans import Bans
from confserver.rooms.changes import Changes
from confserver.rooms.edits import MeetingEdits
from confserver.rooms.lifetimes import Lifetimes
from confserver.rooms.lobby import Lobbies
from confserver.rooms.media_side import MediaSide
from confserver.rooms.recall import Recall
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.rooms import Rooms
from confserver.rooms.seat_book import SeatBook
from confserver.rooms.waiting_rooms import WaitingRooms
from confserver.servers.rows import ServerRows
from confserver.servers.servers import ConferenceServers
from confserver.servers.workers import WorkerServers
from confserver.services import Services
from confserver.store.write_behind import WriteBehind
from confserver.stream.stream import Stream
from confserver.tls.https import Https
from mixer.client import MediaPlane
from signaling.ports import EndReason
from signaling.ws.handler import add_websocket

DRAIN_LIMIT_S = 3.0
CHANGES_INTERVAL_S = 2.0
EXPIRE_INTERVAL_S = 3600.0

log = structlog.get_logger()


class Server:
    """Everything that runs, from `start` to `stop`. Services and ports are closed by who opened them."""

    def __init__(self, settings: Settings, ports: ListeningPorts, services: Services, https: Https | None) -> None:
        self._settings = settings
        self._https = https
        self._ports = ports
        self._services = services
        self._events = RoomEvents()
        services.meetings.on_event = self._events.publish
        services.join_tokens.on_event = self._events.publish
        self._stream = Stream(services.store, self._events, settings.events)
        self._audit = AuditLog(services.store, settings.auth.keep_audit_days)
        self._media = MediaPlane(ports.media)
        self._book = SeatBook()
        self._bans = Bans()
        self._edits = MeetingEdits(services.meetings.update)
        addresses = advertised_addresses(settings)
        side = MediaSide(self._media, addresses)
        self._looks = services.looks
        self._lobbies = Lobbies(self._media.send, side.describe, self._media.release, self._looks.music_of)
        self._waiting = WaitingRooms(self._events, self._lobbies)
        self._registry = RoomRegistry(
            self._media, self._events, self._book, settings.media.max_speakers, self._bans, self._waiting, self._edits
        )
        self._lifetimes = Lifetimes(
            self._registry, services.meetings, services.lives, self._events, settings.meetings.max_online
        )
        rooms = Rooms(self._registry, self._book, self._waiting, self._bans, self._lifetimes)
        self._recall = Recall(services.meetings, rooms, services.seats, services.waiting, services.bans)
        self._servers = ConferenceServers(
            WorkerServers(self._media, self._registry, addresses), ServerRows(services.store)
        )
        self._door = open_door(services, rooms, side, self._looks.of, self._lobbies, self._events)
        self._writers = self._written_behind(services)
        self._edge = Edge.of(settings.http)
        self._loop_watch = LoopWatch()
        tls = https.served.context if https else None
        self._fronts = [Listener(self._application(), ports.http, self._edge, tls, DRAIN_LIMIT_S)]
        if https and ports.redirect:
            self._fronts.append(Listener(https.plain.application(), ports.redirect, self._edge))
        self._watches: list[asyncio.Task[None]] = []

    def _written_behind(self, services: Services) -> tuple[WriteBehind[Any], ...]:
        """What lives in memory and is copied to the database."""
        return (
            WriteBehind(self._book, services.seats, "seats and rooms"),
            WriteBehind(self._edits, self._edits, "meetings"),
            WriteBehind(self._lifetimes.book, services.lives, "states of meetings"),
            WriteBehind(self._waiting.ledger, services.waiting, "who waits"),
            WriteBehind(self._bans.ledger, services.bans, "bans"),
            WriteBehind(self._door.given_back, services.join_tokens, "join tokens"),
        )

    async def start(self) -> None:
        """Serve, but let nobody in yet. Raises WorkerStartError, Unavailable."""
        await self._recall.read()
        await self._lifetimes.read()
        await self._stream.begin()
        await self._stream.settle(self._recall.has)
        for writer in self._writers:
            writer.start()
        self._audit.start()
        await self._looks.read()
        await self._media.start(self._hear_media, self._media_replaced)
        for front in self._fronts:
            await front.start()
        if self._https:
            self._https.start()
        self._watches = [
            asyncio.create_task(self._apply_changes()),
            asyncio.create_task(self._lifetimes.run()),
            asyncio.create_task(self._keep_time()),
            asyncio.create_task(_every(EXPIRE_INTERVAL_S, self._book.forget_expired)),
        ]

    def open(self) -> None:
        """Let people in; who was in before finds their seat held."""
        self._recall.restore()
        self._lifetimes.go_on()
        self._door.is_open = True

    def drain(self) -> None:
        """Let nobody in any more and tell everybody who is in."""
        self._door.is_open = False
        self._registry.close_all(EndReason.SHUTDOWN)
        self._waiting.close_all(EndReason.SHUTDOWN)

    async def stop(self) -> None:
        """End what `start` began, however far it came. Goodbyes get a few seconds to leave."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        if self._https:
            await self._https.stop()
        await asyncio.gather(*(front.stop() for front in self._fronts))
        await asyncio.gather(*(writer.stop() for writer in self._writers))
        await self._stream.stop()
        await self._audit.stop()
        await self._media.stop()

    def _hear_media(self, event: Any) -> None:
        """What the media plane reports is of a meeting's room or of its lobby; the other one does not know it."""
        self._registry.hear(event)
        self._lobbies.hear(event)

    def _media_replaced(self, room_ids: frozenset[str]) -> None:
        self._registry.media_replaced(room_ids)
        self._lobbies.media_replaced(room_ids)

    async def _keep_time(self) -> None:
        """Look how punctual the loop is, for whom it has become too late to come back, and who need not wait longer."""
        while True:
            is_empty = not (self._registry.meeting_ids or self._waiting.meeting_ids)
            next_s = EMPTY_BEAT_S if is_empty else BEAT_S
            self._loop_watch.beat(time.monotonic(), next_s)
            await asyncio.sleep(next_s)
            _attempt(lambda: self._registry.free_lost(time.monotonic()))
            _attempt(self._door.tend)

    async def _apply_changes(self) -> None:
        changes = Changes(self._services.meetings, self._registry)
        while True:
            await asyncio.sleep(CHANGES_INTERVAL_S)
            try:
                await changes.apply()
            except Unavailable:
                # Logged where it began. A database that is gone for a while must not end the meetings that run.
                continue

    def _application(self) -> web.Application:
        app = web.Application()
        stored = self._services
        context = ApiContext(
            stored.auth,
            stored.meetings,
            stored.links,
            self._registry,
            self._door.preview,
            self._stream,
            self._lifetimes,
            stored.accounts,
            self._audit,
            self._servers,
            stored.join_tokens,
            self._looks,
        )
        install_api(app, context)
        ingresses = Ingresses(stored.store, stored.links.public_url)
        install_confd(app, Window(context, self._door, self._waiting, GuestAccounts(stored.store), ingresses))
        http = self._settings.http
        install_edge(app, http, self._edge)
        origins = (public_url(self._settings), *http.allowed_origins)
        add_websocket(app, self._door, origins, most_of_source=http.max_connections_per_source)
        if self._https:
            app.on_response_prepare.append(self._https.insist)
        add_pages(app, http.frame_ancestors)
        metrics = Metrics(self._events, self._media, lambda: self._door.is_open, self._edge.refusals, self._loop_watch)
        metrics.add_routes(app, Networks.of(http.metrics_from))
        return app


async def _every(interval_s: float, act: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(interval_s)
        _attempt(act)


def _attempt(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception:
        log.exception("what is due again and again failed this time")
