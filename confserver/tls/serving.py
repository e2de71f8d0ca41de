"""The certificate that new connections get, exchanged while the server runs.

Connections that stand keep the one they began with. It reads no file.
"""

import ssl

from confserver.tls.certificate import Certificate, server_context


class ServedCertificate:
    """`context` is for the listening socket; `current` is what the next handshake is served with."""

    def __init__(self, first: Certificate) -> None:
        self.current = first
        # Another context for another certificate: OpenSSL keeps one certificate for each kind of key, so that an RSA
        # one loaded over an ECDSA one would leave both in use.
        self.context = server_context()
        self.context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """OpenSSL calls it in every handshake, also of clients that name no server."""
        connection.context = self.current.context
