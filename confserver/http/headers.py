"""The headers that every answer carries: what the browser may load, from where, and who may embed the pages.

It serves nothing. Content Security Policy Level 3, Permissions Policy.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from confserver.http.answers import SERVER_NAME

Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]

POLICY = (
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
)

# (self) is the pages' own origin: also in a frame, where the embedding page has to hand each of them on with `allow`.
PERMISSIONS = (
    "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), "
    "fullscreen=(self), picture-in-picture=(self), geolocation=(), payment=(), usb=()"
)


def content_security_policy(frame_ancestors: Sequence[str] = ()) -> str:
    """The policy; `frame_ancestors` are the origins that may embed the pages."""
    return "; ".join((*POLICY, " ".join(("frame-ancestors", *(frame_ancestors or ("'none'",))))))


def security_headers(frame_ancestors: Sequence[str]) -> Signal:
    """An aiohttp `on_response_prepare` signal: every answer carries the policy, errors included."""
    headers: Mapping[str, str] = {
        "Content-Security-Policy": content_security_policy(frame_ancestors),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
    }

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER_NAME
        if request.path.startswith("/static/"):
            # Modules import one another by plain names; a page must never mix two versions of them.
            response.headers.setdefault("Cache-Control", "no-cache")
        elif request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")

    return add
