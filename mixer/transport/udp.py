"""The media sockets: bind them, drain them, send on them. No other file touches one.

It knows nothing of what a datagram contains, and waits for nothing. Sockets are bound by the daemon, which must know at
once if a port is busy, and inherited by the worker that serves them.
"""

import contextlib
import ctypes
import errno
import socket
import struct
import sys
from collections.abc import Callable

from mixer.base.drops import DropReason, Drops
from mixer.transport import kernel_filter
from mixer.wire.stun import Address

BUFFER_BYTES = 4 * 1024 * 1024
"""The usual 212,992 bytes hold one key frame from each of five senders."""
MAX_DATAGRAM_BYTES = 2048
"""Longer ones arrive cut off, and fail their authentication."""
DATAGRAMS_PER_DRAIN = 256
DRAIN_LIMIT_S = 0.001
"""A datagram forwarded to fifty costs fifty sends: by count alone a drain could hold up the 20 ms tick."""

Receive = Callable[[bytes, Address, float], None]
"""Takes a datagram, its sender and the time of its arrival."""

_SO_ATTACH_FILTER, _SO_SNDBUFFORCE, _SO_RCVBUFFORCE, _SO_MEMINFO = 26, 32, 33, 55
_MEMINFO = struct.Struct("9I")
"""SO_MEMINFO of linux/sock_diag.h; the last of its numbers counts drops."""
_NO_IPV6 = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)


def bind(host: str, port: int) -> socket.socket:
    """A UDP socket bound to a numeric IPv4 or IPv6 address (port 0: any).

    Raises OSError if that is not to be had, OverflowError for a number that is no port.
    """
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        if sock.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        _enlarge(sock, socket.SO_RCVBUF, _SO_RCVBUFFORCE)
        _enlarge(sock, socket.SO_SNDBUF, _SO_SNDBUFFORCE)
        _attach_filter(sock)
        sock.bind((host, port))
    except (OSError, OverflowError):
        sock.close()
        raise
    return sock


def bind_any(port: int) -> tuple[socket.socket, ...]:
    """Sockets for all addresses of this machine on one port, IPv4 first; IPv6 too where the machine has it.

    Raises OSError if the port is taken.
    """
    first = bind("0.0.0.0", port)  # noqa: S104  a media server is there to be reached
    try:
        return first, bind("::", first.getsockname()[1])
    except OSError as error:
        if error.errno in _NO_IPV6:
            return (first,)
        first.close()
        raise


class UdpPort:
    """One socket in use. It is made from a descriptor, which it owns from then on."""

    def __init__(self, descriptor: int, drops: Drops) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(False)
        self._drops = drops
        self._recvfrom = self._socket.recvfrom
        self._sendto = self._socket.sendto

    @property
    def address_length(self) -> int:
        """How many parts the addresses have that can be sent to: 2 for IPv4, 4 for IPv6."""
        return len(self._socket.getsockname())

    @property
    def kernel_drops(self) -> int:
        """Datagrams the kernel dropped since the socket was bound: for lack of buffer, or by `kernel_filter`.

        Asked for when somebody wants to know. SO_RXQ_OVFL would tell with each datagram, but needs recvmsg, which
        costs an eighth more than recvfrom for every datagram there is.
        """
        return int(_MEMINFO.unpack(self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))[-1])

    def fileno(self) -> int:
        """The descriptor, to watch for datagrams."""
        return self._socket.fileno()

    def drain(self, receive: Receive, clock: Callable[[], float]) -> None:
        """Hand on what has arrived, but not for longer than DRAIN_LIMIT_S: what is left waits for the next turn."""
        recvfrom = self._recvfrom
        limit = clock() + DRAIN_LIMIT_S
        for _ in range(DATAGRAMS_PER_DRAIN):
            try:
                data, address = recvfrom(MAX_DATAGRAM_BYTES)
            except BlockingIOError:
                return
            now = clock()
            receive(data, address, now)
            if now > limit:
                return

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram now or never."""
        try:
            self._sendto(data, address)
        except BlockingIOError:
            self._drops[DropReason.SOCKET_SEND_FULL] += 1
        except OSError:
            self._drops[DropReason.SOCKET_SEND_FAILED] += 1

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _enlarge(sock: socket.socket, option: int, forced_option: int) -> None:
    """Set a buffer size, beyond the system's limit if we may (CAP_NET_ADMIN)."""
    sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
    with contextlib.suppress(PermissionError):
        sock.setsockopt(socket.SOL_SOCKET, forced_option, BUFFER_BYTES)


def _attach_filter(sock: socket.socket) -> None:
    """Let the kernel drop what is nothing of ours. Where it cannot, `mux` does."""
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(kernel_filter.PROGRAM)
        with contextlib.suppress(OSError):
            sock.setsockopt(
                socket.SOL_SOCKET,
                _SO_ATTACH_FILTER,
                struct.pack("@HP", kernel_filter.STEPS, ctypes.addressof(program)),
            )
