"""Where the transports meet the event loop: it drains the sockets into the mux and arms one timer for all of them.

It is the only part of the transports that knows asyncio or the clock, and holds no rule of any protocol.
"""

import asyncio
from collections.abc import Iterable
from time import monotonic

from mixer.base.drops import Drops
from mixer.transport.mux import Mux
from mixer.transport.udp import UdpPort
from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.stun import Address


class Driver:
    """Serves one UDP port number, on the running loop, until `close`. It takes over the descriptors.

    Transports are made with `send` and are added here.
    """

    def __init__(self, descriptors: Iterable[int], drops: Drops) -> None:
        self._loop = asyncio.get_running_loop()
        self._mux = Mux(drops)
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        ports = [UdpPort(descriptor, drops) for descriptor in descriptors]
        self._ports = {port.address_length: port for port in ports}
        for port in ports:
            self._loop.add_reader(port.fileno(), self._drain, port)

    @property
    def kernel_drops(self) -> int:
        """Datagrams the kernel dropped before we saw them."""
        return sum(port.kernel_drops for port in self._ports.values())

    def add(self, transport: WebRtcTransport) -> None:
        """Route to a transport from now on, once more after an ICE restart. Raises ValueError if its ufrag is taken."""
        self._mux.add(transport)
        self._arm()

    def remove(self, transport: WebRtcTransport) -> None:
        """Route to a transport no more."""
        self._mux.remove(transport)

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram from the socket of its address family."""
        self._ports[len(address)].send(data, address)

    def close(self) -> None:
        """Stop serving and close the sockets. Transports are to be closed before, by who owns them."""
        if self._timer is not None:
            self._timer.cancel()
        for port in self._ports.values():
            self._loop.remove_reader(port.fileno())
            port.close()

    def _drain(self, port: UdpPort) -> None:
        port.drain(self._mux.receive, monotonic)
        self._arm()

    def _arm(self) -> None:
        deadline = self._mux.next_deadline()
        if deadline is None or (self._timer is not None and self._timer_at <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_later(deadline - monotonic(), self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._mux.handle_timers(monotonic())
        self._arm()
