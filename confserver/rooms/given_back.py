"""One-time tokens whose holders did not get in: what is to be written so that they may try again.

Memory of a `WriteBehind`; that they were used is written before anybody gets in, not behind.
"""

from collections.abc import Callable


class GivenBack:
    """Ids of join tokens."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._due: set[str] = set()
        self._under_way: frozenset[str] = frozenset()

    def put(self, token_id: str) -> None:
        """Whoever used it did not get in."""
        self._due.add(token_id)
        self.on_change()

    def take_changes(self) -> frozenset[str] | None:
        """What is due; None for nothing."""
        self._under_way, self._due = frozenset(self._due), set()
        return self._under_way or None

    def changes_failed(self) -> None:
        """What was taken last is due again."""
        self._due |= self._under_way
        self.on_change()
