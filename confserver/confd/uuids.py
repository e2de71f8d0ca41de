"""Our ids in the form that the telephony platform's clients expect, and back. RFC 9562."""

import base64
import binascii
import uuid

_ENTRY_BYTES = 9


def uuid_of(identifier: str) -> str:
    """The UUID of an id of 32 hexadecimal digits."""
    return str(uuid.UUID(identifier))


def id_of(text: str) -> str | None:
    """The id behind a UUID; None for what is none."""
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return None


def uuid_of_entry(entry_id: str) -> str:
    """The UUID of somebody's place in a waiting room: twelve letters that stand for nine bytes."""
    return str(uuid.UUID(bytes=base64.urlsafe_b64decode(entry_id).rjust(16, b"\0")))


def entry_of(text: str) -> str | None:
    """The place behind a UUID; None for what is none."""
    try:
        content = uuid.UUID(text).bytes
    except (ValueError, binascii.Error):
        return None
    return base64.urlsafe_b64encode(content[-_ENTRY_BYTES:]).decode()
