"""A call of the API as a value: enough to route it, to validate it and to document it.

It runs nothing (`confserver.api.edge` does).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.rights import Audience, permit
from confserver.auth.identity import Session


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one path below `/api`.

    `answer` None: the answer has no body. `is_public`: no login is needed; without it the call has a session, which
    must belong to the `audience`. `is_for_keys` False: a program's key will not do. A POST changes something, and is
    refused to those who may only look and noted in the audit log, unless it `is_for_viewers`. `upload`: the body is a
    file of at most so many bytes, whatever its type is said to be, and `Call.body` its bytes.
    """

    method: Literal["GET", "POST"]
    path: str
    summary: str
    handle: Callable[[Call], Awaitable[BaseModel | None]]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    is_public: bool = False
    audience: Audience = Audience.EVERYBODY
    is_for_keys: bool = True
    is_for_viewers: bool = False
    upload: int | None = None

    @property
    def needs_body(self) -> bool:
        """Whether a call without a body lacks something."""
        return self.body is not None and any(field.is_required() for field in self.body.model_fields.values())

    @property
    def is_change(self) -> bool:
        """Whether it changes something."""
        return self.method == "POST" and not self.is_for_viewers

    def permit(self, session: Session) -> None:
        """Raises Forbidden for those whom it is not for."""
        permit(session, self.audience, is_for_keys=self.is_for_keys, is_change=self.is_change)
