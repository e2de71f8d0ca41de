"""The stream of events: how quick a page of a long one is, and what many followers cost the media.

A million events are stored before the daemon starts. Followers use Server-Sent Events; what they follow is a meeting in
which somebody is muted and unmuted again and again. The tick beside them has to stay within twice that of the same
meeting with nobody following.
"""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import aiohttp
import numpy as np

from benches.figures import Figure
from benches.load_process import running_load
from benches.scale import Scale
from benches.subject import Subject, running_subject

BENCH = "events"
STORED = 1_000_000
MEETINGS = 10_000
PAGES = 200
PAGE_TARGET_MS = 20.0
FOLLOWERS = 1_000
NETWORKS = 4
"""From which they follow: one alone may have fewer connections open."""
AT_ONCE = 32
"""So many of them ask at the same moment: more would be told to come again, as when too many open a door at once."""
PEOPLE = 10
CHANGES_PER_S = 5.0
TIMES_QUIET = 2.0
READ_BYTES = 65_536


async def measure(scale: Scale) -> list[Figure]:
    """Replay pages, and the tick without and with followers."""
    async with running_subject(_fill) as subject:
        figures = await _replay(subject)
    async with running_subject() as subject, running_load() as load:
        meeting = await subject.daemon.create_meeting(capacity=PEOPLE, mode="AUDIO")
        await load.join(str(meeting["invite_url"]), PEOPLE)
        await load.microphones(2, "muted")
        async with _changing(subject, str(meeting["id"])):
            await asyncio.sleep(scale.lateness_s)
            quiet = (await subject.counters())["tick.lateness_p99_ms"]
            async with _followers(subject) as heard:
                await asyncio.sleep(scale.lateness_s)
                counters = await subject.counters()
    told = sum(heard) / scale.lateness_s
    note = f"quiet {quiet:.2f} ms; {told:.0f} events/s told in all, {min(heard)} to {max(heard)} to each"
    busy = counters["tick.lateness_p99_ms"]
    return [*figures, Figure(BENCH, f"tick p99, {FOLLOWERS} follow", busy, "ms", TIMES_QUIET * quiet, note)]


def _fill(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        (tenant_id,) = connection.execute("SELECT id FROM tenants").fetchone()
        (owner_id,) = connection.execute("SELECT id FROM users").fetchone()
        connection.execute("DELETE FROM events")  # of the first meeting, made when the server was new
        connection.executemany(
            "INSERT INTO events (tenant_id, number, kind, meeting_id, owner_id, participant_id, at, detail, data) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _happened(tenant_id, owner_id),
        )
        connection.execute("INSERT OR REPLACE INTO streams (tenant_id, head) VALUES (?, ?)", (tenant_id, STORED))


def _happened(tenant_id: str, owner_id: str) -> Iterator[tuple[object, ...]]:
    random, now = Random(1), time.time()
    data = json.dumps({"display_name": "Ada Lovelace", "role": "guest", "via": "browser"})
    for number in range(1, STORED + 1):
        meeting_id = f"{random.randrange(MEETINGS):032x}"
        at = now - (STORED - number) / 10
        yield tenant_id, number, "participant.joined", meeting_id, owner_id, "p", at, "guest", data


async def _replay(subject: Subject) -> list[Figure]:
    random = Random(2)
    anywhere = [f"/events?after={random.randrange(STORED - 100)}" for _ in range(PAGES)]
    return [
        await _pages(subject, "a page of 100", anywhere),
        await _pages(subject, "the last page", [f"/events?after={STORED - 100}"] * PAGES),
    ]


async def _pages(subject: Subject, name: str, paths: list[str]) -> Figure:
    headers = {"Authorization": f"Bearer {await subject.daemon.login()}"}
    took_ms = []
    async with aiohttp.ClientSession(subject.daemon.http_url, headers=headers, raise_for_status=True) as http:
        for path in paths:
            began_at = time.perf_counter()
            async with http.get(f"/api{path}") as response:
                await response.read()
            took_ms.append((time.perf_counter() - began_at) * 1000)
    note = f"p50 {np.percentile(took_ms, 50):.1f} ms, {STORED:,} events stored"
    return Figure(BENCH, f"{name}, p95", float(np.percentile(took_ms, 95)), "ms", PAGE_TARGET_MS, note)


@contextlib.asynccontextmanager
async def _changing(subject: Subject, meeting_id: str) -> AsyncIterator[None]:
    """Something happens in the meeting, again and again."""
    people = (await subject.daemon.call("GET", f"/user/meetings/{meeting_id}/participants"))["items"]
    path = f"/user/meetings/{meeting_id}/participants/{people[-1]['id']}"

    async def change() -> None:
        while True:
            for deed in ("mute", "unmute"):
                await subject.daemon.call("POST", f"{path}/{deed}")
                await asyncio.sleep(1 / CHANGES_PER_S)

    task = asyncio.create_task(change())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _followers(subject: Subject) -> AsyncIterator[list[int]]:
    """How many events each of them has heard, counted as they come."""
    headers = {"Authorization": f"Bearer {await subject.daemon.login()}"}
    heard = [0] * FOLLOWERS
    gate, is_following = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(0)

    async def follow(index: int) -> None:
        async with gate:
            response = await networks[index % NETWORKS].get("/api/events/stream")
        is_following.release()
        async with response:
            async for chunk in response.content.iter_chunked(READ_BYTES):
                heard[index] += chunk.count(b"\ndata: ")

    async with contextlib.AsyncExitStack() as stack:
        networks = [
            await stack.enter_async_context(_network(subject, f"127.0.0.{number + 2}", headers))
            for number in range(NETWORKS)
        ]
        tasks = [asyncio.create_task(follow(index)) for index in range(FOLLOWERS)]
        try:
            async with asyncio.timeout(60):
                for _ in tasks:
                    await is_following.acquire()
            heard[:] = [0] * FOLLOWERS
            yield heard
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _network(subject: Subject, address: str, headers: dict[str, str]) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        subject.daemon.http_url,
        headers=headers,
        raise_for_status=True,
        connector=aiohttp.TCPConnector(limit=0, local_addr=(address, 0)),
        timeout=aiohttp.ClientTimeout(total=None),
    )
