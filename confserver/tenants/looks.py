"""How tenants dress their waiting rooms: words, colours, a logo, music.

Kept in the database; in memory is what a door needs at once. A tune is also a file in the data folder, from which the
media worker plays it; a missing one is written again.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from confserver.store.models import LookRow
from confserver.store.store import Store
from signaling.ports import Look

FOLDER = "music"
LOGOS = "/api/looks"


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture and its media type."""

    type: str
    picture: bytes


class Looks:
    """`read` comes first. Calls that wait raise Unavailable when the database cannot be used."""

    def __init__(self, store: Store, data_dir: Path) -> None:
        self._store = store
        self._folder = data_dir / FOLDER
        self._looks: dict[str, Look] = {}
        self._tunes: dict[str, Path] = {}
        self._changing_tune = asyncio.Lock()

    async def read(self) -> None:
        """At the start: what is stored, and the files of tunes that are not there."""

        def find(reading: Session) -> tuple[Sequence[LookRow], dict[str, bytes | None]]:
            rows = reading.scalars(select(LookRow)).all()
            return rows, {
                row.tenant_id: reading.scalar(select(LookRow.music).where(LookRow.tenant_id == row.tenant_id))
                for row in rows
                if row.music_name and not self._path(row.music_name).exists()
            }

        rows, tunes = await self._store.read(find)
        for row in rows:
            self._keep(row)
            music = tunes.get(row.tenant_id)
            if row.music_name and music:
                await asyncio.to_thread(self._write_tune, row.music_name, music)

    def of(self, tenant_id: str) -> Look:
        """How a tenant's waiting room looks; plain if nobody has dressed it."""
        return self._looks.get(tenant_id, Look())

    def music_of(self, tenant_id: str) -> str | None:
        """The path of a tenant's tune; None for silence."""
        tune = self._tunes.get(tenant_id)
        return str(tune) if tune else None

    async def dress(self, tenant_id: str, text: str | None, background: str | None, accent: str | None) -> Look:
        """Other words and colours; the rest stays."""
        return await self._change(tenant_id, text=text, background=background, accent=accent)

    async def set_logo(self, tenant_id: str, logo: Logo | None) -> Look:
        """Another logo, or none."""
        name = _digest(logo.picture) if logo else None
        kind, picture = (logo.type, logo.picture) if logo else (None, None)
        return await self._change(tenant_id, logo_name=name, logo_type=kind, logo=picture)

    async def set_music(self, tenant_id: str, packets: bytes | None) -> Look:
        """Another tune, or silence. Who waits already hears it when their lobby is next opened."""
        name = _digest(packets) if packets else None
        async with self._changing_tune:  # else one tenant's new tune might go as nobody's before it is theirs
            try:
                if name and packets:
                    await asyncio.to_thread(self._write_tune, name, packets)
                return await self._change(tenant_id, music_name=name, music=packets)
            finally:
                await asyncio.to_thread(self._forget_tunes, frozenset(self._tunes.values()))

    async def logo(self, name: str) -> Logo | None:
        """The logo with this name, whosever it is: who knows the name has seen the waiting room."""
        query = select(LookRow.logo_type, LookRow.logo).where(LookRow.logo_name == name).limit(1)
        row = await self._store.read(lambda reading: reading.execute(query).first())
        return Logo(row.logo_type, row.logo) if row else None

    async def _change(self, tenant_id: str, **values: Any) -> Look:
        statement = upsert(LookRow).values(tenant_id=tenant_id, **values)
        async with self._store.transaction() as transaction:
            await transaction.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=values))
            row = (await transaction.scalars(select(LookRow).where(LookRow.tenant_id == tenant_id))).one()
            self._keep(row)
        return self.of(tenant_id)

    def _keep(self, row: LookRow) -> None:
        look = Look(row.text, row.background, row.accent, has_music=row.music_name is not None)
        logo_url = f"{LOGOS}/{row.logo_name}" if row.logo_name else None
        self._looks[row.tenant_id] = replace(look, logo_url=logo_url)
        self._tunes.pop(row.tenant_id, None)
        if row.music_name:
            self._tunes[row.tenant_id] = self._path(row.music_name)

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _write_tune(self, name: str, packets: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        draft = self._path(f"{name}.draft")
        draft.write_bytes(packets)
        draft.replace(self._path(name))

    def _forget_tunes(self, kept: frozenset[Path]) -> None:
        """Those that are nobody's any more: each upload would leave its file. Lobbies that play one hold it open."""
        for path in set(self._folder.glob("*")) - kept:
            with contextlib.suppress(OSError):  # the next change looks again
                path.unlink()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
