"""Our side of a new transport: fresh ICE credentials, and how the room's media worker is reached."""

import secrets

from mixer.client import MediaPlane
from signaling.sdp.negotiate import LocalDescription

FINGERPRINT_ALGORITHM = "sha-256"
"""One is enough for everybody (RFC 8122 section 5), and each is repeated on every m-line."""


class MediaSide:
    """Describes transports of rooms. `addresses` are the IP addresses at which clients reach this server."""

    def __init__(self, media: MediaPlane, addresses: tuple[str, ...]) -> None:
        self._media = media
        self._addresses = addresses

    def describe(self, room_id: str) -> LocalDescription:
        """For one new endpoint in a room (RFC 8445 section 5.3: 24 bits of ufrag, 128 of password at least)."""
        worker = self._media.worker_of(room_id)
        return LocalDescription(
            ufrag=secrets.token_hex(4),
            pwd=secrets.token_hex(16),
            fingerprints=tuple(each for each in worker.fingerprints if each.algorithm == FINGERPRINT_ALGORITHM),
            candidates=tuple((address, worker.port) for address in self._addresses),
            cname=secrets.token_hex(8),
            session_id=secrets.randbits(62),
        )
