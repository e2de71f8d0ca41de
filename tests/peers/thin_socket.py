"""A thin client on a UDP socket of its own and the running event loop. It adds nothing to what the client does."""

import asyncio
import contextlib
import socket
from time import monotonic

from mixer.params import TransportParams
from mixer.transport.certificate import Certificate
from mixer.wire.stun import Address
from tests.peers.thin_client import ThinPeer

READS_PER_WAKE = 64
BUFFER_BYTES = 1024 * 1024


class ThinSocket:
    """Connects `peer` with `remote_address`; `close` ends both. `peer.on_rtp` may be set before `start`."""

    def __init__(self, params: TransportParams, certificate: Certificate, remote_address: Address) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET6 if len(remote_address) == 4 else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket.connect(remote_address)
        self._timer: asyncio.TimerHandle | None = None
        self.peer = ThinPeer(params, certificate, self._send)

    def start(self) -> None:
        """Begin to connect."""
        self._loop.add_reader(self._socket.fileno(), self._drain)
        self.peer.start(monotonic())
        self._arm()

    def close(self) -> None:
        """Leave the call and close the socket."""
        self.peer.close()
        if self._timer is not None:
            self._timer.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def _send(self, datagram: bytes) -> None:
        # A client loses what it cannot send, as networks do; a server that is gone (ECONNREFUSED) is no error either.
        with contextlib.suppress(OSError):
            self._socket.send(datagram)

    def _drain(self) -> None:
        was_connected = self.peer.is_connected
        for _ in range(READS_PER_WAKE):
            try:
                data = self._socket.recv(2048)
            except OSError:
                break
            self.peer.receive(data, monotonic())
        if not was_connected:
            self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        deadline = self.peer.next_deadline()
        self._timer = None if deadline is None else self._loop.call_later(deadline - monotonic(), self._fire)

    def _fire(self) -> None:
        self.peer.handle_timer(monotonic())
        self._arm()
