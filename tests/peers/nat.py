"""A router between clients on this machine and a server's UDP port, which may forget its mappings in mid-call.

It loses and delays nothing, and knows no protocol. Like a NAT it gives each client a port of its own.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

Host = tuple[str, int]
Watch = Callable[[bytes, bool], None]

LOOPBACK = "127.0.0.1"
READS_PER_WAKE = 64
DATAGRAM_BYTES = 2048


class Nat:
    """`address` stands for the server's. `watch` gets every datagram that passes, and whether it goes to the server."""

    def __init__(self, server: Host, watch: Watch) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = server
        self._watch = watch
        self._mappings: dict[Host, socket.socket] = {}
        self._silent: set[Host] = set()
        self._inside = self._open()
        self._inside.bind((LOOPBACK, 0))
        self.address: Host = self._inside.getsockname()
        self._loop.add_reader(self._inside, self._carry_out)

    def rebind(self) -> None:
        """Forget all mappings: the old ports are dead at once, what clients send next comes from new ones."""
        for outside in self._mappings.values():
            self._loop.remove_reader(outside)
            outside.close()
        self._mappings.clear()

    def fall_silent(self) -> None:
        """Carry nothing more for the clients that there are, as when their network is gone; new ones find a way."""
        self._silent |= self._mappings.keys()
        self.rebind()

    def close(self) -> None:
        """Stop."""
        self.rebind()
        self._loop.remove_reader(self._inside)
        self._inside.close()

    def _carry_out(self) -> None:
        for datagram, client in self._arrived(self._inside):
            if client in self._silent:
                continue
            outside = self._mappings.get(client) or self._map(client)
            self._watch(datagram, True)
            self._send(outside, datagram, self._server)

    def _carry_in(self, outside: socket.socket, client: Host) -> None:
        for datagram, _ in self._arrived(outside):
            self._watch(datagram, False)
            self._send(self._inside, datagram, client)

    def _map(self, client: Host) -> socket.socket:
        outside = self._mappings[client] = self._open()
        outside.bind((LOOPBACK, 0))
        self._loop.add_reader(outside, self._carry_in, outside, client)
        return outside

    def _arrived(self, sock: socket.socket) -> Iterator[tuple[bytes, Host]]:
        # An OSError says that nothing is there, or that a datagram of before was refused.
        with contextlib.suppress(OSError):
            for _ in range(READS_PER_WAKE):
                yield sock.recvfrom(DATAGRAM_BYTES)

    def _send(self, sock: socket.socket, datagram: bytes, to: Host) -> None:
        with contextlib.suppress(OSError):
            sock.sendto(datagram, to)

    def _open(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        return sock


@contextlib.contextmanager
def nat_before(udp_port: int, watch: Watch = lambda datagram, is_outward: None) -> Iterator[Nat]:
    """A router before a server on this machine."""
    nat = Nat((LOOPBACK, udp_port), watch)
    try:
        yield nat
    finally:
        nat.close()
