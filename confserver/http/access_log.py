"""One line for each request, for those who debug: the route, never the address that was asked for.

An address may carry an access key, and a wrong one anything at all.
"""

import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

log = structlog.get_logger(__name__)


@web.middleware
async def log_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A middleware; it stands inside the one that finds out who asks and outside the one that maps errors."""
    began_at = time.monotonic()
    try:
        answer = await handler(request)
    except web.HTTPException as error:
        _log(request, error.status, began_at)
        raise
    _log(request, answer.status, began_at)
    return answer


def _log(request: web.Request, status: int, began_at: float) -> None:
    resource = request.match_info.route.resource
    log.debug(
        "answered",
        method=request.method,
        route=resource.canonical if resource else None,
        status=status,
        ms=round((time.monotonic() - began_at) * 1000, 1),
        source=request.remote,
    )
