"""The daemon under measure: started as an operator would, asked for its counters, its CPU time read from the kernel.

It runs on settings by default but for ports and data folder; nothing is switched off.
"""

import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import psutil  # type: ignore[import-untyped]

from confserver.store.folder import DATABASE
from tests.peers.daemon import Daemon, running_daemon

CAPACITY = 200
_SAMPLE = re.compile(r'^confserver_media\{name="(?P<name>[^"]+)",worker="\d+"\} (?P<value>\S+)$', re.MULTILINE)


class Subject:
    """A daemon that serves, alone on its ports."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self._processes = [psutil.Process(daemon.process.pid)]
        self._processes += self._processes[0].children(recursive=True)

    async def create_meeting(self) -> str:
        """The invite link of a new meeting for as many as allowed."""
        meeting = await self.daemon.create_meeting(subject="A bench", mode="VIDEO", capacity=CAPACITY)
        return str(meeting["invite_url"])

    async def counters(self) -> dict[str, float]:
        """Counters of the media worker by name, from `/metrics`; one that is still zero may be missing."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.daemon.http_url}/metrics") as response:
            text = await response.text()
        return {sample["name"]: float(sample["value"]) for sample in _SAMPLE.finditer(text)}

    def cpu_s(self) -> float:
        """Seconds, user and system, that the daemon and its workers have spent on a CPU."""
        return sum(_cpu_ns(process.pid) for process in self._processes) / 1e9


@contextlib.asynccontextmanager
async def running_subject(fill: Callable[[Path], None] | None = None) -> AsyncIterator[Subject]:
    """A fresh daemon on an empty data folder, ended when done; `fill` puts into its database what it shall find."""
    with tempfile.TemporaryDirectory(prefix="confserver-bench-") as folder:
        if fill is not None:
            await asyncio.to_thread(_fill, Path(folder), fill)
        context = running_daemon(Path(folder))
        daemon = await asyncio.to_thread(context.__enter__)
        try:
            yield Subject(daemon)
        finally:
            await asyncio.to_thread(context.__exit__, None, None, None)


def _fill(folder: Path, fill: Callable[[Path], None]) -> None:
    with running_daemon(folder) as daemon:
        database = daemon.data_dir / DATABASE
    fill(database)


def _cpu_ns(pid: int) -> int:
    """Of all threads: `schedstat` counts nanoseconds where `stat` counts hundredths of a second."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            total += int((thread / "schedstat").read_text().split()[0])
    return total
