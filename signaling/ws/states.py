"""The states of a browser's connection as a table: what may happen when, and how a connection ends (docs/protocol.md).

Only words and the table; `session` keeps the state and acts.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum

from signaling.ports import EndReason


class State(StrEnum):
    """Where a connection stands."""

    CONNECTED = "connected"
    KNOCKING = "knocking"
    IN_ROOM = "in room"
    CLOSED = "closed"


class Input(StrEnum):
    """What can happen to it: the client's message types, and what is reported by the handler."""

    JOIN = "join"
    OFFER = "offer"
    SET = "set"
    MUTE = "mute"
    REMOVE = "remove"
    LOCK = "lock"
    END = "end"
    LEAVE = "leave"
    SEATED = "seated"
    REFUSED = "refused"
    REFUSED_TOO_OFTEN = "refused too often"
    CLOSE = "close"


class Action(StrEnum):
    """What is done about it."""

    ACCEPT = "accept"
    COMPLAIN = "complain"
    WELCOME = "welcome"
    REFUSE = "refuse"
    CLOSE = "close"
    IGNORE = "ignore"


class Closing(Enum):
    """Why a connection is closed: WebSocket code and reason."""

    LEFT = (1000, "left")
    SHUTDOWN = (1001, "shutdown")
    GONE = (1006, "gone")
    INTERNAL = (1011, "internal")
    PROTOCOL = (4000, "protocol")
    REFUSED = (4001, "refused")
    REMOVED = (4002, "removed")
    ENDED = (4003, "ended")
    REPLACED = (4004, "replaced")
    SLOW = (4008, "slow")

    @property
    def code(self) -> int:
        """The close code."""
        return self.value[0]

    @property
    def reason(self) -> str:
        """The close reason."""
        return self.value[1]


CLOSINGS: Mapping[EndReason, Closing] = {
    EndReason.ENDED: Closing.ENDED,
    EndReason.DELETED: Closing.ENDED,
    EndReason.REMOVED: Closing.REMOVED,
    EndReason.REPLACED: Closing.REPLACED,
    EndReason.SHUTDOWN: Closing.SHUTDOWN,
}

SEAT_REQUESTS = (Input.OFFER, Input.SET, Input.MUTE, Input.REMOVE, Input.LOCK, Input.END)
"""What only the holder of a seat can ask."""

TABLE: Mapping[tuple[State, Input], tuple[Action, State]] = {
    (State.CONNECTED, Input.JOIN): (Action.ACCEPT, State.KNOCKING),
    (State.CONNECTED, Input.LEAVE): (Action.CLOSE, State.CLOSED),
    (State.CONNECTED, Input.CLOSE): (Action.CLOSE, State.CLOSED),
    **{(State.CONNECTED, request): (Action.COMPLAIN, State.CONNECTED) for request in SEAT_REQUESTS},
    (State.KNOCKING, Input.JOIN): (Action.COMPLAIN, State.KNOCKING),
    (State.KNOCKING, Input.SEATED): (Action.WELCOME, State.IN_ROOM),
    (State.KNOCKING, Input.REFUSED): (Action.REFUSE, State.CONNECTED),
    (State.KNOCKING, Input.REFUSED_TOO_OFTEN): (Action.REFUSE, State.CLOSED),
    (State.KNOCKING, Input.LEAVE): (Action.CLOSE, State.CLOSED),
    (State.KNOCKING, Input.CLOSE): (Action.CLOSE, State.CLOSED),
    **{(State.KNOCKING, request): (Action.COMPLAIN, State.KNOCKING) for request in SEAT_REQUESTS},
    (State.IN_ROOM, Input.JOIN): (Action.COMPLAIN, State.IN_ROOM),
    # In a room a `leave` waits its turn: what was asked before it is still done.
    (State.IN_ROOM, Input.LEAVE): (Action.ACCEPT, State.IN_ROOM),
    (State.IN_ROOM, Input.CLOSE): (Action.CLOSE, State.CLOSED),
    **{(State.IN_ROOM, request): (Action.ACCEPT, State.IN_ROOM) for request in SEAT_REQUESTS},
    **{(State.CLOSED, anything): (Action.IGNORE, State.CLOSED) for anything in Input},
}
