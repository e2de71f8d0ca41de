"""Media servers somewhere else, as they were written down.

Nothing is sent to them: they are kept for who asks.
"""

from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from confserver.errors import Conflict, NotFound
from confserver.servers.server import ConferenceServer, ServerDefinition, ServerType
from confserver.store.ids import new_id
from confserver.store.models import ConferenceServerRow
from confserver.store.store import Store

MOST_SERVERS = 100
FIELDS = ("name", "enabled", "ipv4", "ipv6", "max_rooms", "max_participants")


class ServerRows:
    """Stored servers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list(self) -> tuple[ConferenceServer, ...]:
        """All of them, oldest first."""
        by_age = select(ConferenceServerRow).order_by(ConferenceServerRow.created_at, ConferenceServerRow.id)
        return tuple(map(_server, await self._store.read(lambda reading: reading.scalars(by_age).all())))

    async def find(self, server_id: str) -> ConferenceServer:
        """The one with this id; raises NotFound."""
        row = await self._store.read(lambda reading: reading.get(ConferenceServerRow, server_id))
        if row is None:
            raise NotFound("There is no such server.")
        return _server(row)

    async def add(self, definition: ServerDefinition) -> ConferenceServer:
        """A new one. Raises Conflict if the name is taken, or there are too many."""
        row = ConferenceServerRow(id=new_id(), created_at=datetime.now(UTC))
        _write(row, definition)
        try:
            async with self._store.transaction() as transaction:
                if (
                    await transaction.scalar(select(func.count()).select_from(ConferenceServerRow)) or 0
                ) >= MOST_SERVERS:
                    raise Conflict(f"There are {MOST_SERVERS} servers already.")
                transaction.add(row)
        except IntegrityError:
            raise _taken() from None
        return _server(row)

    async def change(self, server_id: str, definition: ServerDefinition) -> ConferenceServer:
        """The server as it is from now on. Raises NotFound, and Conflict if the name is taken."""
        try:
            async with self._store.transaction() as transaction:
                row = await transaction.get(ConferenceServerRow, server_id)
                if row is None:
                    raise NotFound("There is no such server.")
                _write(row, definition)
        except IntegrityError:
            raise _taken() from None
        return _server(row)

    async def delete(self, server_id: str) -> None:
        """Forgets it; raises NotFound."""
        row = ConferenceServerRow
        async with self._store.transaction() as transaction:
            if await transaction.scalar(delete(row).where(row.id == server_id).returning(row.id)) is None:
                raise NotFound("There is no such server.")


def _write(row: ConferenceServerRow, definition: ServerDefinition) -> None:
    for name in FIELDS:
        setattr(row, name, getattr(definition, name))


def _server(row: ConferenceServerRow) -> ConferenceServer:
    definition = ServerDefinition(**{name: getattr(row, name) for name in FIELDS})
    return ConferenceServer(row.id, ServerType.EXTERNAL, definition)


def _taken() -> Conflict:
    return Conflict("There is a server with this name already.", "name")
