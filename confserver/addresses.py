"""Derives how the server is reached where the operator did not say: its public address and its media addresses.

It asks the routing table of this machine and sends no packet.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from confserver.config import Settings

LOOPBACK = "127.0.0.1"

ANYWHERE = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET6, "2001:db8::1"),
)
"""Documentation addresses (RFC 5737, RFC 3849): connecting a UDP socket to one only looks up the way out."""


def public_url(settings: Settings) -> str:
    """The address all links begin with, without a final slash."""
    if settings.http.public_url:
        return settings.http.public_url
    host = settings.http.host
    if _is_wildcard(host):
        host = next(iter(host_addresses()), "localhost")
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.http.port}"


def advertised_addresses(settings: Settings) -> tuple[str, ...]:
    """The IP addresses to offer to clients for media; never empty."""
    if settings.media.advertised_addresses:
        return settings.media.advertised_addresses
    host = settings.http.host
    if _is_loopback(host):
        # Behind a web server on the same machine pages come over the loopback, and media do not.
        is_published = bool(settings.http.public_url) and not _is_loopback(
            urlsplit(public_url(settings)).hostname or ""
        )
        return _or_loopback(host_addresses()) if is_published else (LOOPBACK if host == "localhost" else host,)
    try:
        is_one_address = not ipaddress.ip_address(host).is_unspecified
    except ValueError:
        is_one_address = False
    return (host,) if is_one_address else _or_loopback(host_addresses())


def host_addresses() -> tuple[str, ...]:
    """This machine's addresses towards other networks, IPv4 first; empty without a network."""
    return tuple(address for family, target in ANYWHERE if (address := _source_address(family, target)))


def _source_address(family: socket.AddressFamily, target: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None


def _or_loopback(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return addresses or (LOOPBACK,)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_wildcard(host: str) -> bool:
    return host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
