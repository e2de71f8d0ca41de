"""Derives how the server is reached where the operator did not say: its public address, by which protocol, and where
media go.

It asks the routing table of this machine and sends no packet.
"""

import enum
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


HTTP_PORT = 80
HTTPS_PORT = 443


class CertificateSource(enum.StrEnum):
    """Where the certificate of the web server comes from, in words for the operator."""

    NONE = "none: plain HTTP"
    FILES = "the one of tls.certificate"
    ACME = "ordered from tls.acme_directory"
    SELF_SIGNED = "self-signed: browsers will warn of it"


def certificate_source(settings: Settings) -> CertificateSource:
    """What `tls` comes to."""
    tls = settings.tls
    if tls.mode != "auto":
        return CertificateSource.NONE if tls.mode == "off" else CertificateSource.SELF_SIGNED
    if tls.certificate:
        return CertificateSource.FILES
    if tls.acme_domain:
        return CertificateSource.ACME
    is_plain = is_loopback(settings.http.host) or urlsplit(settings.http.public_url).scheme == "http"
    return CertificateSource.NONE if is_plain else CertificateSource.SELF_SIGNED


def redirect_port(settings: Settings) -> int | None:
    """The TCP port of plain HTTP beside HTTPS; None without one."""
    source = certificate_source(settings)
    if source is CertificateSource.NONE:
        return None
    return settings.tls.redirect_port or (HTTP_PORT if source is CertificateSource.ACME else None)


def public_url(settings: Settings) -> str:
    """The address all links begin with, without a final slash."""
    if settings.http.public_url:
        return settings.http.public_url
    source, port = certificate_source(settings), settings.http.port
    host = settings.tls.acme_domain if source is CertificateSource.ACME else settings.http.host
    if is_wildcard(host):
        host = next(iter(host_addresses()), "localhost")
    scheme, usual = ("http", HTTP_PORT) if source is CertificateSource.NONE else ("https", HTTPS_PORT)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}{'' if port == usual else f':{port}'}"


def advertised_addresses(settings: Settings) -> tuple[str, ...]:
    """The IP addresses to offer to clients for media; never empty."""
    if settings.media.advertised_addresses:
        return settings.media.advertised_addresses
    host = settings.http.host
    if is_loopback(host):
        # Behind a web server on the same machine pages come over the loopback, and media do not.
        is_published = bool(settings.http.public_url) and not is_loopback(urlsplit(public_url(settings)).hostname or "")
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


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_wildcard(host: str) -> bool:
    """Whether it stands for all addresses of this machine."""
    return host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
