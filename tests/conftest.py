"""Every test leaves the process as it found it: no task, thread, socket or open file may outlive it.

This file only hooks the check into pytest; tests/tools/leaks.py knows what is counted and what is excused. It also
holds what tests of several folders share.
"""

import inspect
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.peers.daemon import Daemon, running_daemon
from tests.tools.leaks import Snapshot, ending_all_tasks

# An example may take as long as the machine lets it; what a parser may take for an input, `make fuzz` watches.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long. Ask for the task check where there is an event loop: early, so that it is torn down
    after the test's own fixtures, yet inside `nothing_left_open`, which looks when the loop is closed.
    """
    if "long" not in config.option.markexpr:
        _leave_out_long(config, items)
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(inspect.unwrap(item.function)):
            item.fixturenames.insert(item.fixturenames.index("nothing_left_open") + 1, "no_task_left")


def _leave_out_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Fail a test that leaves a thread or a descriptor. What session fixtures opened before it is not its own."""
    before = Snapshot.take()
    yield
    leaks = before.wait_for_leaks()
    if leaks:
        pytest.fail("left behind: " + "; ".join(leaks), pytrace=False)


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    """Fail a test that leaves a task running: asyncio would cancel it silently at the loop's end."""
    async with ending_all_tasks():
        yield


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One daemon for all tests that only need a meeting of their own. Who ends or breaks one starts their own."""
    with running_daemon(tmp_path_factory.mktemp("daemon")) as running:
        yield running
