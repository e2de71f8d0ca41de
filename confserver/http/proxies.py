"""Who a request really comes from, when it passed the operator's own proxies on its way.

Only a peer that `http.trusted_proxies` names is believed, and only about X-Forwarded-For, -Proto and -Host: a proxy
writes one kind of header and passes the other on as the client sent it, so RFC 7239's `Forwarded` is not read.
"""

import ipaddress
import re
from collections.abc import Sequence
from itertools import islice

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from confserver.http.networks import Networks
from signaling.sources import plain_address

MOST_HOPS = 32
SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
"""What proxies write for the scheme; some name that of a WebSocket."""

HOST = re.compile(r"[a-z0-9_.-]{1,255}(:\d{1,5})?|\[[0-9a-f:.]{2,45}\](:\d{1,5})?", re.IGNORECASE)
HOP = re.compile(r"\[(?P<bracketed>[0-9a-fA-F:.]+)\](:\d{1,5})?|(?P<v4>[0-9.]+)(:\d{1,5})?|(?P<v6>[0-9a-fA-F:.]+)")


class Proxies(Networks):
    """The networks of the operator's own proxies."""

    __slots__ = ()

    def client(self, peer: str, hops: Sequence[str]) -> str:
        """The address of the client, from the `hops` that proxies noted: the last one that is not itself a proxy.

        What cannot be read was not written by a proxy of ours: then it is the peer's own address.
        """
        client = peer
        for hop in islice(reversed(hops), MOST_HOPS):
            if client not in self:
                break
            address = _address(hop)
            if address is None:
                return peer
            client = address
        return client


def _address(hop: str) -> str | None:
    """The address of a hop, which may carry a port."""
    match = HOP.fullmatch(hop.strip())
    if match is None:
        return None
    try:
        return plain_address(str(ipaddress.ip_address(match["bracketed"] or match["v4"] or match["v6"])))
    except ValueError:
        return None


def see_through(proxies: Proxies) -> Middleware:
    """The outermost middleware: inside it `remote`, `scheme` and `host` of a request are the client's."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        peer = plain_address(request.remote or "")
        remote, scheme, host = peer, request.scheme, request.headers.get("Host", "")
        if peer in proxies:
            remote = proxies.client(peer, _listed(request, "X-Forwarded-For"))
            scheme = SCHEMES.get(_last(request, "X-Forwarded-Proto").lower(), scheme)
            host = _host(_last(request, "X-Forwarded-Host")) or host
        return await handler(request.clone(remote=remote, scheme=scheme, host=host))

    return middleware


def _host(text: str) -> str | None:
    return text if HOST.fullmatch(text) else None


def _last(request: web.Request, name: str) -> str:
    """What the nearest proxy said."""
    return next(iter(_listed(request, name)[-1:]), "")


def _listed(request: web.Request, name: str) -> list[str]:
    return [item.strip() for line in request.headers.getall(name, ()) for item in line.split(",")]
