"""The web pages as they leave the server: static files under a strict content security policy.

It serves what lies in `confserver/web` and knows nothing of what the pages do.
"""

from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

WEB_ROOT = Path(__file__).parent / "web"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob: mediastream:",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), "
    "fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()",
}

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


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """An aiohttp `on_response_prepare` signal: every answer carries the policy, errors included."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/static/"):
        # Modules import one another by plain names; a page must never mix two versions of them.
        response.headers.setdefault("Cache-Control", "no-cache")


def add_pages(app: web.Application) -> None:
    """Register the pages, their static files and the headers."""
    for path, name in PAGES.items():
        app.router.add_get(path, _page(WEB_ROOT / name))
    app.router.add_static("/static/", WEB_ROOT / "static")
    app.middlewares.append(show_not_found)
    app.on_response_prepare.append(add_security_headers)
