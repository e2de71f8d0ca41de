"""The ICE-lite side of one transport: which checks are believed, what is answered, when the peer is gone.

It sends no checks of its own and gathers no candidates: a server at a known address only answers.
RFC 8445 sections 7.3 and 9; RFC 7675 section 5.1 for consent, seen from the side that is asked.
"""

from dataclasses import dataclass
from enum import Enum

from mixer.base.drops import DropReason, Drops
from mixer.base.rate_limit import RateLimit
from mixer.params import TransportParams
from mixer.transport.peer_path import PeerPath
from mixer.wire.stun import Address, ErrorCode, Message, MessageClass, build_error, build_success

CONSENT_S = 30.0
"""A peer that has not checked for so long does not want anything sent any more."""
RESTART_S = 30.0
"""A restart that brought no check for so long has left the credentials before it behind all the same."""
CHECKS_PER_S = 50.0
"""Valid ones, of all addresses together: agents pace their checks by 50 ms, or 20 ms."""
CHECK_BURST = 100.0
REPEATS_PER_S = 5.0
REPEAT_BURST = 10.0
"""Counted apart from what the peer itself sends: else a stranger who repeats checks could use up the peer's."""
MAX_REMEMBERED = 64
"""Checks that are known again. A browser sends as many in two minutes and, while its network fails, in four seconds."""


class IceState(Enum):
    """How many credentials are believed: one, two, none."""

    STEADY = "steady"
    RESTARTING = "restarting"
    EXPIRED = "expired"


class IceInput(Enum):
    """What happens to it."""

    CHECK = "a valid check with the credentials in force"
    RESTART = "the peer has restarted ICE"
    NEW_CHECK = "a valid check with the credentials of the restart"
    RESTART_LIMIT = "RESTART_S without any"
    SILENCE = "CONSENT_S without a valid check"


TRANSITIONS: dict[tuple[IceState, IceInput], IceState] = {
    (IceState.STEADY, IceInput.CHECK): IceState.STEADY,
    (IceState.STEADY, IceInput.RESTART): IceState.RESTARTING,
    (IceState.STEADY, IceInput.SILENCE): IceState.EXPIRED,
    (IceState.RESTARTING, IceInput.CHECK): IceState.RESTARTING,
    (IceState.RESTARTING, IceInput.RESTART): IceState.RESTARTING,
    (IceState.RESTARTING, IceInput.NEW_CHECK): IceState.STEADY,
    (IceState.RESTARTING, IceInput.RESTART_LIMIT): IceState.STEADY,
    (IceState.RESTARTING, IceInput.SILENCE): IceState.EXPIRED,
}
"""EXPIRED has no way out: what comes later is not an input any more."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a check must show: our ufrag before the colon of its USERNAME, our password in its signature.

    Behind the colon is the peer's own, which RFC 8445 section 7.3 does not ask for: restarting ICE, Chromium checks
    under its new name at once, while our new credentials are still on their way to it.
    """

    ufrag: str
    password: str

    @classmethod
    def of(cls, params: TransportParams) -> "Credentials":
        """Ours."""
        return cls(params.local_ufrag, params.local_pwd)


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back to a check. Unless `is_valid` the check has changed nothing."""

    reply: bytes
    is_valid: bool


class IceLiteAgent:
    """Answers checks, and notes in `path` what they prove.

    A restart brings other credentials; those before are believed until the peer has used the others.
    """

    def __init__(self, params: TransportParams, drops: Drops, now: float) -> None:
        self.state = IceState.STEADY
        self.path = PeerPath()
        self.expires_at = now + CONSENT_S
        self._in_force = Credentials.of(params)
        self._restarted: Credentials | None = None
        self._restart_limit_at: float | None = None
        self._seen: dict[bytes, Address] = {}
        self._limit = RateLimit(CHECKS_PER_S, CHECK_BURST)
        self._repeat_limit = RateLimit(REPEATS_PER_S, REPEAT_BURST)
        self._drops = drops

    @property
    def is_expired(self) -> bool:
        """Whether the peer has been silent for too long; there is no way back."""
        return self.state is IceState.EXPIRED

    @property
    def local_ufrags(self) -> tuple[str, ...]:
        """Those of the credentials that are believed."""
        both = (self._in_force, self._restarted)
        return tuple(credentials.ufrag for credentials in both if credentials is not None)

    def restart(self, params: TransportParams, now: float) -> None:
        """Believe other credentials, too, and from the first check that shows them, or after RESTART_S, only those.

        Without effect when they are those of before, or expired. A restart before the last one has been followed takes
        its place.
        """
        credentials = Credentials.of(params)
        if self.is_expired or credentials == (self._restarted or self._in_force):
            return
        self._advance(IceInput.RESTART)
        self._restarted = credentials
        self._restart_limit_at = now + RESTART_S

    def handle_check(self, message: Message, address: Address, now: float) -> Answer | None:
        """Judge a STUN message; None when it deserves no answer (its reason is counted)."""
        judged = self._judge(message, address)
        if isinstance(judged, DropReason):
            self._drops[judged] += 1
            return None
        # A repeated check is answered, since our answer may be lost, but shows nothing new: anybody can repeat it.
        is_new = message.transaction_id not in self._seen
        if not (self._limit if is_new else self._repeat_limit).allows(now):
            self._drops[DropReason.STUN_TOO_MANY] += 1
            return None
        if message.unknown_required:
            return self._refuse(message, ErrorCode.UNKNOWN_ATTRIBUTE, judged)
        if message.controlled is not None:
            # Both ends would be controlled, and a lite agent cannot take the other role (section 6.1.1).
            return self._refuse(message, ErrorCode.ROLE_CONFLICT, judged)
        if is_new:
            self._believe(message, judged, address, now)
        return Answer(build_success(message.transaction_id, address, judged.password), is_valid=is_new)

    def next_deadline(self) -> float:
        """When `handle_timer` has something to do."""
        limit_at = self._restart_limit_at
        return self.expires_at if limit_at is None else min(self.expires_at, limit_at)

    def handle_timer(self, now: float) -> None:
        """Expire if the peer was silent for CONSENT_S; end a restart that it did not follow."""
        if self.is_expired:
            return
        if now >= self.expires_at:
            self._advance(IceInput.SILENCE)
            self.path.leave()
        elif self._restart_limit_at is not None and now >= self._restart_limit_at:
            self._end_restart(IceInput.RESTART_LIMIT)

    def _judge(self, message: Message, address: Address) -> Credentials | DropReason:
        """The credentials that a check shows, or why it is ignored."""
        if self.is_expired:
            return DropReason.STUN_CLOSED
        if message.message_class is not MessageClass.REQUEST:
            return DropReason.STUN_NOT_A_REQUEST
        credentials = self._credentials_of(message.username)
        if credentials is None:
            return DropReason.STUN_UNKNOWN_USERNAME
        if message.integrity is None:
            return DropReason.STUN_NO_INTEGRITY
        if not message.is_signed_with(credentials.password):
            return DropReason.STUN_WRONG_INTEGRITY
        if self._seen.get(message.transaction_id, address) != address:
            return DropReason.STUN_REPLAYED
        return credentials

    def _credentials_of(self, username: str | None) -> Credentials | None:
        ufrag, colon, _ = (username or "").partition(":")
        both = (self._restarted, self._in_force)
        return next((each for each in both if each is not None and colon and each.ufrag == ufrag), None)

    def _refuse(self, message: Message, code: ErrorCode, credentials: Credentials) -> Answer:
        self._drops[DropReason.STUN_REFUSED] += 1
        reply = build_error(message.transaction_id, code, credentials.password, message.unknown_required)
        return Answer(reply, is_valid=False)

    def _believe(self, message: Message, credentials: Credentials, address: Address, now: float) -> None:
        if credentials is self._restarted:
            self._end_restart(IceInput.NEW_CHECK)
        else:
            self._advance(IceInput.CHECK)
        self.expires_at = now + CONSENT_S
        if len(self._seen) >= MAX_REMEMBERED:
            del self._seen[next(iter(self._seen))]
        self._seen[message.transaction_id] = address
        self.path.note_check(address, message.is_nominating, now)

    def _end_restart(self, what: IceInput) -> None:
        self._advance(what)
        if self._restarted is not None:
            self._in_force = self._restarted
        self._restarted = self._restart_limit_at = None

    def _advance(self, what: IceInput) -> None:
        self.state = TRANSITIONS[self.state, what]
