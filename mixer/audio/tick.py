"""The beat of the mixers: absolute deadlines every 20 ms, kept for as long as a worker runs.

A late beat is counted and skipped, never replayed in a burst. It does not know what happens on a beat.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

import numpy as np

from mixer.audio.pcm import FRAME_S

REMEMBERED_TICKS = 3_000
"""One minute of lateness, from which the percentiles are told."""


class TickSchedule:
    """When the next tick is due, and how late the last ones were. `start`: the first deadline, in monotonic seconds."""

    def __init__(self, start: float, period_s: float = FRAME_S) -> None:
        self._start = start
        self._period_s = period_s
        self._index = 0
        self._lateness_s: deque[float] = deque(maxlen=REMEMBERED_TICKS)
        self.skipped = 0

    @property
    def deadline(self) -> float:
        """Computed from the start, so that rounding never adds up."""
        return self._start + self._index * self._period_s

    def pass_deadline(self, now: float) -> int:
        """The tick that is due takes place at `now`. Returns how many deadlines are missed since, to be skipped."""
        lateness = max(0.0, now - self.deadline)
        self._lateness_s.append(lateness)
        missed = int(lateness / self._period_s)
        self._index += 1 + missed
        self.skipped += missed
        return missed

    def lateness_percentile(self, percent: float) -> float:
        """Of the last minute, in seconds; 0 before the first tick."""
        return float(np.percentile(self._lateness_s, percent)) if self._lateness_s else 0.0


class Ticker:
    """Calls `on_tick(now, skipped)` on the running event loop from construction until `close`."""

    def __init__(self, on_tick: Callable[[float, int], None]) -> None:
        self._on_tick = on_tick
        self._loop = asyncio.get_running_loop()
        self.schedule = TickSchedule(monotonic() + FRAME_S)
        self._timer = self._arm()

    def close(self) -> None:
        """No tick takes place after this."""
        self._timer.cancel()

    def _tick(self) -> None:
        now = monotonic()
        skipped = self.schedule.pass_deadline(now)
        # Armed before the work: an error in one tick is the loop's to report, and not the end of all sound.
        self._timer = self._arm()
        self._on_tick(now, skipped)

    def _arm(self) -> asyncio.TimerHandle:
        # Not by the loop's own clock: uvloop's stands still while callbacks run, and counts whole milliseconds.
        return self._loop.call_later(max(0.0, self.schedule.deadline - monotonic()), self._tick)
