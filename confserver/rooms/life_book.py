"""The lives that storage has still to learn; `confserver.store.write_behind` carries them there.

It remembers nothing that is stored already (`lifetimes` follows what it must).
"""

from collections.abc import Callable, Mapping

from confserver.meetings.life_rows import StoredLife


class LifeBook:
    """Lives by meeting. `on_change` is called after each change."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._changed: dict[str, StoredLife] = {}
        self._taken: dict[str, StoredLife] = {}

    def note(self, meeting_id: str, stored: StoredLife) -> None:
        """It has come so far."""
        self._changed[meeting_id] = stored
        self.on_change()

    def drop(self, meeting_id: str) -> None:
        """The meeting is deleted."""
        self._changed.pop(meeting_id, None)

    def is_due(self, meeting_id: str) -> bool:
        """Whether storage has still to learn of it."""
        return meeting_id in self._changed

    def take_changes(self) -> Mapping[str, StoredLife] | None:
        """What has changed since it was asked last; None for nothing."""
        self._taken, self._changed = self._changed, {}
        return self._taken or None

    def changes_failed(self) -> None:
        """What was taken last did not reach storage; what is newer stays newer."""
        self._changed, self._taken = {**self._taken, **self._changed}, {}
        self.on_change()
