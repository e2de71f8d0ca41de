"""Who gives a place up when a waiting room is full, so that no network keeps all others out by waiting often.

It looks at networks only: who may wait at all is decided by `admission`.
"""

from collections import Counter
from collections.abc import Sequence

from confserver.rooms.admission import MOST_WAITING
from confserver.rooms.waiting_entry import WaitingEntry, WaitingState


def who_yields(waiting: Sequence[WaitingEntry], source: str) -> WaitingEntry | None:
    """Of those who wait, longest first, the one whose place somebody from this network may have.

    It is the newest of the network with most places, if that has still no fewer than theirs afterwards. None: nobody
    needs to, or nobody has to: who was let in, or is known by a login, keeps the place.
    """
    if len(waiting) < MOST_WAITING:
        return None
    places = Counter(each.marks.source for each in waiting)
    crowd, count = places.most_common(1)[0]
    if count <= places[source] + 1:
        return None
    return next((each for each in reversed(waiting) if each.marks.source == crowd and _may_yield(each)), None)


def _may_yield(entry: WaitingEntry) -> bool:
    return entry.state is WaitingState.PENDING and not entry.is_known
