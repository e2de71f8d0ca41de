"""All media servers that the API knows of: those of this daemon, live, and those that were written down.

The former are the operator's, by the settings; the API only shows them.
"""

from confserver.errors import Conflict, NotFound
from confserver.servers.rows import ServerRows
from confserver.servers.server import ConferenceServer, ServerDefinition, ServerLoad
from confserver.servers.workers import WorkerServers


class ConferenceServers:
    """Both kinds, by id."""

    def __init__(self, workers: WorkerServers, rows: ServerRows) -> None:
        self._workers = workers
        self._rows = rows

    async def list(self) -> tuple[ConferenceServer, ...]:
        """Our own first."""
        return (*self._workers.servers(), *await self._rows.list())

    async def find(self, server_id: str) -> ConferenceServer:
        """The one with this id; raises NotFound."""
        return self._workers.find(server_id) or await self._rows.find(server_id)

    async def load(self, server_id: str) -> ServerLoad:
        """How it is; raises NotFound, also for a server somewhere else, of which nobody here knows."""
        load = self._workers.load(server_id)
        if load is None:
            await self._rows.find(server_id)
            raise NotFound("Nothing is known of the status of an external server.")
        return load

    async def add(self, definition: ServerDefinition) -> ConferenceServer:
        """An external server; raises Conflict."""
        return await self._rows.add(definition)

    async def change(self, server_id: str, definition: ServerDefinition) -> ConferenceServer:
        """The external server as it is from now on; raises NotFound, Conflict."""
        self._check_external(server_id)
        return await self._rows.change(server_id, definition)

    async def delete(self, server_id: str) -> None:
        """Forgets an external server; raises NotFound, Conflict."""
        self._check_external(server_id)
        await self._rows.delete(server_id)

    def _check_external(self, server_id: str) -> None:
        if self._workers.find(server_id) is not None:
            raise Conflict("This is a media worker of this server: the operator's settings say how it is.")
