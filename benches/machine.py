"""How much of the machine others used while it was measured: figures taken on a busy machine say little.

It ends nobody and blames nobody; it only tells.
"""

import os
import time

import psutil  # type: ignore[import-untyped]

from benches.figures import Figure

BENCH = "machine"


class Onlooker:
    """Looks on from construction until `figure`, which is asked for once all our own processes have ended."""

    def __init__(self) -> None:
        self._began_at = time.monotonic()
        self._busy_s = _busy_s()
        self._own_s = _own_s()

    def figure(self) -> Figure:
        """CPU time that was neither the daemon's, the load's nor the bench's, as a share of all cores."""
        cores = os.cpu_count() or 1
        elapsed_s = time.monotonic() - self._began_at
        others_s = _busy_s() - self._busy_s - (_own_s() - self._own_s)
        note = f"{cores} cores, for {elapsed_s:.0f} s"
        return Figure(BENCH, "used by other processes", max(0.0, 100 * others_s / elapsed_s / cores), "%", note=note)


def _busy_s() -> float:
    """Seconds in which a core did anything. Guests' time is in `user` already."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq + times.steal)


def _own_s() -> float:
    """Of this process and of all its descendants that have ended."""
    return sum(os.times()[:4])
