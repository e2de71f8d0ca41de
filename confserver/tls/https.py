"""HTTPS as one thing for the composition root: the certificate that the settings ask for, and all that goes with it.

It binds no port, and pages and the API are not its matter.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from confserver.addresses import (
    CertificateSource,
    certificate_source,
    host_addresses,
    is_loopback,
    is_wildcard,
    public_url,
)
from confserver.config import HOST_NAME, Settings
from confserver.tls.certificate import PemFiles, load_certificate
from confserver.tls.operator_files import OperatorFiles
from confserver.tls.redirect import PlainHttp
from confserver.tls.self_signed import SelfSigned
from confserver.tls.serving import ServedCertificate

STRICT_TRANSPORT = "max-age=31536000"
"""One year; OWASP ASVS 5.0, 3.4.1. Not for other hosts of the domain, which are not ours."""


class Keeper(Protocol):
    """Where the certificate comes from: what is served, and the work that keeps it fresh."""

    @property
    def served(self) -> ServedCertificate:
        """The certificate for new connections."""

    async def keep(self) -> None:
        """Keep it fresh until cancelled."""


class Https:
    """The certificate, kept fresh from `start` to `stop`, and what answers at the plain port beside it."""

    def __init__(self, keeper: Keeper, plain: PlainHttp, url: str) -> None:
        self.served = keeper.served
        self.plain = plain
        self._keeper = keeper
        self._is_local = is_loopback(urlsplit(url).hostname or "")
        self._keeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Keep the certificate fresh. A plain port must answer already."""
        self._keeping = asyncio.create_task(self._keeper.keep())

    async def stop(self) -> None:
        """End what `start` began, if it did."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def insist(self, _request: web.Request, response: web.StreamResponse) -> None:
        """An aiohttp `on_response_prepare` signal: browsers shall use HTTPS only from now on (RFC 6797).

        Not while the certificate is self-signed: nobody could get past a warning any more.
        """
        if not self._is_local and not self.served.current.is_self_signed:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)


def open_https(settings: Settings) -> Https | None:
    """What `tls` asks for; None for plain HTTP. Raises ConfigError that names the setting and the file."""
    source = certificate_source(settings)
    if source is CertificateSource.NONE:
        return None
    url = public_url(settings)
    plain = PlainHttp(url)
    return Https(_keeper(settings, source, plain), plain, url)


def describe_certificate(settings: Settings) -> str:
    """What `tls` comes to, in words. Raises ConfigError as `open_https` does, and changes nothing."""
    source = certificate_source(settings)
    if source is not CertificateSource.FILES:
        return source
    ends_at = load_certificate(operator_files(settings)).ends_at
    return f"{source}, {'valid until' if ends_at > datetime.now(UTC) else 'expired on'} {ends_at:%Y-%m-%d}"


def operator_files(settings: Settings) -> PemFiles:
    """The files that `tls.certificate` and `tls.key` name."""
    tls = settings.tls
    return PemFiles(Path(tls.certificate), Path(tls.key or tls.certificate))


def own_names(settings: Settings) -> frozenset[str]:
    """The host names and addresses by which this server may be reached."""
    host = settings.http.host
    names = {"localhost", "127.0.0.1", "::1", *host_addresses(), socket.gethostname()}
    names |= {urlsplit(public_url(settings)).hostname or "", "" if is_wildcard(host) else host}
    return frozenset(filter(None, map(_as_certified, names)))


def _as_certified(name: str) -> str | None:
    """A name as certificates spell it; None for what they cannot hold."""
    try:
        return str(ipaddress.ip_address(name.partition("%")[0]))
    except ValueError:
        return name.lower() if HOST_NAME.fullmatch(name.lower()) else None


def _keeper(settings: Settings, source: CertificateSource, plain: PlainHttp) -> Keeper:
    if source is CertificateSource.FILES:
        return OperatorFiles(operator_files(settings))

    def self_signed() -> SelfSigned:
        return SelfSigned(settings.data_dir / "tls" / "self-signed.pem", own_names(settings))

    return self_signed() if source is CertificateSource.SELF_SIGNED else _acme(settings, self_signed, plain)


def _acme(settings: Settings, stand_in: Callable[[], Keeper], plain: PlainHttp) -> Keeper:
    # Only now: the library takes longer to import than all else here.
    from confserver.tls.acme import AcmeCertificate, Enrolment
    from confserver.tls.acme_order import Authority

    tls = settings.tls
    # A folder for each authority: the certificate of one for trials must not stay when the real one is named.
    folder = settings.data_dir / "acme" / re.sub(r"[^a-z0-9.-]+", "_", tls.acme_directory.removeprefix("https://"))
    authority = Authority(tls.acme_directory, tls.acme_email, folder / "account.pem")
    enrolment = Enrolment(tls.acme_domain, authority, folder / f"{tls.acme_domain}.pem")
    return AcmeCertificate(enrolment, lambda: stand_in().served.current, plain.publish)
