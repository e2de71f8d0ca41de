"""The addresses that lead into a meeting.

Nothing secret but the access key is ever in a path, and nothing at all in a query string: a PIN or a token rides in the
fragment, which browsers do not send to servers (RFC 3986 section 3.5).
"""

from dataclasses import dataclass

from confserver.meetings.meeting import Meeting


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links that begin with `public_url`, which has no final slash."""

    public_url: str

    def invite(self, meeting: Meeting, has_pin: bool = False) -> str:
        """The guests' link; `has_pin` adds the room's PIN, if it has one."""
        pin = f"#pin={meeting.room_pin}" if has_pin and meeting.room_pin else ""
        return f"{self.public_url}/join/{meeting.access_key}{pin}"

    def invite_by_token(self, meeting: Meeting, token: str) -> str:
        """The link of somebody who was invited by name."""
        return f"{self.public_url}/join/{meeting.access_key}#token={token}"

    def host(self, meeting: Meeting) -> str:
        """The host's link; it asks for a login."""
        return f"{self.public_url}/room/meeting/{meeting.id}"
