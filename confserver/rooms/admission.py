"""Who may enter a meeting, as one pure table that every door uses.

Facts in, a decision out: no clock, no storage, no network. It does not count failures (`guessing`) nor find the
meeting; who asks gathers the facts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hmac import compare_digest

from signaling.errors import RefusalReason


class Role(StrEnum):
    """What a participant may do; it comes from credentials and from nothing else."""

    HOST = "host"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What admission must know of a meeting at this moment. Times are Unix seconds.

    `is_guarded`: strangers have guessed at its PIN too often; `is_host_pin_guarded`: holders of its key have.
    """

    capacity: int
    present: int = 0
    is_locked: bool = False
    is_host_present: bool = False
    starts_by_host_only: bool = False
    ends_at: float | None = None
    room_pin: str | None = None
    admin_pin: str | None = None
    is_guarded: bool = False
    is_host_pin_guarded: bool = False


NO_MEETING = MeetingFacts(capacity=0)
"""What a stranger meets behind a number that leads nowhere: a door that no PIN opens."""


class Standing(StrEnum):
    """How a seat stands whose token was shown: somebody may still sit there, or it is free, or they were removed."""

    HELD = "held"
    FREE = "free"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SeatShown:
    """A seat of this meeting that is remembered, and whose token was shown. The role is the one it has here."""

    standing: Standing
    role: Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody at the door has shown: the access key, a login that may host this meeting, a PIN, a seat.

    Who has no more than the meeting's number is a stranger: only the room's PIN lets them in.
    """

    has_access_key: bool = False
    is_host_login: bool = False
    pin: str | None = None
    has_number: bool = False
    seat: SeatShown | None = None

    @property
    def shows_anything(self) -> bool:
        """Whether they have shown at least which meeting they were asked to."""
        return self.has_access_key or self.is_host_login or self.has_number or self.seat is not None

    @property
    def was_removed(self) -> bool:
        """Whether a host showed them the door."""
        return self.seat is not None and self.seat.standing is Standing.REMOVED

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is kept for them."""
        return self.seat is not None and self.seat.standing is Standing.HELD

    @property
    def is_returning(self) -> bool:
        """Whether they were let in before, and nobody showed them out."""
        return self.seat is not None and not self.was_removed

    @property
    def is_stranger(self) -> bool:
        """Whether they know nothing but a number."""
        return self.has_number and not (self.has_access_key or self.is_host_login)


@dataclass(frozen=True, slots=True)
class Admitted:
    """A seat, in this role."""

    role: Role


@dataclass(frozen=True, slots=True)
class Declined:
    """No seat, for this reason."""

    reason: RefusalReason


def same_secret(given: str | None, secret: str | None) -> bool:
    """Whether a secret is set and was given, in time that does not tell how much of it was right."""
    return bool(given and secret) and compare_digest(str(given).encode(), str(secret).encode())


def role_of(facts: MeetingFacts, shown: Credentials) -> Role:
    """Who returns is what they were; else a host by login or by the admin PIN; anybody else is a guest."""
    if shown.seat is not None and shown.is_returning:
        return shown.seat.role
    has_host_pin = shown.has_access_key and not facts.is_host_pin_guarded and same_secret(shown.pin, facts.admin_pin)
    return Role.HOST if shown.is_host_login or has_host_pin else Role.GUEST


def lacks_pin(facts: MeetingFacts, shown: Credentials, role: Role) -> bool:
    """Whether a PIN is wanted that was not shown at all."""
    return role is Role.GUEST and (facts.room_pin is not None or shown.is_stranger) and not shown.pin


def has_wrong_pin(facts: MeetingFacts, shown: Credentials, role: Role) -> bool:
    """Whether the PIN shown is neither the room's nor the host's, if it has any: guesses at either are the same.

    To a stranger no meeting, one without a PIN and a wrong PIN are the same too.
    """
    has_pins = facts.room_pin is not None or facts.admin_pin is not None or shown.is_stranger
    return role is Role.GUEST and has_pins and bool(shown.pin) and not same_secret(shown.pin, facts.room_pin)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to decline. `exempts_hosts`: it does not hold for hosts, `exempts_returning`: nor for who was in."""

    reason: RefusalReason
    applies: Callable[[MeetingFacts, Credentials, Role, float], bool]
    exempts_hosts: bool = False
    exempts_returning: bool = False

    def declines(self, facts: MeetingFacts, shown: Credentials, role: Role, now: float) -> bool:
        """Whether it keeps them out."""
        is_exempt = (self.exempts_hosts and role is Role.HOST) or (self.exempts_returning and shown.is_returning)
        return not is_exempt and self.applies(facts, shown, role, now)


RULES: tuple[Rule, ...] = (
    Rule(RefusalReason.NOT_ALLOWED, lambda f, c, r, now: not c.shows_anything),
    Rule(RefusalReason.REMOVED, lambda f, c, r, now: c.was_removed),
    Rule(RefusalReason.PIN_REQUIRED, lambda f, c, r, now: lacks_pin(f, c, r), exempts_returning=True),
    # Before the PIN is looked at: otherwise this answer would tell a right one from a wrong one.
    Rule(
        RefusalReason.HOST_MUST_ADMIT,
        lambda f, c, r, now: f.is_guarded and c.is_stranger,
        exempts_returning=True,
    ),
    Rule(RefusalReason.WRONG_PIN, lambda f, c, r, now: has_wrong_pin(f, c, r), exempts_returning=True),
    Rule(RefusalReason.ENDED, lambda f, c, r, now: f.ends_at is not None and now >= f.ends_at),
    Rule(RefusalReason.LOCKED, lambda f, c, r, now: f.is_locked, exempts_hosts=True, exempts_returning=True),
    Rule(
        RefusalReason.NOT_STARTED,
        lambda f, c, r, now: f.starts_by_host_only and not f.is_host_present,
        exempts_hosts=True,
        exempts_returning=True,
    ),
    Rule(RefusalReason.FULL, lambda f, c, r, now: f.present >= f.capacity and not c.holds_seat),
)
"""In this order: who has not proved themselves learns nothing of what goes on inside."""


def admit(facts: MeetingFacts, shown: Credentials, now: float) -> Admitted | Declined:
    """Decide about one knock at Unix time `now`: the first rule that applies declines."""
    role = role_of(facts, shown)
    for rule in RULES:
        if rule.declines(facts, shown, role, now):
            return Declined(rule.reason)
    return Admitted(role)


PREVIEW_WORDS: dict[RefusalReason, str] = {
    RefusalReason.ENDED: "ended",
    RefusalReason.LOCKED: "locked",
    RefusalReason.NOT_STARTED: "not_started",
    RefusalReason.FULL: "full",
}


def preview(facts: MeetingFacts, now: float) -> str:
    """What the join page says before anybody is asked for a microphone.

    `open`, or why a guest who knows the PIN would not get in.
    """
    guest = Credentials(has_access_key=True, pin=facts.room_pin)
    decision = admit(facts, guest, now)
    return PREVIEW_WORDS[decision.reason] if isinstance(decision, Declined) else "open"
