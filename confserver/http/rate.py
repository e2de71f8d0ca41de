"""How often one source may ask for anything at all; what is dearer than most has a pace of its own.

It tells nobody: whoever maps errors does.
"""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from confserver.errors import TooManyRequests
from confserver.http.pace import Pace
from confserver.http.refusals import Refusal, Refusals
from signaling.sources import source_of

BURST_S = 20.0
"""An office that opens a meeting together loads its pages at once."""


def keep_pace(per_s: float, refusals: Refusals, clock: Callable[[], float]) -> Middleware:
    """A middleware that raises TooManyRequests; `per_s` is the long run of one source."""
    pace = Pace(per_s, round(per_s * BURST_S))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            pace.take(source_of(request.remote), clock())
        except TooManyRequests:
            refusals.count(Refusal.TOO_MANY_REQUESTS)
            raise
        return await handler(request)

    return middleware
