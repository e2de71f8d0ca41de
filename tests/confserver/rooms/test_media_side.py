"""What clients are told of our side of a transport."""

from tests.confserver.rooms.house import ADDRESSES, House


async def test_each_transport_has_credentials_of_its_own(house: House) -> None:
    one, other = house.side.describe("a"), house.side.describe("a")
    for name in ("ufrag", "pwd", "cname", "session_id"):
        assert getattr(one, name) != getattr(other, name)
    # RFC 8445 section 5.3, RFC 8839 section 5.4: at least 4 and 22 of these characters.
    assert len(one.ufrag) >= 4
    assert len(one.pwd) >= 22
    assert (one.ufrag + one.pwd).isalnum()


async def test_it_is_reached_at_every_address_on_the_port_of_the_rooms_worker(house: House) -> None:
    house.media.workers[0].port = 10_007
    described = house.side.describe("a")
    assert described.candidates == tuple((address, 10_007) for address in ADDRESSES)
    assert [fingerprint.algorithm for fingerprint in described.fingerprints] == ["sha-256"]
