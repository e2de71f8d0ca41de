"""The ICE-lite side of one transport: which checks are believed, which address is sent to, when the peer is gone.

It sends no checks of its own and gathers no candidates: a server at a known address only answers.
RFC 8445 sections 7.3 and 8.1; RFC 7675 section 5.1 for consent, seen from the side that is asked.
"""

from collections.abc import KeysView
from dataclasses import dataclass
from enum import Enum

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import TransportParams
from mixer.wire.stun import Address, ErrorCode, Message, MessageClass, build_error, build_success

CONSENT_S = 30.0
"""A peer that has not checked for so long does not want anything sent any more."""
FRESH_S = 7.0
"""A pair in use is checked every 2.5 s (Chromium) to 6 s (RFC 7675): one that is not has been left."""
MAX_ADDRESSES = 16
CHECKS_PER_S = 50.0
"""Valid ones, of all pairs together: agents pace their checks by 50 ms, or 20 ms."""
CHECK_BURST = 100.0


class IceState(Enum):
    """How far a transport's ICE has come."""

    WAITING = "waiting"
    CHECKED = "checked"
    NOMINATED = "nominated"
    EXPIRED = "expired"


class IceInput(Enum):
    """What happens to it: a valid check, one that nominates, CONSENT_S without any."""

    CHECK = "check"
    NOMINATION = "nomination"
    SILENCE = "silence"


TRANSITIONS: dict[tuple[IceState, IceInput], IceState] = {
    (IceState.WAITING, IceInput.CHECK): IceState.CHECKED,
    (IceState.WAITING, IceInput.NOMINATION): IceState.NOMINATED,
    (IceState.WAITING, IceInput.SILENCE): IceState.EXPIRED,
    (IceState.CHECKED, IceInput.CHECK): IceState.CHECKED,
    (IceState.CHECKED, IceInput.NOMINATION): IceState.NOMINATED,
    (IceState.CHECKED, IceInput.SILENCE): IceState.EXPIRED,
    (IceState.NOMINATED, IceInput.CHECK): IceState.NOMINATED,
    (IceState.NOMINATED, IceInput.NOMINATION): IceState.NOMINATED,
    (IceState.NOMINATED, IceInput.SILENCE): IceState.EXPIRED,
}
"""EXPIRED has no way out: a check that comes later is dropped before it is an input."""


@dataclass(slots=True)
class Pair:
    """An address the peer has proven to be reached at."""

    priority: int
    is_nominated: bool
    checked_at: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back to a check. Unless `is_valid` the check has changed nothing."""

    reply: bytes
    is_valid: bool


class IceLiteAgent:
    """Answers checks. `selected` is the address to send to, None before the first valid check.

    Media may come from any of `addresses`. Of these the one sent to is, in this order: checked lately, nominated, of
    the highest priority.
    """

    def __init__(self, params: TransportParams, drops: Drops, now: float) -> None:
        self.state = IceState.WAITING
        self.selected: Address | None = None
        self.expires_at = now + CONSENT_S
        self._username = f"{params.local_ufrag}:{params.remote_ufrag}"
        self._password = params.local_pwd
        self._pairs: dict[Address, Pair] = {}
        self._limit = RateLimit(CHECKS_PER_S, CHECK_BURST)
        self._drops = drops

    @property
    def is_expired(self) -> bool:
        """Whether the peer has been silent for too long; there is no way back."""
        return self.state is IceState.EXPIRED

    @property
    def addresses(self) -> KeysView[Address]:
        """Where valid checks came from, at most MAX_ADDRESSES."""
        return self._pairs.keys()

    def handle_check(self, message: Message, address: Address, now: float) -> Answer | None:
        """Judge a STUN message; None when it deserves no answer (its reason is counted)."""
        reason = self._reason_to_ignore(message)
        if reason is not None:
            self._drops[reason] += 1
            return None
        if not self._limit.allows(now):
            self._drops[DropReason.STUN_TOO_MANY] += 1
            return None
        if message.unknown_required:
            return self._refuse(message, ErrorCode.UNKNOWN_ATTRIBUTE)
        if message.controlled is not None:
            # Both ends would be controlled, and a lite agent cannot take the other role (section 6.1.1).
            return self._refuse(message, ErrorCode.ROLE_CONFLICT)
        self._note(message, address, now)
        return Answer(build_success(message.transaction_id, address, self._password), is_valid=True)

    def handle_timer(self, now: float) -> None:
        """Expire if the peer was silent for CONSENT_S."""
        if now >= self.expires_at and not self.is_expired:
            self._advance(IceInput.SILENCE)

    def forget(self, address: Address) -> None:
        """An address has become another transport's: neither expect nor send anything there."""
        pair = self._pairs.pop(address, None)
        if pair is not None and address == self.selected:
            self._select(pair.checked_at)

    def _reason_to_ignore(self, message: Message) -> DropReason | None:
        if self.is_expired:
            return DropReason.STUN_CLOSED
        if message.message_class is not MessageClass.REQUEST:
            return DropReason.STUN_NOT_A_REQUEST
        if message.username != self._username:
            return DropReason.STUN_UNKNOWN_USERNAME
        if message.integrity is None:
            return DropReason.STUN_NO_INTEGRITY
        if not message.is_signed_with(self._password):
            return DropReason.STUN_WRONG_INTEGRITY
        return None

    def _refuse(self, message: Message, code: ErrorCode) -> Answer:
        self._drops[DropReason.STUN_REFUSED] += 1
        reply = build_error(message.transaction_id, code, self._password, message.unknown_required)
        return Answer(reply, is_valid=False)

    def _note(self, message: Message, address: Address, now: float) -> None:
        pair = self._pairs.get(address)
        if pair is None:
            self._make_room()
            pair = self._pairs[address] = Pair(0, is_nominated=False, checked_at=now)
        pair.priority = message.priority or 0
        pair.is_nominated |= message.is_nominating
        pair.checked_at = now
        self.expires_at = now + CONSENT_S
        self._advance(IceInput.NOMINATION if message.is_nominating else IceInput.CHECK)
        self._select(now)

    def _make_room(self) -> None:
        """Give up the address that was silent for longest, when there are too many."""
        if len(self._pairs) >= MAX_ADDRESSES:
            others = (address for address in self._pairs if address != self.selected)
            del self._pairs[min(others, key=lambda address: self._pairs[address].checked_at)]

    def _advance(self, what: IceInput) -> None:
        self.state = TRANSITIONS[self.state, what]

    def _select(self, now: float) -> None:
        def rank(address: Address) -> tuple[bool, bool, int]:
            pair = self._pairs[address]
            return now - pair.checked_at < FRESH_S, pair.is_nominated, pair.priority

        self.selected = max(self._pairs, key=rank, default=None)
