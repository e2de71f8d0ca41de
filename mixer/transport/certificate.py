"""The self-signed certificate a process identifies itself with in DTLS; the one file that uses aiortc's.

It neither connects nor checks anything. RFC 8122 section 5 for fingerprints, RFC 8827 section 6.5 for the certificate.
"""

from aiortc.rtcdtlstransport import X509_DIGEST_ALGORITHMS, RTCCertificate, certificate_digest
from cryptography import x509
from OpenSSL import SSL

from mixer.params import Fingerprint
from mixer.transport.srtp import SrtpProfile

_DTLS_1_2 = 0xFEFD
CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384"
"""Forward secret and authenticated; the first is what every WebRTC client must know (RFC 8827 section 6.5)."""


class Certificate:
    """A fresh key pair. One serves all transports of a process: making it, and a context of it, takes milliseconds."""

    def __init__(self) -> None:
        self._certificate = RTCCertificate.generateCertificate()
        self._contexts: dict[tuple[SrtpProfile, ...], SSL.Context] = {}
        self.fingerprints = tuple(
            Fingerprint(fingerprint.algorithm, fingerprint.value) for fingerprint in self._certificate.getFingerprints()
        )

    def context(self, profiles: tuple[SrtpProfile, ...]) -> SSL.Context:
        """What DTLS connections are made of, offering these SRTP profiles, most wanted first.

        It accepts any certificate of the peer: who the peer is, its fingerprint tells. As a server, a connection asks
        for the cookie that is its application data.
        """
        if profiles not in self._contexts:
            # aiortc reads nothing of a profile but its `openssl_profile`, and ours have that.
            context = self._certificate._create_ssl_context(profiles)  # type: ignore[arg-type]
            # Whose flight is the last one, and so who must repeat it, is different in DTLS 1.3; see `dtls_flight`.
            context.set_max_proto_version(_DTLS_1_2)
            context.set_cipher_list(CIPHERS)
            context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            context.set_options(SSL.OP_COOKIE_EXCHANGE or 0)
            context.set_cookie_generate_callback(lambda connection: connection.get_app_data())
            context.set_cookie_verify_callback(lambda connection, cookie: cookie == connection.get_app_data())
            self._contexts[profiles] = context
        return self._contexts[profiles]


def is_identified_by(certificate: x509.Certificate, fingerprints: tuple[Fingerprint, ...]) -> bool:
    """Whether a certificate has one of these fingerprints. Algorithms nobody here computes identify nobody."""
    return any(
        certificate_digest(certificate, fingerprint.algorithm.lower()) == fingerprint.value.upper()
        for fingerprint in fingerprints
        if fingerprint.algorithm.lower() in X509_DIGEST_ALGORITHMS
    )
