"""Who was shown the door: until the meeting is over, or for as long as it exists.

It remembers marks and finds them again; what a mark found again means for somebody is decided by `admission`.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from confserver.rooms.actor import Actor
from confserver.rooms.admission import Likeness
from confserver.rooms.ledger import Ledger
from confserver.rooms.marks import Marks
from signaling.errors import RequestError
from signaling.ports import RemovedView

MOST_OF_MEETING = 500
"""Of more, the oldest removal goes first, then the oldest ban."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody who may not come back. `is_lasting`: also not after the meeting is over; `at`: Unix seconds.

    `by`: the name of who did it.
    """

    id: str
    meeting_id: str
    seat_id: str
    display_name: str
    marks: Marks = field(repr=False)
    is_lasting: bool
    by: str
    at: float

    def view(self) -> RemovedView:
        """How hosts see them."""
        return RemovedView(self.id, self.display_name, self.is_lasting, self.by, self.at)


class Bans:
    """By meeting. `on_change` is told the meeting whose list has changed; `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.ledger: Ledger[Removal] = Ledger()
        self.on_change: Callable[[str], None] = lambda meeting_id: None
        self._clock = clock

    def restore(self, bans: Iterable[Removal]) -> None:
        """At the start: what storage holds."""
        self.ledger.recall(sorted(bans, key=lambda ban: ban.at))

    def of(self, meeting_id: str) -> tuple[Removal, ...]:
        """All of a meeting, oldest first."""
        return self.ledger.of(meeting_id)

    def views(self, meeting_id: str) -> tuple[RemovedView, ...]:
        """The same, as hosts see them."""
        return tuple(ban.view() for ban in self.of(meeting_id))

    def note(
        self, meeting_id: str, marks: Marks, seat_id: str, display_name: str, is_lasting: bool, by: Actor
    ) -> Removal:
        """Somebody was removed or banned by a host."""
        self._make_space(meeting_id)
        ban = Removal(
            secrets.token_urlsafe(9), meeting_id, seat_id, display_name, marks, is_lasting, by.name, self._clock()
        )
        self.ledger.put(ban)
        self.on_change(meeting_id)
        return ban

    def lift(self, meeting_id: str, ban_id: str) -> Removal:
        """They may come back, if they are let in. Raises RequestError `no_such_removal`."""
        ban = self.ledger.find(meeting_id, ban_id)
        if ban is None:
            raise RequestError("no_such_removal", "Nobody is kept out of this meeting under this id.")
        self.ledger.drop(ban)
        self.on_change(meeting_id)
        return ban

    def likeness(self, meeting_id: str, marks: Marks, seat_id: str | None) -> Likeness:
        """SAME: their seat, device, login or join token was shown the door; NEAR: somebody of their network was."""
        found = {_likeness(ban, marks, seat_id) for ban in self.ledger.of(meeting_id)}
        return next((each for each in (Likeness.SAME, Likeness.NEAR) if each in found), Likeness.NONE)

    def meeting_over(self, meeting_id: str, *, is_deleted: bool) -> None:
        """Removals were for the meeting that has ended, bans for as long as it is there."""
        for ban in self.ledger.of(meeting_id):
            if is_deleted or not ban.is_lasting:
                self.ledger.drop(ban)

    def _make_space(self, meeting_id: str) -> None:
        bans = self.ledger.of(meeting_id)
        if len(bans) >= MOST_OF_MEETING:
            self.ledger.drop(min(bans, key=lambda ban: (ban.is_lasting, ban.at)))


def _likeness(ban: Removal, marks: Marks, seat_id: str | None) -> Likeness:
    pairs = (
        (ban.seat_id, seat_id),
        (ban.marks.device, marks.device),
        (ban.marks.user_id, marks.user_id),
        (ban.marks.token_id, marks.token_id),
    )
    if any(one is not None and one == other for one, other in pairs):
        return Likeness.SAME
    return Likeness.NEAR if ban.marks.source and ban.marks.source == marks.source else Likeness.NONE
