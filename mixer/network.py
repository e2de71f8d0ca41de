"""What rooms need of the network, as a protocol: the driver of a worker's sockets, or a test's invented network."""

from typing import Protocol

from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.stun import Address


class Network(Protocol):
    """The way out, and where transports are found by what comes in."""

    @property
    def kernel_drops(self) -> int:
        """Datagrams the kernel dropped before we saw them."""

    def add(self, transport: WebRtcTransport) -> None:
        """Route to a transport from now on, once more after an ICE restart. Raises ValueError if its ufrag is taken."""

    def remove(self, transport: WebRtcTransport) -> None:
        """Route to it no more."""

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram now or never."""
