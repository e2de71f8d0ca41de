"""Why the web edge turned somebody away or hung up, counted for `/metrics`.

It decides nothing, and no count names a source.
"""

from collections import Counter
from enum import StrEnum


class Refusal(StrEnum):
    """What a connection or request was refused or ended for."""

    TOO_MANY_CONNECTIONS = "too many connections"
    TOO_MANY_OF_SOURCE = "too many connections of one source"
    TOO_MANY_REQUESTS = "too many requests"
    NO_HANDSHAKE = "no TLS handshake"
    SLOW_HEAD = "slow request head"
    SLOW_READER = "slow reader"
    MALFORMED = "malformed request"


class Refusals(Counter[Refusal]):
    """How often each happened since the start."""

    def count(self, reason: Refusal) -> None:
        """Once more."""
        self[reason] += 1
