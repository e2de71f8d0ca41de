"""An invite link, taken apart as the join page does it.

It fetches nothing.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where the server is, which meeting, and the PIN if it rides along."""

    server: str
    access_key: str
    pin: str | None

    @classmethod
    def from_url(cls, url: str) -> "Invitation":
        """Read `https://host/join/KEY#pin=123`. Raises ValueError for anything else."""
        parts = urlsplit(url)
        folder, _, key = parts.path.rpartition("/")
        if not folder.endswith("/join") or not key:
            raise ValueError(f"{url} is no invite link")
        pin = parts.fragment.removeprefix("pin=") if parts.fragment.startswith("pin=") else None
        return cls(f"{parts.scheme}://{parts.netloc}{folder.removesuffix('/join')}", key, pin)
