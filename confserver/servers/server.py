"""A media server as a value, and how it is at the moment."""

from dataclasses import dataclass
from enum import StrEnum


class ServerType(StrEnum):
    """INTERNAL: a media worker of this daemon; EXTERNAL: one somewhere else, of which nothing is known but this."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"


@dataclass(frozen=True, slots=True)
class ServerDefinition:
    """What is written down of a server; None: unknown, or no limit."""

    name: str
    enabled: bool = True
    ipv4: str | None = None
    ipv6: str | None = None
    max_rooms: int | None = None
    max_participants: int | None = None


@dataclass(frozen=True, slots=True)
class ConferenceServer:
    """A definition and what the server itself gave it."""

    id: str
    type: ServerType
    definition: ServerDefinition


@dataclass(frozen=True, slots=True)
class ServerLoad:
    """`cpu_usage`: percent of one core; `memory_usage`: percent of the machine's memory; None while it does not run."""

    rooms_count: int
    participants_count: int
    is_online: bool
    cpu_usage: float | None
    memory_usage: float | None
