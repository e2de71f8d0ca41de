"""For whom an operation is, as values, and the one place that asks.

What somebody may do to a certain meeting, their session says once the meeting is known (`confserver.api.context`).
"""

from collections.abc import Callable, Mapping
from enum import Enum

from confserver.auth.accounts import DEFAULT_DOMAIN
from confserver.auth.identity import Role, Session
from confserver.errors import Forbidden


class Audience(Enum):
    """The value is what those hear who do not belong to it."""

    EVERYBODY = "This needs a login."
    STAFF = "Only those may do this who may see every meeting of the tenant."
    ADMINS = "Only administrators may do this."
    OPERATORS = "Only administrators of the server's own tenant may do this."


MEMBERS: Mapping[Audience, Callable[[Session], bool]] = {
    Audience.EVERYBODY: lambda session: True,
    Audience.STAFF: lambda session: session.sees_all,
    Audience.ADMINS: lambda session: session.role is Role.ADMIN,
    Audience.OPERATORS: lambda session: session.role is Role.ADMIN and session.tenant.domain == DEFAULT_DOMAIN,
}


def permit(session: Session, audience: Audience, *, is_for_keys: bool, is_change: bool) -> None:
    """Raises Forbidden for those whom an operation is not for.

    `is_for_keys` False: a program's key is not enough, so that whoever finds one cannot make themselves at home with
    it. `is_change`: not for those who may only look.
    """
    if not MEMBERS[audience](session):
        raise Forbidden(audience.value)
    if not is_for_keys and session.key is not None:
        raise Forbidden("This needs a login; a program's key is not enough.")
    if is_change and not session.may_change:
        raise Forbidden("This login or key may only look at meetings.")
