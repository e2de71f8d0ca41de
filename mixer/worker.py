"""The media worker's process: a loop, the inherited UDP sockets, one MediaServer, the link to the daemon.

`python -m mixer.worker LINK_FD UDP_FD...` is started by `mixer.client` and by nobody else. It ends when it is told to
or when the daemon is gone.
"""

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
from pathlib import Path
from time import monotonic, sleep

from mixer.audio.tick import Ticker, TickSchedule
from mixer.base.drops import Drops
from mixer.events import WorkerReady
from mixer.link import Link
from mixer.params import Command, Shutdown
from mixer.server import MediaServer
from mixer.transport.certificate import Certificate
from mixer.transport.driver import Driver

NICENESS = -11
AUTOGROUP = Path("/proc/self/autogroup")
AUTOGROUP_TRIES, AUTOGROUP_PAUSE_S = 5, 0.1
PR_SET_PDEATHSIG = 1
COLLECTOR_THRESHOLDS = (50_000, 20, 100)


async def serve(link_descriptor: int, udp_descriptors: list[int]) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    drops: Drops = Drops()
    certificate = Certificate()
    driver = Driver(udp_descriptors, drops)

    def receive(command: Command) -> None:
        if isinstance(command, Shutdown):
            stop.set()
        else:
            server.obey(command, monotonic())

    link = Link(socket.socket(fileno=link_descriptor), receive, stop.set)
    server = MediaServer(driver, certificate, link.send, drops)
    ticker = Ticker(server.tick)
    server.measure(lambda: tick_figures(ticker.schedule))
    _keep_the_collector_out_of_ticks()
    link.send(WorkerReady(os.getpid(), certificate.fingerprints))
    await stop.wait()
    ticker.close()
    server.close(monotonic())
    driver.close()
    link.close()


def _keep_the_collector_out_of_ticks() -> None:
    """What lives by now lives as long as the process, and packets come and go without cycles.

    A collection of all objects of a hundred endpoints takes longer than a tick may be late, so it is made rare.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def tick_figures(schedule: TickSchedule) -> dict[str, float]:
    """How punctual the tick was in the last minute, as stats."""
    return {
        "tick.skipped": schedule.skipped,
        "tick.lateness_p50_ms": schedule.lateness_percentile(50) * 1000,
        "tick.lateness_p99_ms": schedule.lateness_percentile(99) * 1000,
    }


def _die_with_the_daemon() -> None:
    """Even when it is killed while this process is stopped or stuck: the next one needs the port. prctl(2), Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _go_first() -> None:
    """Sound has deadlines and the rest of a busy machine has not. Needs root, CAP_SYS_NICE or LimitNICE of systemd."""
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    if os.getsid(0) == os.getpid():
        _let_our_session_go_first()


def _let_our_session_go_first() -> None:
    """Where Linux shares the processor out among sessions, niceness counts only within one, and we are alone in ours.

    sched(7), "The autogroup feature". Of those who do not administer the machine one is heard in a tenth of a second.
    """
    for _ in range(AUTOGROUP_TRIES):
        try:
            AUTOGROUP.write_text(str(NICENESS))
        except BlockingIOError:
            sleep(AUTOGROUP_PAUSE_S)
        except OSError:
            return  # There is no such feature, or we have no right to it.
        else:
            return


def main() -> None:
    """Entry point; see the module's docstring."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # Those are for the daemon, which lets us go when the guests have been told; service managers signal everybody.
        signal.signal(number, signal.SIG_IGN)
    _die_with_the_daemon()
    _go_first()
    link_descriptor, *udp_descriptors = map(int, sys.argv[1:])
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(serve(link_descriptor, udp_descriptors))


if __name__ == "__main__":
    main()
