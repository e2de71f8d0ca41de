"""A disk that does not do what it should while the server runs: said in one sentence, and over when it is over."""

import asyncio
import contextlib
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from confserver.errors import Unavailable
from confserver.store.folder import DATABASE
from confserver.store.lanes import MOST_WAITING, WRITERS
from confserver.store.models import CounterRow, TenantRow
from confserver.store.store import Store

WAIT_S = 0.2
LIMIT_S = 10.0


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(tmp_path, wait_s=WAIT_S)
    yield store
    await store.close()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Somebody else writes, and takes their time."""
    with contextlib.closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextlib.contextmanager
def full(room: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def write(store: Store, domain: str, size: int = 10) -> None:
    async with store.transaction() as transaction:
        transaction.add(TenantRow(id=domain, domain=domain, name="x" * size, created_at=datetime.now(UTC)))


async def count(store: Store) -> int:
    query = select(func.count()).select_from(TenantRow)
    return await store.read(lambda reading: reading.scalar(query)) or 0


async def test_while_another_process_writes_reading_goes_on_and_writing_is_refused_for_now(
    store: Store, tmp_path: Path
) -> None:
    with locked(tmp_path):
        with pytest.raises(Unavailable, match="locked") as refused:
            await write(store, "a")
        assert refused.value.retry_after_s > 0
        assert await count(store) == 0
    await write(store, "a")
    assert await count(store) == 1


async def test_a_server_starts_while_another_process_writes(store: Store, tmp_path: Path) -> None:
    with locked(tmp_path):
        second = await Store.open(tmp_path, wait_s=WAIT_S)
        assert await count(second) == 0
        await second.close()


async def test_a_disk_that_is_full_keeps_what_it_has(store: Store) -> None:
    await write(store, "a")
    with full(room=256 * 1024):
        with pytest.raises(Unavailable):
            await write(store, "b", size=1024 * 1024)
        assert await count(store) == 1
    await write(store, "b", size=1024 * 1024)
    assert await count(store) == 2


@pytest.mark.parametrize(
    ("pragma", "word"), [("PRAGMA max_page_count = 1", "full"), ("PRAGMA query_only = 1", "readonly")]
)
async def test_what_sqlite_says_of_the_disk_reaches_the_operator(store: Store, pragma: str, word: str) -> None:
    async with store.transaction() as transaction:
        await transaction.execute(text(pragma))
    with pytest.raises(Unavailable, match=word):
        await write(store, "a", size=1024 * 1024)
    assert await count(store) == 0


async def test_nobody_writes_by_mistake_where_only_reading_was_meant(store: Store) -> None:
    with pytest.raises(Unavailable, match="readonly"):
        await store.read(lambda reading: reading.add(CounterRow(name="mine", value=1)))


async def test_a_mistake_in_a_statement_stays_one(store: Store) -> None:
    with pytest.raises(Exception, match="no such table"):
        async with store.transaction() as transaction:
            await transaction.execute(text("SELECT * FROM nowhere"))


async def test_those_who_wait_for_a_locked_database_are_few_and_do_not_wait_long(store: Store, tmp_path: Path) -> None:
    with locked(tmp_path):
        async with asyncio.timeout(LIMIT_S):
            writing = [asyncio.create_task(write(store, str(number))) for number in range(3 * MOST_WAITING)]
            assert await _done_at_once(writing) == 2 * MOST_WAITING - WRITERS
            # The loop is free and nobody who reads stands in that queue.
            assert await count(store) == 0
            refusals = await asyncio.gather(*writing, return_exceptions=True)
    assert {type(refusal) for refusal in refusals} == {Unavailable}
    await write(store, "a")


async def _done_at_once(tasks: list[asyncio.Task[None]]) -> int:
    for _ in range(5):
        await asyncio.sleep(0)
    return sum(task.done() for task in tasks)


async def test_who_gives_up_waiting_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    with locked(tmp_path):
        writing = [asyncio.create_task(write(store, str(number))) for number in range(5)]
        assert await count(store) == 0
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
    await write(store, "a")
    assert await count(store) == 1
