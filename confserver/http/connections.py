"""How many connections may be open: in all, and of one source.

It neither opens nor closes any; whoever accepts one asks here first, before a byte of it is read.
"""

import resource
from collections import Counter
from collections.abc import Callable

from confserver.http.refusals import Refusal, Refusals
from signaling.sources import source_of

MOST_CONNECTIONS = 8192
SPARE_DESCRIPTORS = 256
"""What the database, the workers' links and log files need beside the connections."""


def room_for_connections() -> int:
    """As many connections as this process has descriptors for; asks the system for as many as it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + SPARE_DESCRIPTORS
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return max(limit - SPARE_DESCRIPTORS, limit // 2)


class Place:
    """One place among the open connections, until it is given back."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back: Callable[[], None] | None = give_back

    def give_back(self) -> None:
        """Once; further calls change nothing."""
        if self._give_back is not None:
            self._give_back()
            self._give_back = None


class Connections:
    """Hands out places. `stands_for_many` tells the addresses that the limit of one source is not meant for."""

    def __init__(
        self, most: int, most_of_source: int, stands_for_many: Callable[[str], bool], refusals: Refusals
    ) -> None:
        self._most = most
        self._most_of_source = most_of_source
        self._stands_for_many = stands_for_many
        self._refusals = refusals
        self.count = 0
        """Those that are open."""
        self._of_source: Counter[str] = Counter()

    def take(self, address: str) -> Place | None:
        """A place for one more connection of a client, or none if there are too many."""
        source = source_of(address)
        if self.count >= self._most:
            self._refusals.count(Refusal.TOO_MANY_CONNECTIONS)
            return None
        if self._of_source[source] >= self._most_of_source and not self._stands_for_many(address):
            self._refusals.count(Refusal.TOO_MANY_OF_SOURCE)
            return None
        self.count += 1
        self._of_source[source] += 1
        return Place(lambda: self._free(source))

    def _free(self, source: str) -> None:
        self.count -= 1
        self._of_source[source] -= 1
        if not self._of_source[source]:
            del self._of_source[source]
