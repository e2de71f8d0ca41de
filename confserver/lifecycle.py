"""From the operator's command to the last goodbye: start, say where we are, wait for a signal, drain, stop.

A start that fails or is told to stop leaves nothing behind. SIGTERM or SIGINT drains; the second one ends the process
as signals do (exit code 143 or 130), whatever it is waiting for.
"""

import asyncio
import contextlib
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from confserver.config import Settings
from confserver.listening import ListeningPorts, bind_ports
from confserver.stop_signal import listening_to_signals
from confserver.store.folder import claimed

if TYPE_CHECKING:
    from confserver.bootstrap import Bootstrap
    from confserver.tls.certificate import Certificate

log = structlog.get_logger()

LoopFactory = Callable[[], asyncio.AbstractEventLoop]
Announce = Callable[["Bootstrap", "Certificate | None"], None]
"""Takes what an operator needs on the first start, and what HTTPS is served with."""


def run(settings: Settings, announce: Announce) -> None:
    """Serve until told to stop; `announce` is called once people can come in.

    Raises ConfserverError or WorkerStartError if the start fails.
    """
    with (
        contextlib.closing(bind_ports(settings)) as ports,
        claimed(settings.data_dir),
        asyncio.Runner(loop_factory=_loop_factory()) as runner,
    ):
        runner.run(_serve(settings, ports, announce))


def _loop_factory() -> LoopFactory | None:
    """uvloop's where it exists: it reads a datagram or a socket at a tenth of the cost."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _let_the_collector_look_at_what_is_new() -> None:
    """What lives by now lives as long as the process.

    While it counts, the collector lets garbage grow to a quarter of all that before it looks for it.
    """
    gc.collect()
    gc.freeze()


async def _serve(settings: Settings, ports: ListeningPorts, announce: Announce) -> None:
    with listening_to_signals() as stop:
        # Only now: to import all that serves takes longer than to say that a port is busy.
        from confserver.app import Server
        from confserver.bootstrap import bootstrap
        from confserver.services import open_services
        from confserver.tls.https import open_https

        https = open_https(settings)
        async with open_services(settings) as services:
            server = Server(settings, ports, services, https)
            try:
                if await stop.allows(server.start()):
                    # Only now, and to its end: the password of a first start is shown once, and must not be lost.
                    first = await bootstrap(settings, services)
                    _let_the_collector_look_at_what_is_new()
                    server.open()
                    announce(first, https.served.current if https else None)
                    await stop.wait()
                    log.info("draining")
                    server.drain()
            finally:
                await server.stop()
        log.info("stopped")
