"""What can go wrong at a door, each with the word that a client is told (docs/protocol.md)."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why somebody does not get a seat."""

    NOT_FOUND = "not_found"
    FULL = "full"
    LOCKED = "locked"
    ENDED = "ended"
    NOT_STARTED = "not_started"
    WRONG_PIN = "wrong_pin"
    PIN_REQUIRED = "pin_required"
    NOT_ALLOWED = "not_allowed"
    SHUTTING_DOWN = "shutting_down"
    REMOVED = "removed"
    HOST_MUST_ADMIT = "host_must_admit"
    UNAVAILABLE = "unavailable"


class Refused(Exception):
    """No seat: `reason`, and the seconds after which another try is worth making."""

    def __init__(self, reason: RefusalReason, retry_after_s: float = 0.0) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry_after_s = retry_after_s


class RequestError(Exception):
    """A request that is refused while its sender stays in the room; `code` is one of docs/protocol.md."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
