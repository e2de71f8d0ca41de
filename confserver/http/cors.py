"""Which pages of other sites may call the API: those of `http.allowed_origins`, with a bearer token or an access key.

There are no cookies, so there are no credentials that a browser would add by itself; a password belongs into our own
pages only, so logging in stays closed. Fetch Standard, "CORS protocol".
"""

from collections.abc import Collection

from aiohttp import web
from aiohttp.typedefs import Handler

API = "/api/"
LOGIN = "/api/login"
PREFLIGHT_ANSWER = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


def share_api(app: web.Application, allowed_origins: Collection[str]) -> None:
    """Let pages of those origins read the answers of the API, refusals included."""

    def is_shared(request: web.Request) -> bool:
        is_open = request.path.startswith(API) and not request.path.startswith(LOGIN)
        return is_open and request.headers.get("Origin", "").lower() in allowed_origins

    @web.middleware
    async def answer_preflights(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if is_preflight and is_shared(request):
            return web.Response(status=204, headers=PREFLIGHT_ANSWER)
        return await handler(request)

    async def mark(request: web.Request, response: web.StreamResponse) -> None:
        if is_shared(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        if request.path.startswith(API):
            response.headers.add("Vary", "Origin")

    app.middlewares.append(answer_preflights)
    app.on_response_prepare.append(mark)
