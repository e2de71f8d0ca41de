"""Who a request comes from: the peer's word counts only where the operator trusts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.config import HttpSettings
from confserver.http.proxies import Proxies
from signaling.sources import source_of
from tests.confserver.http.conftest import serving

OURS = Proxies.of(["10.0.0.0/8", "fd00::/8", "127.0.0.1"])


@pytest.mark.parametrize(
    ("peer", "hops", "client"),
    [
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9", "10.0.0.2"], "203.0.113.9"),
        ("10.0.0.1", ["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("10.0.0.1", ["not an address", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9", "unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9", ""], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9", "10.0.0.999"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9", *["10.0.0.2"] * 40], "10.0.0.2"),
    ],
)
def test_the_last_hop_that_is_not_a_proxy_is_the_client(peer: str, hops: list[str], client: str) -> None:
    assert OURS.client(peer, hops) == client


@given(st.lists(st.text(max_size=60), max_size=40))
def test_whatever_is_in_the_headers_there_is_an_address(hops: list[str]) -> None:
    assert source_of(OURS.client("10.0.0.1", hops))


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        (None, ""),
        ("a socket", ""),
    ],
)
def test_a_source_is_what_its_owner_cannot_change_at_will(address: str | None, source: str) -> None:
    assert source_of(address) == source


CLAIMS = (
    b"GET / HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n"
    b"X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 203.0.113.9\r\n"
    b"X-Forwarded-Proto: wss\r\nX-Forwarded-Host: meet.example.com\r\n\r\n"
)


async def test_a_trusted_proxy_is_believed() -> None:
    async with serving(HttpSettings(trusted_proxies=("127.0.0.1",))) as front:
        assert (await front.answer(CLAIMS))[0] == 200
        seen = front.seen[0]
        assert (seen.remote, seen.scheme, seen.host) == ("203.0.113.9", "https", "meet.example.com")


async def test_nobody_else_is() -> None:
    async with serving(HttpSettings(trusted_proxies=("10.0.0.0/8",))) as front:
        assert (await front.answer(CLAIMS))[0] == 200
        seen = front.seen[0]
        assert (seen.remote, seen.scheme, seen.host) == ("127.0.0.1", "http", "inside")


async def test_garbage_from_a_proxy_changes_nothing() -> None:
    garbage = CLAIMS.replace(b"203.0.113.9", b"<x>").replace(b"wss", b"<x>").replace(b"meet.example.com", b"<x>")
    async with serving(HttpSettings(trusted_proxies=("127.0.0.1",))) as front:
        assert (await front.answer(garbage))[0] == 200
        seen = front.seen[0]
        assert (seen.remote, seen.scheme, seen.host) == ("127.0.0.1", "http", "inside")


async def test_behind_a_proxy_each_client_has_a_pace_of_its_own_and_the_proxy_no_limit() -> None:
    settings = HttpSettings(trusted_proxies=("127.0.0.1",), max_requests_per_s=1, max_connections_per_source=10)
    async with serving(settings) as front:

        async def ask(address: bytes) -> int:
            return (await front.answer(CLAIMS.replace(b"203.0.113.9", address)))[0]

        assert [await ask(b"203.0.113.9") for _ in range(21)] == [200] * 20 + [429]
        assert [await ask(b"2001:db8::%d" % number) for number in range(21)] == [200] * 20 + [429]
        assert await ask(b"203.0.113.10") == 200
