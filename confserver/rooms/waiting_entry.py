"""Somebody who waits to be let into a meeting, as they are remembered: a value.

It holds no connection (`waiting_place`) and decides nothing.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from signaling.ports import WaitingView

LIVES_S = 24 * 3600.0


class WaitingState(StrEnum):
    """What a host has said of them."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """`since`: Unix seconds. `id` becomes that of their seat. `guest_id`: who asks again and again instead of waiting
    on a connection; `word`: what a host who turned them away said.

    `is_known`: a login says who they are; `is_verified`: a login or a named token says that this is their name;
    `was_removed`: they come from where somebody was removed. `role`: what they will be. `decided_at` (Unix seconds),
    `decided_by` (a name) and `decided_by_id`: of the host's answer.
    """

    id: str
    meeting_id: str
    display_name: str
    since: float
    guest_id: str | None = None
    state: WaitingState = WaitingState.PENDING
    word: str | None = None
    is_known: bool = False
    was_removed: bool = False
    is_verified: bool = False
    role: Role = Role.GUEST
    marks: Marks = field(default_factory=Marks, repr=False)
    decided_at: float | None = None
    decided_by: str | None = None
    decided_by_id: str | None = None
    tenant_id: str = ""

    @property
    def source(self) -> str:
        """The network they come from."""
        return self.marks.source

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to say anything of them any more."""
        is_accepted_request = self.state is WaitingState.ACCEPTED and self.guest_id is not None
        return self.state is WaitingState.REJECTED or is_accepted_request

    def decided(self, state: WaitingState, by: Actor | None, now: float, word: str | None = None) -> "WaitingEntry":
        """The same after the answer at `now`, Unix seconds; `by`: the host who gave it, if one did."""
        name, actor_id = (by.name, by.id) if by else (None, None)
        return replace(self, state=state, word=word, decided_by=name, decided_by_id=actor_id, decided_at=now)

    def view(self) -> WaitingView:
        """How hosts see them."""
        return WaitingView(self.id, self.display_name, self.since, self.is_known, self.was_removed)
