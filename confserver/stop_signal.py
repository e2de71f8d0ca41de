"""SIGTERM and SIGINT as one event of the loop: the first is a request, the second ends the process at once.

It stops nothing itself (`confserver.lifecycle`).
"""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopSignal:
    """Made by `listening_to_signals`."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    def tell(self) -> None:
        """What the first signal does. The second is left to the kernel, which needs no loop that still turns."""
        for number in SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        self._told.set()

    async def wait(self) -> None:
        """Until the first signal."""
        await self._told.wait()

    async def allows(self, work: Coroutine[Any, Any, None]) -> bool:
        """Does `work`; false if the signal came first, and then the work has been cancelled. Raises what it raises."""
        working, told = asyncio.create_task(work), asyncio.create_task(self._told.wait())
        try:
            await asyncio.wait((working, told), return_when=asyncio.FIRST_COMPLETED)
            if not told.done():
                working.result()
            return not told.done()
        finally:
            for task in (working, told):
                task.cancel()
            await asyncio.gather(working, told, return_exceptions=True)


@contextlib.contextmanager
def listening_to_signals() -> Iterator[StopSignal]:
    """Meanwhile signals are heard, on the running loop of the main thread; afterwards they do what they did before."""
    loop, stop = asyncio.get_running_loop(), StopSignal()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.tell)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])
