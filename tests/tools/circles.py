"""What only the cycle collector can free: objects that hold one another in a circle and that nobody else knows.

It judges nothing; a test names what it expects of whom.
"""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Circles:
    """What was found once `gathering` has ended."""

    def __init__(self) -> None:
        self._found: Counter[str] = Counter()

    def of(self, *packages: str) -> dict[str, int]:
        """How many objects of the classes of these packages were in circles, or held by them."""
        return {name: count for name, count in self._found.items() if name.split(".")[0] in packages}

    def count(self, garbage: list[object]) -> None:
        """Take note of what the collector has kept for us."""
        self._found = Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in garbage)


@contextmanager
def gathering() -> Iterator[Circles]:
    """Nothing is collected meanwhile; what could have been is known when the block has ended."""
    circles = Circles()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield circles
        gc.collect()
        circles.count(gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
