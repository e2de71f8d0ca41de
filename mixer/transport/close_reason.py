"""Why a transport ended, as reported in `mixer.events.EndpointLost`. It says nothing about what follows from it."""

from enum import StrEnum


class CloseReason(StrEnum):
    """The one reason a transport gives when it closes."""

    LOCAL = "local"
    CONSENT_EXPIRED = "consent-expired"
    HANDSHAKE_TIMEOUT = "handshake-timeout"
    HANDSHAKE_FAILED = "handshake-failed"
    FINGERPRINT_MISMATCH = "fingerprint-mismatch"
    DTLS_CLOSED = "dtls-closed"
