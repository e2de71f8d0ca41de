"""A certificate authority for tests: issues what an operator might put into files, good or bad."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from confserver.tls.certificate import PemFiles

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

DAY = timedelta(days=1)


def elliptic_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def rsa_key() -> Key:
    return rsa.generate_private_key(65_537, 2048)


def key_pem(key: Key, passphrase: bytes = b"") -> bytes:
    lock: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


@dataclass
class TestAuthority:
    """Its root is what clients are told to trust."""

    __test__ = False

    key: Key = field(default_factory=elliptic_key)

    def __post_init__(self) -> None:
        self.root = self._sign("Test root", self.key, "Test root", timedelta(days=-1), 10 * DAY, is_authority=True)

    @property
    def root_pem(self) -> str:
        return self.root.public_bytes(Encoding.PEM).decode()

    def issue(
        self, folder: Path, key: Key | None = None, begins: timedelta = -DAY, ends: timedelta = DAY, name: str = "site"
    ) -> PemFiles:
        """A certificate for localhost in files of `folder`; `begins` and `ends` from now."""
        key = key or elliptic_key()
        files = PemFiles(folder / f"{name}.pem", folder / f"{name}.key")
        leaf = self._sign("localhost", key, "Test root", begins, ends)
        files.key.write_bytes(key_pem(key))
        files.certificate.write_bytes(leaf.public_bytes(Encoding.PEM) + self.root.public_bytes(Encoding.PEM))
        return files

    def _sign(
        self, name: str, key: Key, issuer: str, begins: timedelta, ends: timedelta, is_authority: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        return builder.sign(self.key, hashes.SHA256())
