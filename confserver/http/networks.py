"""Networks that the operator names, and addresses that only clients in them may ask for.

It knows no header: `remote` of a request is the client's own already (`confserver.http.proxies`).
"""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from aiohttp import web
from aiohttp.typedefs import Handler

from signaling.sources import plain_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Networks:
    """`address in networks` for an address as text; what is no address is in none."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Collection[str]) -> Self:
        """Networks as text, such as 10.0.0.0/8; raises ValueError."""
        return cls(tuple(ipaddress.ip_network(network) for network in networks))

    def __contains__(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(plain_address(address))
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)


def only_from(networks: Networks, handler: Handler) -> Handler:
    """The handler for clients in `networks`; for others the address is one of those that lead nowhere."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if (request.remote or "") not in networks:
            raise web.HTTPNotFound
        return await handler(request)

    return serve
