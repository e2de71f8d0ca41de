"""The web pages as they leave the server: static files, and a page for addresses that lead nowhere.

It serves what lies in `confserver/web` and knows nothing of what the pages do; their policy is in
`confserver.http.headers`.
"""

import errno
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from confserver.http.headers import security_headers

WEB_ROOT = Path(__file__).parent / "web"

PAGES = {
    "/": "home.html",
    "/login": "login.html",
    "/join/{access_key}": "join.html",
    "/room/meeting/{meeting_id}": "join.html",
}


def _page(file: Path) -> Handler:
    async def serve(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(file, headers={"Cache-Control": "no-cache"})

    return serve


@web.middleware
async def show_not_found(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An address that leads nowhere gets a page that says so; the API has its own words."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if request.path.startswith(("/api/", "/static/")):
            raise
        return web.Response(text=(WEB_ROOT / "not_found.html").read_text(), status=404, content_type="text/html")
    except OSError as error:
        # Of a name that no file of this system could have; aiohttp asks for it all the same.
        if error.errno == errno.ENAMETOOLONG:
            raise web.HTTPNotFound from None
        raise


def add_pages(app: web.Application, frame_ancestors: Sequence[str] = ()) -> None:
    """Register the pages, their static files and the headers; `frame_ancestors` may embed the pages."""
    for path, name in PAGES.items():
        app.router.add_get(path, _page(WEB_ROOT / name))
    app.router.add_static("/static/", WEB_ROOT / "static")
    app.middlewares.append(show_not_found)
    app.on_response_prepare.append(security_headers(frame_ancestors))
