"""When a certificate is due to be replaced, and how long to wait before the authority is asked again.

It reads no clock and orders nothing.
"""

from datetime import datetime

from cryptography import x509

LIFE_SHARE = 2 / 3
JITTER_SHARE = 0.05
FIRST_PAUSE_S = 300.0
"""Let's Encrypt refuses for an hour who fails five times in one; doubling from here, nobody does."""
LONGEST_PAUSE_S = 12 * 3600.0
JITTER_OF_PAUSE = 0.2


def due_at(certificate: x509.Certificate, chance: float) -> datetime:
    """The time to renew: after two thirds of its life and a little more, so that not all servers ask at once.

    `chance`: 0 to 1.
    """
    begins_at, ends_at = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return begins_at + (ends_at - begins_at) * (LIFE_SHARE + JITTER_SHARE * chance)


def pause_s(failures: int, chance: float) -> float:
    """Seconds to wait after an order that was the last of so many failures in a row, or none. `chance`: 0 to 1."""
    doublings = min(max(failures - 1, 0), 16)
    return min(FIRST_PAUSE_S * 2.0**doublings, LONGEST_PAUSE_S) * (1 + JITTER_OF_PAUSE * chance)
