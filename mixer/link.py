"""Frozen values over a socketpair between the daemon and a media worker.

One value is one message of a SOCK_SEQPACKET pair, so there is no framing to get wrong. Values are pickled: both ends
are the same program, and nobody else can hold the other end of an unnamed socketpair. It decides nothing about them.
"""

import asyncio
import pickle
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

MAX_MESSAGE_BYTES = 1024 * 1024
MAX_QUEUED = 10_000
READS_PER_WAKE = 64
BUFFER_BYTES = 4 * 1024 * 1024


def link_pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends, non-blocking."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
    return ends


class Link:
    """One end of the pair, on the running event loop.

    `receive(value)` is called for each value in order; `closed()` once when the other end is gone or has not read for
    so long that the bounded queue overflowed. `close()` by this side calls neither.
    """

    def __init__(self, end: socket.socket, receive: Callable[[Any], None], closed: Callable[[], None]) -> None:
        self._end = end
        self._receive = receive
        self._closed = closed
        self._queue: deque[bytes] = deque()
        # One for all messages: a megabyte taken for each, and cut down to its few hundred bytes, tears the heap.
        self._arrived = memoryview(bytearray(MAX_MESSAGE_BYTES))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(end.fileno(), self._drain)

    def send(self, value: object) -> None:
        """Send now, or as soon as the other side reads again; without effect once the link is closed."""
        if self._end.fileno() < 0:
            return
        self._queue.append(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        if len(self._queue) == 1:
            self._flush()
        elif len(self._queue) > MAX_QUEUED:
            self._fail()

    def close(self) -> None:
        """Close this end; what is queued is lost."""
        if self._end.fileno() >= 0:
            self._loop.remove_reader(self._end.fileno())
            self._loop.remove_writer(self._end.fileno())
            self._end.close()

    def _flush(self) -> None:
        try:
            while self._queue:
                self._end.send(self._queue[0])
                self._queue.popleft()
        except BlockingIOError:
            self._loop.add_writer(self._end.fileno(), self._flush)
        except OSError:
            self._fail()
        else:
            self._loop.remove_writer(self._end.fileno())

    def _drain(self) -> None:
        for _ in range(READS_PER_WAKE):
            if self._end.fileno() < 0:
                return
            try:
                length = self._end.recv_into(self._arrived)
            except BlockingIOError:
                return
            except OSError:
                length = 0
            if not length:
                self._fail()
                return
            self._receive(pickle.loads(self._arrived[:length]))  # noqa: S301  both ends are this program, see above

    def _fail(self) -> None:
        if self._end.fileno() >= 0:
            self.close()
            self._closed()
