"""How long the benches take: long enough for steady figures, or quick enough to try a change.

It names no bench.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds and counts. `window_s` is measured after `settle_s`, in which a room comes to rest.

    `lateness_s` should exceed the minute that the worker remembers of its ticks, or what went before is in the figure.
    """

    settle_s: float
    window_s: float
    joins: int
    latency_s: float
    idle_s: float
    lateness_s: float


FULL = Scale(settle_s=2.0, window_s=6.0, joins=60, latency_s=15.0, idle_s=20.0, lateness_s=62.0)
QUICK = Scale(settle_s=1.2, window_s=1.2, joins=12, latency_s=3.0, idle_s=3.0, lateness_s=3.0)
