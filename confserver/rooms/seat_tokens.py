"""Signed seat tokens: what brings somebody back into their seat after a reload, a crash or a restart.

A token names a seat of a meeting and when it expires. What that seat may do, and whether it still exists, is what the
server remembers (`seat_book`), never what a token says.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

GOOD_FOR_S = 24 * 3600.0
MAX_CHARACTERS = 512
"""As docs/protocol.md has it; nothing is computed on longer ones."""

PURPOSE = "seat"
"""Goes into the signature, so that nothing else signed with this key is a seat."""


@dataclass(frozen=True, slots=True)
class SeatClaim:
    """What a token says when its signature is right: whose seat it is, in which meeting."""

    seat_id: str
    meeting_id: str


class SeatTokens:
    """Signs and checks with a key of 32 bytes. All times are Unix seconds."""

    def __init__(self, key: bytes) -> None:
        signing: dict[str, Any] = {"key_derivation": "hmac", "digest_method": sha256}
        self._serializer = URLSafeSerializer(key, salt=PURPOSE, signer_kwargs=signing)

    def issue(self, claim: SeatClaim, now: float) -> str:
        """A token that is good for `GOOD_FOR_S`."""
        return self._serializer.dumps([claim.seat_id, claim.meeting_id, int(now + GOOD_FOR_S)])

    def read(self, token: str, now: float) -> SeatClaim | None:
        """What a token claims; None for one that we have not signed or that has expired."""
        if len(token) > MAX_CHARACTERS or not token.isascii():
            return None
        try:
            seat_id, meeting_id, expires_at = self._serializer.loads(token)
        except BadData:
            return None
        return SeatClaim(seat_id, meeting_id) if now < expires_at else None
