"""A certificate that the server makes for itself and keeps in the data folder, until the operator has a real one.

Browsers warn of it: it protects from listeners, not from impostors. RFC 5280.
"""

import asyncio
import ipaddress
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from confserver.errors import ConfigError
from confserver.tls.certificate import Certificate, PemFiles, load_certificate
from confserver.tls.private_file import write_private
from confserver.tls.renewal import due_at
from confserver.tls.serving import ServedCertificate

log = structlog.get_logger()

LIFE = timedelta(days=365)
CLOCK_SKEW = timedelta(hours=1)
"""Guests' clocks may be slow; a certificate that is not valid yet cannot even be accepted by hand."""
LOOK_INTERVAL_S = 3600.0


class SelfSigned:
    """The certificate in the file `path`, good for `names`. Opening it raises ConfigError if that cannot be written."""

    def __init__(self, path: Path, names: Collection[str]) -> None:
        self._path = path
        self._names = frozenset(names)
        self.served = ServedCertificate(self._kept() or self._renewed())

    async def keep(self) -> None:
        """Renew it when it is due, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL_S)
            self.look()

    def look(self) -> None:
        """Renew it if it is due; a failure is told and tried again the next time."""
        if not self._is_due(self.served.current):
            return
        try:
            self.served.current = self._renewed()
        except ConfigError as error:
            log.error("the self-signed certificate could not be renewed", reason=error.message)
        else:
            log.warning("the self-signed certificate is a new one", sha256=self.served.current.fingerprint)

    def _kept(self) -> Certificate | None:
        """The one of an earlier start, so that people accept it once and not after every start."""
        try:
            kept = load_certificate(PemFiles(self._path, self._path))
        except ConfigError:
            return None
        return None if self._is_due(kept) or not self._names <= kept.names else kept

    def _renewed(self) -> Certificate:
        write_private(self._path, make_self_signed(self._names, datetime.now(UTC)))
        return load_certificate(PemFiles(self._path, self._path))

    def _is_due(self, certificate: Certificate) -> bool:
        return due_at(certificate.leaf, 0) <= datetime.now(UTC)


def make_self_signed(names: Collection[str], now: datetime) -> bytes:
    """A fresh certificate and its P-256 key as PEM; `names` are host names and IP addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "confserver")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in sorted(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + key_pem


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
