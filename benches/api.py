"""The API of a server that has many meetings: how long lists, searches and new meetings take.

100,000 meetings are stored before the daemon starts. Each call is sent alone, after the one before, and timed from its
first byte to the last of the answer; a page has 100 meetings. The floor is what Python's json takes here and now to
read such a page and to write it again: it tells machines, and their moods, apart.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from sqlalchemy import create_engine, insert

from benches.figures import Figure, percentile
from benches.scale import Scale
from benches.subject import running_subject
from confserver.meetings.life import Life, Moment, Terms, next_due, stand
from confserver.meetings.life_rows import StoredLife, life_values
from confserver.meetings.schedule import Schedule
from confserver.store.models import LifecycleRow

BENCH = "api"
STORED = 100_000
CALLS = 100
TARGET_P95_MS = 20.0
FIRST_NUMBER = 500_000_000
NO_SHOW_S = 30 * 60.0
WORDS = ("Weekly", "Standup", "Board", "Retro", "Design", "Review", "Sales", "Hiring", "Budget", "Roadmap", "London")
NUMBERS = [f"{number:05}" for number in range(345, STORED, 4_321)]
SOON = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86 * 86_400))
NEW = {"subject": "A new one", "mode": "VIDEO", "timezone": "Europe/Berlin"}
MEETINGS = "/api/user/meetings"


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of call. `queries` are asked in turn; `body`: what is posted."""

    name: str
    queries: Sequence[Mapping[str, str]]
    target_ms: float | None = TARGET_P95_MS
    body: Mapping[str, Any] | None = None


ASKS = (
    Ask("list, first page", [{}]),
    Ask("list, pages anywhere", [{"skip": str(skip)} for skip in range(0, STORED, STORED // 25)]),
    Ask("search, few found", [{"search": number} for number in NUMBERS]),
    Ask("search, many found", [{"search": word} for word in WORDS]),
    Ask("search, two letters", [{"search": word[:2]} for word in WORDS], None),
    Ask("filter by time, in order", [{"filter": f"scheduled_start_at ge {SOON}", "orderby": "scheduled_start_at"}]),
    Ask("filter by name, few found", [{"filter": f"contains(subject,'{number}')"} for number in NUMBERS]),
    Ask("filter by mode, all found", [{"filter": "mode eq 'VIDEO'"}], None),
    Ask("order by name", [{"orderby": "subject desc"}]),
    Ask("create", [{}], body=NEW),
)


async def measure(scale: Scale) -> list[Figure]:
    """Percentiles of each kind of call."""
    async with running_subject(_fill) as subject:
        headers = {"Authorization": f"Bearer {await subject.daemon.login()}"}
        async with aiohttp.ClientSession(subject.daemon.http_url, headers=headers, raise_for_status=True) as http:
            return [await _floor(http), *[await _ask(http, ask) for ask in ASKS], await _floor(http)]


async def _floor(http: aiohttp.ClientSession) -> Figure:
    async with http.get(MEETINGS) as response:
        page = await response.text()
    took_ms = []
    for _ in range(CALLS):
        began_at = time.perf_counter()
        json.dumps(json.loads(page))
        took_ms.append((time.perf_counter() - began_at) * 1000)
    return _figure("floor, p95", took_ms, None)


def _figure(name: str, took_ms: Sequence[float], target_ms: float | None) -> Figure:
    note = f"p50 {percentile(took_ms, 50):.1f} ms, {STORED:,} meetings stored"
    return Figure(BENCH, name, percentile(took_ms, 95), "ms", target_ms, note)


async def _ask(http: aiohttp.ClientSession, ask: Ask) -> Figure:
    took_ms = []
    for query in islice(cycle(ask.queries), CALLS):
        method = "POST" if ask.body else "GET"
        began_at = time.perf_counter()
        async with http.request(method, MEETINGS, params=query, json=ask.body) as response:
            await response.read()
        took_ms.append((time.perf_counter() - began_at) * 1000)
    return _figure(f"{ask.name}, p95", took_ms, ask.target_ms)


def _fill(database: Path) -> None:
    """Copies the first meeting, with other names, numbers and times; the server has looked at each."""
    now = time.time()
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA cache_size = -500000")
        connection.row_factory = sqlite3.Row
        first = dict(connection.execute("SELECT * FROM meetings").fetchone())
        columns = ", ".join(first)
        places = ", ".join(f":{name}" for name in first)
        connection.executemany(f"INSERT INTO meetings ({columns}) VALUES ({places})", _copies(first, now))
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as lives:
        lives.execute(insert(LifecycleRow), list(_lives(now)))
    engine.dispose()


def _starts(now: float) -> Iterator[tuple[str, float]]:
    """The meetings' ids, and when they begin, in Unix seconds."""
    random = Random(1)
    for number in range(STORED):
        yield f"{number:032x}", now // 1 + random.randint(-90 * 86_400, 90 * 86_400)


def _lives(now: float) -> Iterator[dict[str, Any]]:
    for meeting_id, start in _starts(now):
        terms = Terms(Schedule(start), no_show_s=NO_SHOW_S)
        life = stand(terms, Life(), Moment(now))
        due = next_due(terms, life, Moment(now))
        yield life_values(meeting_id, StoredLife(life, now + due.in_s if due else None))


def _copies(first: dict[str, Any], now: float) -> Iterator[dict[str, Any]]:
    random = Random(2)
    for number, (meeting_id, start) in enumerate(_starts(now)):
        yield {
            **first,
            "id": meeting_id,
            "access_key": f"{number:022x}",
            "extension_number": str(FIRST_NUMBER + number),
            "subject": f"{' '.join(random.sample(WORDS, 3))} {number:05}",
            "scheduled_start_at": time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(start)),
            "created_at": time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(now - STORED + number)),
        }
