"""What a DTLS association does beyond what a whole call shows: ciphers, flights in pieces, sizes, retransmission."""

import pytest

from mixer.base.drops import Drops
from mixer.transport.certificate import Certificate
from mixer.transport.dtls import DtlsAssociation, DtlsRole, DtlsState
from mixer.transport.dtls_flight import FIRST_TIMEOUT_S, MTU, Flight
from mixer.transport.srtp import PREFERRED_PROFILES
from tests.mixer.transport.network import CLIENT_CERTIFICATE, SERVER_CERTIFICATE

RECORD_HEADER_BYTES = 13
MESSAGE_HEADER_BYTES = 12


def pair() -> tuple[DtlsAssociation, DtlsAssociation]:
    server = DtlsAssociation(SERVER_CERTIFICATE, CLIENT_CERTIFICATE.fingerprints, Drops())
    client = DtlsAssociation(CLIENT_CERTIFICATE, SERVER_CERTIFICATE.fingerprints, Drops(), DtlsRole.CLIENT)
    return server, client


def record(sequence: int, size: int, epoch: int = 0) -> bytes:
    body = bytes(size - RECORD_HEADER_BYTES)
    return (
        b"\x16\xfe\xfd" + epoch.to_bytes(2, "big") + sequence.to_bytes(6, "big") + len(body).to_bytes(2, "big") + body
    )


def sequence_numbers(datagrams: list[bytes]) -> list[int]:
    """Those of the first record of each datagram."""
    return [int.from_bytes(datagram[5:11], "big") for datagram in datagrams]


def in_pieces(datagram: bytes, at: int) -> list[bytes]:
    """A datagram with one handshake message, as two with a fragment each."""
    header, message = datagram[:RECORD_HEADER_BYTES], datagram[RECORD_HEADER_BYTES:]
    body = message[MESSAGE_HEADER_BYTES:]
    pieces = []
    for sequence, (start, part) in enumerate(((0, body[:at]), (at, body[at:]))):
        fragment = message[:6] + start.to_bytes(3, "big") + len(part).to_bytes(3, "big") + part
        pieces.append(header[:5] + sequence.to_bytes(6, "big") + len(fragment).to_bytes(2, "big") + fragment)
    return pieces


def hello_with_cookie(server: DtlsAssociation, client: DtlsAssociation) -> bytes:
    """The client's second ClientHello: its answer to the cookie that the server sends as soon as it starts."""
    server.start(0.0)
    client.start(0.0)
    client.take_outgoing()
    (request,) = server.take_outgoing()
    client.receive(request, 0.0)
    (hello,) = client.take_outgoing()
    return hello


@pytest.mark.parametrize(
    ("ciphers", "is_strong"),
    [
        (b"ECDHE-ECDSA-AES128-GCM-SHA256", True),
        (b"ECDHE-ECDSA-CHACHA20-POLY1305", True),
        (b"ECDHE-ECDSA-AES256-GCM-SHA384", True),
        (b"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA", False),
        (b"NULL@SECLEVEL=0:AES128-SHA:AES128-GCM-SHA256", False),
    ],
)
def test_only_strong_ciphers_are_spoken(ciphers: bytes, is_strong: bool) -> None:
    certificate = Certificate()
    certificate.context(PREFERRED_PROFILES).set_cipher_list(ciphers)
    server = DtlsAssociation(SERVER_CERTIFICATE, certificate.fingerprints, Drops())
    client = DtlsAssociation(certificate, SERVER_CERTIFICATE.fingerprints, Drops(), DtlsRole.CLIENT)
    server.start(0.0)
    client.start(0.0)
    for _ in range(6):
        for sender, receiver in ((client, server), (server, client)):
            for datagram in sender.take_outgoing():
                receiver.receive(datagram, 0.0)
    assert (client.keys is not None, server.keys is not None) == (is_strong, is_strong)


def test_a_hello_too_large_for_one_datagram_is_answered_when_whole() -> None:
    server, client = pair()
    first, second = in_pieces(hello_with_cookie(server, client), 80)
    server.receive(second, 0.0)
    server.receive(first, 0.0)
    assert server.take_outgoing() == [], "the second piece was nobody's before the first with the cookie"
    server.receive(second, 0.0)
    assert server.take_outgoing() != []


def test_a_lost_flight_is_repeated_ever_more_rarely() -> None:
    server, client = pair()
    server.receive(hello_with_cookie(server, client), 0.0)
    server.take_outgoing()
    repeats = []
    while (deadline := server.next_deadline()) is not None:
        server.handle_timer(deadline)
        if server.take_outgoing():
            repeats.append(deadline)
    assert repeats[:4] == [FIRST_TIMEOUT_S * factor for factor in (1, 3, 7, 15)]
    assert len(repeats) < 10
    assert server.state is DtlsState.CLOSED


def test_records_fill_datagrams_up_to_the_mtu() -> None:
    flight = Flight()
    datagrams = flight.begin(b"".join(record(number, 500) for number in range(5)), 0.0)
    assert [len(datagram) for datagram in datagrams] == [1000, 1000, 500]
    assert max(map(len, datagrams)) <= MTU


def test_a_repeated_record_is_no_replay() -> None:
    flight = Flight()
    sent = sequence_numbers(flight.begin(record(0, 1000) + record(1, 1000), 0.0))
    repeated = sequence_numbers(flight.repeat_if_due(FIRST_TIMEOUT_S))
    assert sent == [0, 1]
    assert repeated == [2, 3]
    assert flight.repeat_if_due(FIRST_TIMEOUT_S) == []


def test_an_encrypted_record_is_repeated_as_it_is() -> None:
    flight = Flight()
    encrypted = record(7, 60, epoch=1)
    assert flight.begin(encrypted, 0.0) == flight.repeat() == [encrypted]
