"""The promise that every target makes beside its own: no input costs more than 50 ms of processor time.

Taking coverage makes code several times as slow, so under atheris the costliest inputs are only picked out
(`Costliest`); whether one breaks the promise is measured without it (`cost_ms`). The time is the thread's own: a busy
machine breaks no promise.
"""

import heapq
from collections.abc import Callable
from pathlib import Path
from time import thread_time

LIMIT_MS = 50.0
TRIES = 4
"""The quickest of so many counts: a garbage collection may fall into any of them."""

KEPT = 20

Check = Callable[[bytes], None]


def cost_ms(check: Check, data: bytes) -> float:
    """What one input costs at the least, in milliseconds."""
    return min(_run(check, data) for _ in range(TRIES))


class Costliest:
    """A check that leaves the KEPT inputs that took longest in `folder`, at once: libFuzzer ends without a farewell."""

    def __init__(self, check: Check, folder: Path) -> None:
        self._check = check
        self._kept = [(0.0, folder / str(number)) for number in range(KEPT)]

    def __call__(self, data: bytes) -> None:
        """Check one input. Raises what the check raises."""
        took_ms = _run(self._check, data)
        least_ms, path = self._kept[0]
        if took_ms > least_ms:
            path.write_bytes(data)
            heapq.heapreplace(self._kept, (took_ms, path))


def _run(check: Check, data: bytes) -> float:
    began_at = thread_time()
    check(data)
    return 1000 * (thread_time() - began_at)
