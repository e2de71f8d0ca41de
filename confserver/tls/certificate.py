"""One certificate with its chain and key, read from PEM files and ready to serve TLS connections (RFC 5246, RFC 8446).

It decides neither where files come from nor when they are read again.
"""

import ssl
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.utils import CryptographyDeprecationWarning

from confserver.errors import ConfigError

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: what browsers of the last ten years have; TLS 1.3 has no others. RFC 9325 section 4.2."""

Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class PemFiles:
    """Where a certificate with its chain, and its key lie; both may be one file."""

    certificate: Path
    key: Path

    def stamp(self) -> Stamp:
        """Another value after the files have changed. Raises OSError."""
        states = (path.stat() for path in (self.certificate, self.key))
        return tuple((state.st_ino, state.st_size, state.st_mtime_ns) for state in states)

    @property
    def certificate_setting(self) -> str:
        """How a sentence about the certificate's file begins."""
        return f"tls.certificate = {str(self.certificate)!r}"

    @property
    def key_setting(self) -> str:
        """How a sentence about the key's file begins."""
        is_one_file = self.key == self.certificate
        return f"{self.certificate_setting} (without tls.key)" if is_one_file else f"tls.key = {str(self.key)!r}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a connection is served with, and what people may know of it."""

    context: ssl.SSLContext
    leaf: x509.Certificate

    @property
    def is_self_signed(self) -> bool:
        """Whether nobody but its own key vouches for it."""
        return self.leaf.issuer == self.leaf.subject

    @property
    def fingerprint(self) -> str:
        """SHA-256 as browsers show it: pairs of hexadecimal digits with colons."""
        return self.leaf.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def ends_at(self) -> datetime:
        """When browsers stop accepting it."""
        return self.leaf.not_valid_after_utc

    @property
    def names(self) -> frozenset[str]:
        """The host names and addresses it is good for."""
        try:
            names = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            return frozenset()
        addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
        return frozenset((*names.get_values_for_type(x509.DNSName), *addresses))


def server_context() -> ssl.SSLContext:
    """A context for the serving side, without a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    return context


def load_certificate(files: PemFiles) -> Certificate:
    """The certificate in `files`. Raises ConfigError with one sentence that names the setting and the file."""
    leaf, public_key = _first_certificate(files)
    if _public_bytes(_private_key(files).public_key()) != _public_bytes(public_key):
        raise ConfigError(f"{files.key_setting}: this key does not belong to the first certificate of tls.certificate.")
    context = server_context()
    try:
        # A passphrase is given so that OpenSSL never asks at the terminal for one.
        context.load_cert_chain(files.certificate, files.key, password="")
    except OSError as error:
        reason = getattr(error, "reason", None) or error.strerror
        raise ConfigError(f"{files.certificate_setting}: OpenSSL does not take it: {reason}.") from None
    return Certificate(context, leaf)


def _first_certificate(files: PemFiles) -> tuple[x509.Certificate, PublicKeyTypes]:
    try:
        with warnings.catch_warnings():
            # A serial number that RFC 5280 does not allow, say: whether they mind is for those to say who verify it.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            first = x509.load_pem_x509_certificates(_read(files.certificate, files.certificate_setting))[0]
            # What else is wrong with a certificate shows only when it is asked.
            return first, first.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError(f"{files.certificate_setting}: there is no valid certificate in PEM form in it.") from None


def _private_key(files: PemFiles) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(_read(files.key, files.key_setting), None)
    except TypeError:
        raise ConfigError(f"{files.key_setting}: the key is encrypted; it must be one without a passphrase.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigError(f"{files.key_setting}: there is no valid private key in PEM form in it.") from None


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{setting}: the file cannot be read: {reason}.") from None


def _public_bytes(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
