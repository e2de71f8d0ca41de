"""Accepts connections: counts each before TLS or HTTP costs anything, and has the slow ones hung up on.

It binds no port (`confserver.listening`) and reads no byte (`confserver.http.server`).
"""

import asyncio
import socket
import ssl

from aiohttp import web

from confserver.http.connections import Place
from confserver.http.edge import Edge
from confserver.http.refusals import Refusal
from confserver.http.server import HttpConnection, HttpRunner

BATCH = 64
"""Connections that are accepted before others get their turn."""

PAUSE_S = 0.5
"""After an accept that failed, which means that the system is out of something."""


class Listener:
    """Serves `app` on `listening`, a bound and listening socket, with TLS if there is a context for it."""

    def __init__(
        self,
        app: web.Application,
        listening: socket.socket,
        edge: Edge,
        tls: ssl.SSLContext | None = None,
        shutdown_timeout: float = 3.0,
    ) -> None:
        listening.setblocking(False)
        self._runner = HttpRunner(app, edge, shutdown_timeout)
        self._listening = listening
        self._edge = edge
        self._tls = tls
        self._handshakes: set[asyncio.Task[None]] = set()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def start(self) -> None:
        """Start the application; from now on clients are let in."""
        await self._runner.setup()
        self._resume()
        self._look()

    async def stop(self) -> None:
        """Let nobody in any more, close the socket, end the application and what is still open."""
        if self._listening.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._listening)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        handshakes = tuple(self._handshakes)
        for handshake in handshakes:
            handshake.cancel()
        await asyncio.gather(*handshakes, return_exceptions=True)
        self._listening.close()
        await self._runner.cleanup()

    def _resume(self) -> None:
        asyncio.get_running_loop().add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        for _ in range(BATCH):
            try:
                sock, address = self._listening.accept()
            except (BlockingIOError, ConnectionError, InterruptedError):
                return
            except OSError:
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._listening)
                self._timers["resume"] = loop.call_later(PAUSE_S, self._resume)
                return
            place = self._edge.connections.take(address[0])
            if place is None:
                sock.close()
                continue
            sock.setblocking(False)
            handshake = asyncio.create_task(self._connect(sock, place))
            self._handshakes.add(handshake)
            handshake.add_done_callback(self._handshakes.discard)

    async def _connect(self, sock: socket.socket, place: Place) -> None:
        def connection() -> HttpConnection:
            made = self._runner.http_server()
            made.when_lost = place.give_back
            return made

        limit_s = self._edge.limits.handshake_s if self._tls else None
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                connection, sock, ssl=self._tls, ssl_handshake_timeout=limit_s
            )
        except OSError:  # of which are ssl.SSLError and TimeoutError
            self._edge.refusals.count(Refusal.NO_HANDSHAKE)
            place.give_back()
        except asyncio.CancelledError:
            place.give_back()
            raise

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._runner.http_server.look(loop.time())
        self._timers["look"] = loop.call_later(self._edge.limits.look_s, self._look)
