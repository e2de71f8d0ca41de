"""Who may enter a meeting, as one pure table that every door uses.

Facts in, a decision out: no clock, no storage, no network. It does not count failures (`guessing`) nor find the
meeting; who asks gathers the facts (`facts`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest

from confserver.meetings.fields import WaitingRoom
from confserver.meetings.lifecycle import MeetingState
from signaling.errors import RefusalReason

MOST_WAITING = 128
"""Of one meeting."""

OVER = frozenset({MeetingState.ENDED, MeetingState.EXPIRED})


class Role(StrEnum):
    """What a participant may do; it comes from credentials, or later from a host, and from nothing else."""

    HOST = "host"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What admission must know of a meeting at this moment: its policy, its state, its counts.

    `is_started`: by a host, who need not be in. `known_users_pass`: the waiting room, by a login. `may_open`: the
    tenant may have one more meeting. `is_guarded`: strangers have guessed at its PIN too often; `is_host_pin_guarded`:
    holders of its key have.
    """

    capacity: int
    present: int = 0
    waiting: int = 0
    state: MeetingState = MeetingState.READY
    is_locked: bool = False
    is_host_present: bool = False
    is_started: bool = False
    starts_by_host_only: bool = False
    waiting_room: WaitingRoom = WaitingRoom.OFF
    known_users_pass: bool = False
    may_open: bool = True
    room_pin: str | None = None
    admin_pin: str | None = None
    is_guarded: bool = False
    is_host_pin_guarded: bool = False


NO_MEETING = MeetingFacts(capacity=0)
"""What a stranger meets behind a number that leads nowhere: a door that no PIN opens."""


class Standing(StrEnum):
    """How a seat stands whose token was shown: somebody may still sit there, or it is free, or they were removed; or
    they wait for it, or a host has granted it.
    """

    HELD = "held"
    FREE = "free"
    REMOVED = "removed"
    WAITING = "waiting"
    GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat of this meeting that is remembered, and whose token was shown. The role is the one it has here."""

    standing: Standing
    role: Role


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A join token. `role` None: it is not one of ours, of another meeting, revoked, or used and one-time.

    `expires_at`: Unix seconds; `is_in_use`: somebody else is in with it.
    """

    role: Role | None = None
    expires_at: float = 0.0
    is_in_use: bool = False


class Login(StrEnum):
    """What a login says of somebody, in this meeting: of its tenant, or one who may host it."""

    NONE = "none"
    KNOWN = "known"
    HOST = "host"


class Likeness(StrEnum):
    """How surely somebody is one who was shown the door: not at all, by their network only, by what is their own."""

    NONE = "none"
    NEAR = "near"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody at the door has shown: the access key, a login, a PIN, a seat, a join token.

    Who has no more than the meeting's number is a stranger: only the room's PIN lets them in. `likeness`: to who was
    removed; `was_declined`: a moment ago, on the same device.
    """

    has_access_key: bool = False
    login: Login = Login.NONE
    pin: str | None = None
    has_number: bool = False
    seat: SeatShown | None = None
    token: TokenShown | None = None
    likeness: Likeness = Likeness.NONE
    was_declined: bool = False

    @property
    def is_host_login(self) -> bool:
        """Whether they may host this meeting, whoever else is in it."""
        return self.login is Login.HOST

    @property
    def shows_anything(self) -> bool:
        """Whether they have shown at least which meeting they were asked to."""
        is_asked = self.has_access_key or self.has_number or self.is_host_login
        return is_asked or self.seat is not None or self.token is not None

    @property
    def was_removed(self) -> bool:
        """Whether a host showed them the door."""
        return self._stands(Standing.REMOVED) or self.likeness is Likeness.SAME

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is kept for them."""
        return self._stands(Standing.HELD)

    @property
    def is_returning(self) -> bool:
        """Whether they were let in before, and nobody showed them out."""
        return self._stands(Standing.HELD, Standing.FREE)

    @property
    def was_let_in(self) -> bool:
        """The same, or a host has just said so."""
        return self.is_returning or self._stands(Standing.GRANTED)

    @property
    def waits(self) -> bool:
        """Whether a place in the waiting room is theirs."""
        return self._stands(Standing.WAITING, Standing.GRANTED)

    @property
    def is_recognised(self) -> bool:
        """Whether it is clear who they are here, so that no PIN of theirs is looked at."""
        return self.is_host_login or self.was_let_in or self.waits

    @property
    def needs_no_pin(self) -> bool:
        """The same, or they were invited by name."""
        return self.is_recognised or self.token is not None

    @property
    def is_stranger(self) -> bool:
        """Whether they know nothing but a number."""
        return self.has_number and not (self.has_access_key or self.needs_no_pin)

    def _stands(self, *standings: Standing) -> bool:
        return self.seat is not None and self.seat.standing in standings


@dataclass(frozen=True, slots=True)
class Admitted:
    """A seat, in this role."""

    role: Role


class WaitReason(StrEnum):
    """Why somebody waits, a word of docs/protocol.md."""

    NOT_STARTED = "not_started"
    HOST_MUST_ADMIT = "host_must_admit"


@dataclass(frozen=True, slots=True)
class Waits:
    """No seat yet, for this reason; then one in this role."""

    reason: WaitReason
    role: Role


@dataclass(frozen=True, slots=True)
class Declined:
    """No seat, for this reason."""

    reason: RefusalReason


Decision = Admitted | Waits | Declined


def same_secret(given: str | None, secret: str | None) -> bool:
    """Whether a secret is set and was given, in time that does not tell how much of it was right."""
    return bool(given and secret) and compare_digest(str(given).encode(), str(secret).encode())


def role_of(facts: MeetingFacts, shown: Credentials) -> Role:
    """Who returns is what they were. Else a host by login, by a host's token or by the admin PIN; else a guest.

    One token makes one host: who comes with it while somebody else is in with it is a guest.
    """
    if shown.seat is not None and (shown.is_returning or (shown.waits and not shown.is_host_login)):
        return shown.seat.role
    has_host_pin = shown.has_access_key and not facts.is_host_pin_guarded and same_secret(shown.pin, facts.admin_pin)
    has_host_token = shown.token is not None and shown.token.role is Role.HOST and not shown.token.is_in_use
    return Role.HOST if shown.is_host_login or has_host_pin or has_host_token else Role.GUEST


def has_bad_token(shown: Credentials, now: float) -> bool:
    """Whether an invitation was shown that is worth nothing; who was let in or waits needs it no more."""
    if shown.token is None or shown.is_recognised:
        return False
    return shown.token.role is None or now >= shown.token.expires_at


def lacks_pin(facts: MeetingFacts, shown: Credentials, role: Role) -> bool:
    """Whether a PIN is wanted that was not shown at all."""
    if role is Role.HOST or shown.needs_no_pin:
        return False
    return (facts.room_pin is not None or shown.is_stranger) and not shown.pin


def has_wrong_pin(facts: MeetingFacts, shown: Credentials, role: Role) -> bool:
    """Whether the PIN shown is neither the room's nor the host's, if it has any: guesses at either are the same.

    To a stranger no meeting, one without a PIN and a wrong PIN are the same too. An invitation by name does not make
    guesses at the host's PIN free.
    """
    if role is Role.HOST or shown.is_recognised:
        return False
    has_pins = facts.room_pin is not None or facts.admin_pin is not None or shown.is_stranger
    return has_pins and bool(shown.pin) and not same_secret(shown.pin, facts.room_pin)


def must_be_admitted(facts: MeetingFacts, shown: Credentials, role: Role) -> bool:
    """Whether a host must let them in, by the meeting's policy: under ALL also hosts, unless by login.

    Otherwise nobody could ever be the first.
    """
    if facts.known_users_pass and shown.login is Login.KNOWN:
        return False
    match facts.waiting_room:
        case WaitingRoom.OFF:
            return False
        case WaitingRoom.GUESTS:
            return role is Role.GUEST
        case WaitingRoom.ALL:
            return not shown.is_host_login


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason not to let somebody in at once. `spares`: for whom it does not hold."""

    answer: RefusalReason | WaitReason
    applies: Callable[[MeetingFacts, Credentials, Role, float], bool]
    spares: Callable[[Credentials, Role], bool] = lambda shown, role: False

    def holds(self, facts: MeetingFacts, shown: Credentials, role: Role, now: float) -> bool:
        """Whether it keeps them out."""
        return not self.spares(shown, role) and self.applies(facts, shown, role, now)


def _hosts_or_was_let_in(shown: Credentials, role: Role) -> bool:
    return role is Role.HOST or shown.was_let_in


def _was_let_in(shown: Credentials, role: Role) -> bool:
    return shown.was_let_in


def _hosts_by_login(shown: Credentials, role: Role) -> bool:
    return shown.is_host_login


def _hosts_by_login_or_was_let_in(shown: Credentials, role: Role) -> bool:
    return shown.is_host_login or shown.was_let_in


def _is_told_apart(shown: Credentials, role: Role) -> bool:
    """From whoever was removed: by a login, or because they were let in."""
    return shown.login is not Login.NONE or shown.was_let_in


RULES: tuple[Rule, ...] = (
    Rule(RefusalReason.NOT_ALLOWED, lambda f, c, r, now: not c.shows_anything),
    # Whose meeting it is, nobody keeps out of it for good: not who they made a host either.
    Rule(RefusalReason.REMOVED, lambda f, c, r, now: c.was_removed, _hosts_by_login),
    Rule(RefusalReason.NOT_ALLOWED, lambda f, c, r, now: has_bad_token(c, now)),
    Rule(RefusalReason.PIN_REQUIRED, lambda f, c, r, now: lacks_pin(f, c, r)),
    # Before the PIN is looked at: otherwise this answer would tell a right one from a wrong one.
    Rule(RefusalReason.HOST_MUST_ADMIT, lambda f, c, r, now: f.is_guarded and c.is_stranger),
    Rule(RefusalReason.WRONG_PIN, lambda f, c, r, now: has_wrong_pin(f, c, r)),
    Rule(RefusalReason.DECLINED, lambda f, c, r, now: c.was_declined, _hosts_by_login_or_was_let_in),
    Rule(RefusalReason.CANCELLED, lambda f, c, r, now: f.state is MeetingState.CANCELLED),
    Rule(RefusalReason.ENDED, lambda f, c, r, now: f.state in OVER),
    Rule(RefusalReason.LOCKED, lambda f, c, r, now: f.is_locked, _hosts_or_was_let_in),
    Rule(
        WaitReason.NOT_STARTED,
        lambda f, c, r, now: f.starts_by_host_only and not (f.is_host_present or f.is_started),
        _hosts_or_was_let_in,
    ),
    Rule(WaitReason.HOST_MUST_ADMIT, lambda f, c, r, now: c.likeness is Likeness.NEAR, _is_told_apart),
    Rule(WaitReason.HOST_MUST_ADMIT, lambda f, c, r, now: must_be_admitted(f, c, r), _was_let_in),
    Rule(RefusalReason.TOO_MANY_MEETINGS, lambda f, c, r, now: not f.may_open),
    Rule(RefusalReason.FULL, lambda f, c, r, now: f.present >= f.capacity and not c.holds_seat),
)
"""In this order: who has not proved themselves learns nothing of what goes on inside."""


PASSING = frozenset({RefusalReason.LOCKED, RefusalReason.TOO_MANY_MEETINGS, RefusalReason.FULL})
"""For these, whoever has a place in the waiting room waits on."""


def admit(facts: MeetingFacts, shown: Credentials, now: float) -> Decision:
    """Decide about one knock at Unix time `now`: the first rule that holds answers."""
    role = role_of(facts, shown)
    answer = next((rule.answer for rule in RULES if rule.holds(facts, shown, role, now)), None)
    if answer is None:
        return Admitted(role)
    if answer in PASSING and shown.waits:
        return Waits(WaitReason.HOST_MUST_ADMIT, role)
    if isinstance(answer, RefusalReason):
        return Declined(answer)
    if facts.waiting >= MOST_WAITING and not shown.waits:
        return Declined(RefusalReason.WAITING_ROOM_FULL)
    return Waits(answer, role)


PREVIEW_WORDS: dict[RefusalReason | WaitReason, str] = {
    RefusalReason.CANCELLED: "cancelled",
    RefusalReason.ENDED: "ended",
    RefusalReason.LOCKED: "locked",
    WaitReason.NOT_STARTED: "not_started",
    RefusalReason.FULL: "full",
}


def preview(facts: MeetingFacts, now: float) -> str:
    """What the join page says before anybody is asked for a microphone.

    `open`, also when one waits to be let in, or why a guest who knows the PIN would not get in.
    """
    decision = admit(facts, Credentials(has_access_key=True, pin=facts.room_pin), now)
    return "open" if isinstance(decision, Admitted) else PREVIEW_WORDS.get(decision.reason, "open")
