"""Everything the control plane refuses, as exception classes that carry their HTTP status and error code.

The classes say what went wrong, never how it is shown: the HTTP edge (`confserver.api.edge`) and the command line map
them, each once. The words of the browser protocol are in `signaling.errors`.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code for programs, a sentence for people, the field or fact concerned, if any."""

    code: str
    message: str
    detail: str | None = None


class ConfserverError(Exception):
    """A refusal with an HTTP status, an error code and one sentence."""

    http_status: ClassVar[int] = 500
    code: ClassVar[str] = "UNKNOWN"

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong; at least one."""
        return (Fault(self.code, self.message, self.detail),)


class ConfigError(ConfserverError):
    """A setting the server cannot start with; the message names where it was set, its key and its value."""


class StoreError(ConfserverError):
    """The data folder cannot be used as it is."""


class ValidateFailed(ConfserverError):
    """Input outside its documented form or range; one fault per field."""

    http_status = 400
    code = "VALIDATE_FAILED"

    def __init__(self, message: str, detail: str | None = None, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message, detail)
        self._faults = faults or super().faults

    @property
    def faults(self) -> tuple[Fault, ...]:
        """One fault per field."""
        return self._faults


class Unauthorized(ConfserverError):
    """No credentials, or wrong or expired ones."""

    http_status = 401
    code = "UNAUTHORIZED"


class Forbidden(ConfserverError):
    """Known, but not allowed to do this."""

    http_status = 403
    code = "FORBIDDEN"


class NotFound(ConfserverError):
    """No such thing, or none that this caller may know of."""

    http_status = 404
    code = "NOT_FOUND"


class MethodNotAllowed(ConfserverError):
    """The address exists and takes another method."""

    http_status = 405
    code = "METHOD_NOT_ALLOWED"


class RequestTimeout(ConfserverError):
    """The body of a request did not arrive in time."""

    http_status = 408
    code = "REQUEST_TIMEOUT"


class Conflict(ConfserverError):
    """It clashes with something that exists."""

    http_status = 409
    code = "CONFLICT"


class NotSupported(ConfserverError):
    """A call that is documented, of a feature that this server does not have."""

    http_status = 409
    code = "NOT_SUPPORTED"


class TooLarge(ConfserverError):
    """The body of a request is larger than any valid one."""

    http_status = 413
    code = "TOO_LARGE"


class UnsupportedMediaType(ConfserverError):
    """The body of a request is not JSON."""

    http_status = 415
    code = "UNSUPPORTED_MEDIA_TYPE"


class TryAgain(ConfserverError):
    """Not now; worth trying again after `retry_after_s` seconds."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooManyRequests(TryAgain):
    """Too often."""

    http_status = 429
    code = "TOO_MANY_REQUESTS"


class Unavailable(TryAgain):
    """The server cannot do it at this moment."""

    http_status = 503
    code = "UNAVAILABLE"
