"""What tells a person again at the door: what they came with, never what they say of themselves.

It remembers nobody (`bans` does) and decides nothing. A device's own name is kept as a digest only.
"""

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Marks:
    """Where somebody came from and what they showed; None for what they did not.

    `source`: their network as `signaling.sources` counts it; `device`: see `device_digest`; `user_id`: of a login;
    `token_id`: of a join token, never the token.
    """

    source: str = ""
    device: str | None = field(default=None, repr=False)
    user_id: str | None = None
    token_id: str | None = None


def device_digest(meeting_id: str, device: str | None) -> str | None:
    """A device's mark within one meeting; in another one it is another, so that nobody is followed through them."""
    return sha256(f"{meeting_id}/{device}".encode()).hexdigest()[:32] if device else None
