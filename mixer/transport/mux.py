"""All transports behind one UDP port: a datagram finds its own, by ufrag (STUN) or by address (the rest).

It never answers: a datagram from an address that no transport has validated leaves nothing but a count.
RFC 7983; RFC 8445 section 7.3.
"""

from math import inf

from mixer.base.drops import DropReason, Drops
from mixer.transport.webrtc import WebRtcTransport
from mixer.wire.demux import MIN_DATAGRAM_BYTES, PROTOCOLS, Protocol
from mixer.wire.stun import Address, StunError, parse


class Mux:
    """Routes datagrams to transports and knows the earliest of their deadlines."""

    def __init__(self, drops: Drops) -> None:
        self._drops = drops
        self._by_ufrag: dict[str, WebRtcTransport] = {}
        self._by_address: dict[Address, WebRtcTransport] = {}
        self._deadline = inf

    def add(self, transport: WebRtcTransport) -> None:
        """Route to a transport from now on, by the ufrags that it has now: once more when it has restarted ICE.

        Raises ValueError if another one has its ufrag.
        """
        taken = [ufrag for ufrag in transport.local_ufrags if self._by_ufrag.get(ufrag, transport) is not transport]
        if taken:
            raise ValueError(f"the ufrag {taken[0]} is taken")
        self._forget_ufrags(transport)
        self._by_ufrag.update(dict.fromkeys(transport.local_ufrags, transport))
        self._watch(transport)

    def remove(self, transport: WebRtcTransport) -> None:
        """Forget a transport and its addresses; one that is not there is no error."""
        self._forget_ufrags(transport)
        for address in transport.addresses:
            if self._by_address.get(address) is transport:
                del self._by_address[address]

    def receive(self, data: bytes, address: Address, now: float) -> None:
        """Hand a datagram to the transport it is for."""
        if len(data) < MIN_DATAGRAM_BYTES:
            self._drops[DropReason.SOCKET_TOO_SHORT] += 1
            return
        protocol = PROTOCOLS[data[0]]
        transport = self._by_address.get(address)
        if protocol is Protocol.STUN:
            self._receive_stun(data, address, now)
        elif transport is None:
            self._drops[DropReason.SOCKET_UNKNOWN_ADDRESS] += 1
        elif protocol is Protocol.RTP:
            transport.handle_srtp(data, address, now)
        elif protocol is Protocol.DTLS:
            transport.handle_dtls(data, now)
            self._watch(transport)
        else:
            self._drops[DropReason.SOCKET_UNKNOWN_PROTOCOL] += 1

    def next_deadline(self) -> float | None:
        """When `handle_timers` should be called: at the earliest deadline, or before it; None while there is none."""
        return None if self._deadline == inf else self._deadline

    def handle_timers(self, now: float) -> None:
        """Call every transport whose deadline has come."""
        self._deadline = inf
        # A copy, because a transport that closes is removed on the way; each once, though it may have two ufrags.
        for transport in dict.fromkeys(self._by_ufrag.values()):
            deadline = transport.next_deadline()
            if deadline is not None and deadline <= now:
                transport.handle_timer(now)
            self._watch(transport)

    def _receive_stun(self, data: bytes, address: Address, now: float) -> None:
        try:
            message = parse(data)
        except StunError:
            self._drops[DropReason.STUN_MALFORMED] += 1
            return
        if message.username is None:
            self._drops[DropReason.STUN_NO_USERNAME] += 1
            return
        transport = self._by_ufrag.get(message.username.partition(":")[0])
        if transport is None:
            self._drops[DropReason.STUN_UNKNOWN_USERNAME] += 1
        elif self._is_anothers(address, transport, now):
            self._drops[DropReason.STUN_ADDRESS_IN_USE] += 1
        elif transport.handle_stun(message, address, now):
            self._claim(address, transport)
            self._watch(transport)

    def _is_anothers(self, address: Address, transport: WebRtcTransport, now: float) -> bool:
        """Whether another peer is there. Whoever has a seat can sign a check and forge its sender's address."""
        owner = self._by_address.get(address)
        return owner is not None and owner is not transport and owner.is_in_use(address, now)

    def _claim(self, address: Address, transport: WebRtcTransport) -> None:
        """An address is its transport's that proved it last: a NAT may give it to another peer."""
        previous = self._by_address.get(address)
        if previous is transport:
            return
        if previous is not None:
            previous.forget(address)
        self._by_address[address] = transport
        given_up = [
            known
            for known, owner in self._by_address.items()
            if owner is transport and known not in transport.addresses
        ]
        for known in given_up:
            del self._by_address[known]

    def _forget_ufrags(self, transport: WebRtcTransport) -> None:
        for ufrag in [ufrag for ufrag, owner in self._by_ufrag.items() if owner is transport]:
            del self._by_ufrag[ufrag]

    def _watch(self, transport: WebRtcTransport) -> None:
        """Note a deadline if it is the earliest. One that moves away is left: the walk that it causes is rare."""
        deadline = transport.next_deadline()
        if deadline is not None and deadline < self._deadline:
            self._deadline = deadline
