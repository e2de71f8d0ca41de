"""How long the web edge waits for whom, and how much it reads of a request's head.

Values only; `server` and `listener` keep them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes.

    `head_s`: from the first byte of a request's head to its last. `idle_s`: from one request to the next. `write_s`:
    for how long a client may leave unread what does not fit into the buffers of the system. `linger_s`: for how long a
    body that nobody wants is read on, so that its sender gets to read why. `look_s`: how often this is looked at.
    """

    head_s: float = 10.0
    idle_s: float = 20.0
    write_s: float = 20.0
    linger_s: float = 2.0
    handshake_s: float = 10.0
    look_s: float = 1.0
    line_bytes: int = 4096
    field_bytes: int = 8190
    fields: int = 64
    read_bytes: int = 64 * 1024
