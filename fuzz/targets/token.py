"""Tokens that strangers present: of seats (`confserver.rooms.seat_tokens`) and of logins (`confserver.auth.service`).

An input is a header's value as the web server hands it on, with bytes that are no UTF-8 as lone surrogates.
"""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar, cast

from sqlalchemy import Executable

from confserver.auth.passwords import Passwords
from confserver.auth.service import Auth
from confserver.rooms.seat_tokens import GOOD_FOR_S, SeatClaim, SeatTokens
from confserver.store.store import Store

MAX_BYTES = 4096
CLAIMS = (SeatClaim("seat-1", "meeting-1"), SeatClaim("seat-2", "meeting-1"))
NOW = 1_700_000_000.0

T = TypeVar("T")


class NobodysStore:
    """A database without sessions."""

    async def read(self, work: Callable[["NobodysStore"], T]) -> T:
        """Without a thread."""
        return work(self)

    def scalar(self, statement: Executable) -> None:
        """Nothing is found."""


TOKENS = SeatTokens(bytes(32))
OTHERS_TOKENS = SeatTokens(bytes(31) + b"\1")
AUTH = Auth(cast(Store, NobodysStore()), cast(Passwords, None))


def target(data: bytes) -> None:
    """Nobody gets in with a token that was not issued, and none is good for ever."""
    text = data.decode(errors="surrogateescape")
    assert TOKENS.read(text, NOW) in (None, *CLAIMS)
    assert TOKENS.read(text, NOW + GOOD_FOR_S) is None
    assert OTHERS_TOKENS.read(text, NOW) is None
    assert _result(AUTH.session_by_token(text)) is None


def _result(work: Coroutine[Any, Any, object]) -> object:
    """The result of something that has nothing to wait for."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def seeds() -> Iterator[bytes]:
    """Real tokens, and what a scanner sends."""
    yield from (TOKENS.issue(claim, NOW).encode() for claim in CLAIMS)
    yield TOKENS.issue(CLAIMS[0], NOW - GOOD_FOR_S).encode()
    yield b"eyJhbGciOiJub25lIn0.e30."
