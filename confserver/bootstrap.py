"""The first start: somebody who can log in, and a meeting to try.

It prints nothing, and changes nothing on later starts.
"""

import secrets
from dataclasses import dataclass

from confserver.auth.identity import Role, Tenant, User
from confserver.config import Settings
from confserver.listing.page import Page
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Mode
from confserver.meetings.listing import MeetingQuery
from confserver.meetings.meeting import Meeting
from confserver.services import Services

PASSWORD_BYTES = 9
"""12 characters of base64url; 72 bits are beyond guessing at the pace of the login."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What `confserver run` tells the operator. `one_time_password`: only on the first start, if none was set.

    The links lead to the administrator's oldest meeting and are None when there is none.
    """

    public_url: str
    admin_user: str
    one_time_password: str | None
    first_meeting: Meeting | None
    invite_url: str | None
    host_url: str | None


async def bootstrap(settings: Settings, services: Services) -> Bootstrap:
    """Makes the first administrator and a first meeting if there is no administrator yet."""
    tenant = await services.accounts.ensure_tenant()
    admin = await services.accounts.first_admin(tenant)
    password = None
    if admin is None:
        given = settings.admin_password.get_secret_value()
        password = None if given else secrets.token_urlsafe(PASSWORD_BYTES)
        admin = await services.accounts.add(tenant, settings.admin_user, given or password or "", Role.ADMIN)
        await services.meetings.create(admin, _first_meeting())
    meeting = await _oldest_meeting(services, tenant, admin)
    return Bootstrap(
        services.links.public_url,
        admin.name,
        password,
        meeting,
        services.links.invite(meeting) if meeting else None,
        services.links.host(meeting) if meeting else None,
    )


def _first_meeting() -> MeetingDefinition:
    return MeetingDefinition(subject="First meeting", mode=Mode.VIDEO, timezone="UTC")


async def _oldest_meeting(services: Services, tenant: Tenant, admin: User) -> Meeting | None:
    _, meetings = await services.meetings.list(MeetingQuery(tenant.id, admin.id, Page(top=1)))
    return next(iter(meetings), None)
