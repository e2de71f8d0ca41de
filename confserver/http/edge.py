"""What all sockets of the web server share: who may connect, for how long one is waited for, and what was refused.

It accepts nobody (`confserver.http.listener`).
"""

from dataclasses import dataclass, field

from confserver.config import HttpSettings
from confserver.http.connections import Connections, room_for_connections
from confserver.http.limits import Limits
from confserver.http.proxies import Proxies
from confserver.http.refusals import Refusals


@dataclass(frozen=True, slots=True)
class Edge:
    """Values and counts; one for a server, however many sockets it listens on."""

    proxies: Proxies
    connections: Connections
    refusals: Refusals
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def of(cls, settings: HttpSettings) -> "Edge":
        """As the operator has set it; trusted proxies stand for many clients."""
        proxies, refusals = Proxies.of(settings.trusted_proxies), Refusals()
        most_of_source = settings.max_connections_per_source
        connections = Connections(room_for_connections(), most_of_source, proxies.__contains__, refusals)
        return cls(proxies, connections, refusals)
