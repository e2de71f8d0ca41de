"""One database for a test that tells a hundred stories, each with a meeting of its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

from confserver.auth.identity import Role, User
from confserver.config import Settings
from confserver.services import Services, open_services
from confserver.store.lanes import READERS
from confserver.store.store import Store
from tests.confserver.conftest import PASSWORD


@contextmanager
def shared_storage(folder: Path) -> Iterator[tuple[asyncio.Runner, Services, User]]:
    """The loop that all stories are told on, the services, and the host of all meetings."""
    with asyncio.Runner() as runner:
        services = open_services(Settings(data_dir=folder))
        opened = runner.run(services.__aenter__())
        yield runner, opened, runner.run(_begin(opened))
        runner.run(services.__aexit__(None, None, None))


async def _begin(services: Services) -> User:
    await _wake_readers(services.store)
    accounts = services.accounts
    return await accounts.add(await accounts.ensure_tenant("default"), "ada", PASSWORD, Role.USER)


async def _wake_readers(store: Store) -> None:
    """Start every thread of the store's now: none shall seem to be left behind by a story."""
    together = Barrier(READERS)
    await asyncio.gather(*(store.read(lambda reading: together.wait()) for _ in range(READERS)))
