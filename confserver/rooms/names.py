"""Whether one name passes for another, and the mark that a guest bears whose name passes for a host's.

It knows no letters of different scripts that look alike (UTS #39); those stand beside the role and the mark of who is
verified. UAX #15 (NFKC), Unicode 3.13 (case folding).
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST_CHARACTERS = 64
GUEST_MARK = " (guest)"

INVISIBLE = frozenset("CZM")
"""General categories, by their first letter, that are not compared: controls and formats, spaces, marks."""


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody is called. `is_verified`: a login or a named token says so."""

    display_name: str
    is_verified: bool = False


def plain(name: str) -> str:
    """The name without what the eye passes over: case, width, accents, spaces, characters that are not shown."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(character for character in apart if unicodedata.category(character)[0] not in INVISIBLE)


def passes_for(name: str, others: Iterable[str]) -> bool:
    """Whether somebody under this name could be taken for one of the others."""
    return plain(name) in {plain(other) for other in others}


def guest_name(name: str, hosts: Iterable[str]) -> str:
    """The name under which a guest is seated: with `GUEST_MARK` if it passes for that of one of these hosts."""
    return name[: MOST_CHARACTERS - len(GUEST_MARK)].rstrip() + GUEST_MARK if passes_for(name, hosts) else name
