"""What can go wrong at a door, each with the word that a client is told (docs/protocol.md)."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why somebody does not get a seat."""

    NOT_FOUND = "not_found"
    FULL = "full"
    LOCKED = "locked"
    ENDED = "ended"
    WRONG_PIN = "wrong_pin"
    PIN_REQUIRED = "pin_required"
    NOT_ALLOWED = "not_allowed"
    SHUTTING_DOWN = "shutting_down"
    REMOVED = "removed"
    HOST_MUST_ADMIT = "host_must_admit"
    UNAVAILABLE = "unavailable"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    WAITING_ROOM_FULL = "waiting_room_full"
    TOO_MANY_MEETINGS = "too_many_meetings"


class Refused(Exception):
    """No seat: `reason`, the seconds after which another try is worth making, and a host's word if there is one."""

    def __init__(self, reason: RefusalReason, retry_after_s: float = 0.0, word: str | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry_after_s = retry_after_s
        self.word = word


class RequestError(Exception):
    """A request that is refused while its sender stays in the room; `code` is one of docs/protocol.md."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
