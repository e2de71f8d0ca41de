"""What a server was asked to remember and what it has acknowledged, and so what it may know after a crash.

It asks nobody. A fact has one key and a history; what was not acknowledged may have happened or not, and nothing else.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Entry:
    """One value a fact was given; `acknowledged_at` (monotonic seconds) is None until the server said yes."""

    value: object
    acknowledged_at: float | None = None


@dataclass
class Ledger:
    """Facts by key, oldest value first."""

    _facts: dict[Hashable, list[Entry]] = field(default_factory=dict)

    def ask(self, key: Hashable, value: object) -> Entry:
        """Note that the server is now being asked to make this so; set `acknowledged_at` of the entry when it has."""
        entry = Entry(value)
        self._facts.setdefault(key, []).append(entry)
        return entry

    def possible(self, key: Hashable, settled_before: float) -> list[object]:
        """The values the fact may have after a crash, if what was acknowledged before that time must have lasted."""
        values: list[object] = []
        for entry in self._facts.get(key, []):
            is_settled = entry.acknowledged_at is not None and entry.acknowledged_at <= settled_before
            values = [entry.value] if is_settled else [*values, entry.value]
        return values

    def settle(self, key: Hashable, value: object) -> None:
        """After a crash this is how it is, and no other value is possible any more."""
        self._facts[key] = [Entry(value, acknowledged_at=0.0)]

    def forget(self, key: Hashable) -> None:
        """Nothing is said of it any more."""
        self._facts.pop(key, None)

    def keys(self, kind: str) -> list[tuple[str, str]]:
        """The keys of a kind: keys are pairs of a kind and an id."""
        return [key for key in self._facts if isinstance(key, tuple) and key[0] == kind]
