"""A call of the API as a value: enough to route it, to validate it and to document it.

It runs nothing (`confserver.api.edge` does).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from confserver.api.context import Call


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one path below `/api`.

    `answer` None: the answer has no body. `is_public`: no login is needed; without it the call has a session.
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
