"""Refusals in one plain sentence, for what is neither a page nor an operation of the API; and what all refusals bear.

Nothing of what was asked is repeated in them.
"""

import math
from collections.abc import Mapping

from aiohttp import web

from confserver.errors import ConfserverError, TryAgain

SERVER_NAME = "confserver"
"""Instead of aiohttp's, which tells versions."""

PLAIN_HEADERS = {
    "Server": SERVER_NAME,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def plain_answer(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """The sentence as text."""
    return web.Response(status=status, text=sentence, headers={**PLAIN_HEADERS, **(headers or {})})


def pace_headers(error: ConfserverError) -> dict[str, str]:
    """When it is worth trying again, for who came too often or at a bad moment."""
    if isinstance(error, TryAgain):
        return {"Retry-After": str(math.ceil(error.retry_after_s))}
    return {}
