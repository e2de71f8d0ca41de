"""`make crashes` in short, and that its judges would notice."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from confserver.config import Settings
from confserver.services import open_services
from confserver.store.folder import DATABASE
from tests.crashes.crash import crash_in_turn
from tests.crashes.inquest import examine_files
from tests.crashes.ledger import Ledger

pytestmark = pytest.mark.alone

KEY = ("locked", "a")


@pytest.mark.timeout(300)
async def test_after_kill_9_nothing_is_half_there_and_everybody_comes_back(tmp_path: Path) -> None:
    crashes = await crash_in_turn(tmp_path, 4, Random(5))
    assert [crash.victim for crash in crashes] == ["daemon", "worker"] * 2
    assert [fault for crash in crashes for fault in crash.faults] == []


async def test_a_row_that_lost_its_parent_and_a_torn_page_are_noticed(tmp_path: Path) -> None:
    async with open_services(Settings(data_dir=tmp_path)):
        pass
    assert examine_files(tmp_path) == []
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute("INSERT INTO rooms (meeting_id, is_locked) VALUES ('nowhere', 1)")
        connection.commit()
    assert examine_files(tmp_path) == ["rooms: row 1 has lost its meetings"]


def test_what_was_acknowledged_long_ago_must_be_and_what_came_after_may_be() -> None:
    ledger = Ledger()
    assert ledger.possible(KEY, 10.0) == []
    for value, acknowledged_at in ((False, 1.0), (True, 2.0), (False, 9.0), (True, None)):
        ledger.ask(KEY, value).acknowledged_at = acknowledged_at
    assert ledger.possible(KEY, 1.5) == [False, True, False, True]
    assert ledger.possible(KEY, 5.0) == [True, False, True]
    assert ledger.possible(KEY, 9.0) == [False, True]
    ledger.settle(KEY, False)
    assert ledger.possible(KEY, 1.0) == [False]
