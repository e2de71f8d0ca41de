"""Refusals in one plain sentence, for addresses that are no page and no operation of the API.

Nothing of what was asked is repeated in them.
"""

from collections.abc import Mapping

from aiohttp import web

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
