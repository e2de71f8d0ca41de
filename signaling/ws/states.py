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
    WAITING = "waiting"
    IN_ROOM = "in room"
    CLOSED = "closed"


class Input(StrEnum):
    """What can happen to it: the kinds of a client's messages, and what is reported by the handler."""

    JOIN = "join"
    OFFER = "offer"
    COMMAND = "command"
    LEAVE = "leave"
    SEATED = "seated"
    MADE_TO_WAIT = "made to wait"
    REFUSED = "refused"
    REFUSED_TOO_OFTEN = "refused too often"
    CLOSE = "close"


class Action(StrEnum):
    """What is done about it."""

    ACCEPT = "accept"
    COMPLAIN = "complain"
    WELCOME = "welcome"
    ANNOUNCE = "announce"
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
    EndReason.TIME_UP: Closing.ENDED,
    EndReason.HOST_LEFT: Closing.ENDED,
    EndReason.CANCELLED: Closing.ENDED,
}

SEAT_REQUESTS = (Input.OFFER, Input.COMMAND)
"""What only the holder of a seat can ask; an offer also who waits, for the music."""

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
    (State.KNOCKING, Input.MADE_TO_WAIT): (Action.ANNOUNCE, State.WAITING),
    # Again, when they wait for something else than before.
    (State.WAITING, Input.MADE_TO_WAIT): (Action.ANNOUNCE, State.WAITING),
    (State.WAITING, Input.JOIN): (Action.COMPLAIN, State.WAITING),
    (State.WAITING, Input.OFFER): (Action.ACCEPT, State.WAITING),
    (State.WAITING, Input.COMMAND): (Action.COMPLAIN, State.WAITING),
    (State.WAITING, Input.SEATED): (Action.WELCOME, State.IN_ROOM),
    (State.WAITING, Input.REFUSED): (Action.REFUSE, State.CONNECTED),
    (State.WAITING, Input.REFUSED_TOO_OFTEN): (Action.REFUSE, State.CLOSED),
    (State.WAITING, Input.LEAVE): (Action.ACCEPT, State.WAITING),
    (State.WAITING, Input.CLOSE): (Action.CLOSE, State.CLOSED),
    (State.IN_ROOM, Input.JOIN): (Action.COMPLAIN, State.IN_ROOM),
    # In a room a `leave` waits its turn: what was asked before it is still done.
    (State.IN_ROOM, Input.LEAVE): (Action.ACCEPT, State.IN_ROOM),
    (State.IN_ROOM, Input.CLOSE): (Action.CLOSE, State.CLOSED),
    **{(State.IN_ROOM, request): (Action.ACCEPT, State.IN_ROOM) for request in SEAT_REQUESTS},
    **{(State.CLOSED, anything): (Action.IGNORE, State.CLOSED) for anything in Input},
}
