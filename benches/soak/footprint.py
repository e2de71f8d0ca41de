"""What the daemon and its media worker hold at one moment: memory, threads, descriptors, tasks.

It judges nothing. Memory is what would come back to the system if the process ended (USS).
"""

import re
from dataclasses import dataclass

import aiohttp
import psutil  # type: ignore[import-untyped]

MB = 1024 * 1024
_TASKS = re.compile(r"^confserver_tasks (\S+)$", re.MULTILINE)


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
    return Footprint(_uss_mb(daemon), _uss_mb(worker), held)


def _uss_mb(process: psutil.Process) -> float:
    return float(process.memory_full_info().uss) / MB
