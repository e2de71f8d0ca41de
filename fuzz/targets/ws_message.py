"""Messages of the browser's WebSocket (`signaling.ws.messages`): one of the protocol's, or MessageError."""

import json
from collections.abc import Iterator
from typing import Any

from signaling.ws.handler import MAX_MESSAGE_BYTES
from signaling.ws.messages import CLIENT_MESSAGES, MessageError, Offer, parse_message, render

MAX_BYTES = MAX_MESSAGE_BYTES

VALUES: dict[str, dict[str, Any]] = {
    "join": {"access_key": "key", "display_name": "Ada", "pin": "1234", "token": "t", "seat_token": "s"},
    "offer": {"id": 1, "sdp": "v=0\r\n", "lines": {"0": "audio", "1": "camera"}, "new": True},
    "set": {"is_muted": True, "has_camera": False, "display_name": "Ada"},
    "mute": {"participant_id": "p1", "is_muted": True},
    "remove": {"participant_id": "p1"},
    "lock": {"is_locked": True},
}


def target(data: bytes) -> None:
    """What is wrong can be told; what is right has a type we know."""
    text = data.decode(errors="replace")
    try:
        message = parse_message(text)
    except MessageError as error:
        assert json.loads(render(error.error))["message"].endswith(".")
        return
    assert type(message) is CLIENT_MESSAGES[message.type]
    if isinstance(message, Offer):
        assert message.purposes.keys() <= message.lines.keys()


def seeds() -> Iterator[bytes]:
    """One of each type, and messages that once took long."""
    yield from (json.dumps({"type": kind, **VALUES.get(kind, {})}).encode() for kind in CLIENT_MESSAGES)
    lines = dict.fromkeys(map(str, range(40_000)), 1)
    yield json.dumps({"type": "offer", "id": 1, "sdp": "", "lines": lines}).encode()
    yield b'{"type":[' + b"[]," * 160_000 + b"[]]}"
