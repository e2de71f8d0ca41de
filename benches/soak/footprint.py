"""What the daemon and its media worker hold at one moment: memory, threads, descriptors, tasks.

It judges nothing. Memory is what the process has written and nobody shares, swapped out or not. Pages of files are left
out: whether those of its libraries are its own depends on who else has opened the same ones, five megabytes at a time.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil  # type: ignore[import-untyped]

_TASKS = re.compile(r"^confserver_tasks (\S+)$", re.MULTILINE)
_WRITTEN_KB = re.compile(r"^(?:Anonymous|Swap): +(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Memory in megabytes; `held` counts by a name a reader understands, such as `worker threads`."""

    daemon_mb: float
    worker_mb: float
    held: dict[str, int]

    def grown(self, before: "Footprint") -> dict[str, int]:
        """What there is more of than before."""
        return {name: more for name, count in self.held.items() if (more := count - before.held.get(name, 0)) > 0}


async def take_footprint(http: aiohttp.ClientSession, http_url: str, daemon_pid: int) -> Footprint:
    """Now. Raises psutil.NoSuchProcess when the daemon is gone."""
    async with http.get(f"{http_url}/metrics") as response:
        tasks = _TASKS.search(await response.text())
    daemon = psutil.Process(daemon_pid)
    (worker,) = daemon.children()
    held = {"daemon tasks": int(float(tasks.group(1))) if tasks else 0}
    for name, process in (("daemon", daemon), ("worker", worker)):
        held |= {f"{name} threads": process.num_threads(), f"{name} descriptors": process.num_fds()}
    return Footprint(_written_mb(daemon_pid), _written_mb(worker.pid), held)


def _written_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kb) for kb in _WRITTEN_KB.findall(rollup)) / 1024
