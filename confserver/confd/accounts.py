"""The SIP account that belongs to one meeting's guests, and the public address that a tenant gives them.

It registers no telephone; who may see an account is decided by `meetings` and `authorizations`.
"""

import secrets
import string
from base64 import b64encode

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from confserver.meetings.meeting import Meeting
from confserver.store.models import GuestAccountRow, IngressRow
from confserver.store.store import Store

PASSWORD_LETTERS = 16


class GuestAccounts:
    """All calls raise Unavailable when the database cannot be used now."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, meeting: Meeting) -> str:
        """The account as HTTP Basic writes it, base64 of `name:password` (RFC 7617); made when first asked for."""
        query = select(GuestAccountRow).where(GuestAccountRow.meeting_id == meeting.id)
        row = await self._store.read(lambda reading: reading.scalar(query))
        if row is None:
            password = "".join(secrets.choice(string.ascii_lowercase) for _ in range(PASSWORD_LETTERS))
            account = {
                "meeting_id": meeting.id,
                "name": f"meeting-{meeting.id}-guest",
                "password": self._store.seal.close(password, _place(meeting)),
            }
            async with self._store.transaction() as transaction:
                await transaction.execute(upsert(GuestAccountRow).values(account).on_conflict_do_nothing())
                row = (await transaction.scalars(query)).one()
        password = self._store.seal.open(row.password, _place(meeting))
        return b64encode(f"{row.name}:{password}".encode()).decode()


class Ingresses:
    """Where guests reach a tenant's meetings; `public_url` serves those who have named no address of their own."""

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._public_url = public_url

    async def of(self, tenant_id: str) -> str:
        """The address."""
        return await self.own(tenant_id) or self._public_url

    async def own(self, tenant_id: str) -> str | None:
        """The one that the tenant has named."""
        query = select(IngressRow.uri).where(IngressRow.tenant_id == tenant_id)
        return await self._store.read(lambda reading: reading.scalar(query))

    async def set(self, tenant_id: str, uri: str | None) -> None:
        """Name another one, or none."""
        async with self._store.transaction() as transaction:
            if uri is None:
                await transaction.execute(delete(IngressRow).where(IngressRow.tenant_id == tenant_id))
            else:
                row = upsert(IngressRow).values(tenant_id=tenant_id, uri=uri)
                await transaction.execute(
                    row.on_conflict_do_update(index_elements=["tenant_id"], set_={"uri": row.excluded.uri})
                )


def _place(meeting: Meeting) -> str:
    return f"guest_accounts/{meeting.id}/password"
