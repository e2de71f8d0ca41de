"""A stored meeting as the rest of the server sees it.

A value, not a row: PINs are readable, and who may see them is decided by `confserver.auth.identity.Session`.
"""

from pydantic import Field, SkipValidation

from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Time
from confserver.meetings.life import Life


class Meeting(MeetingDefinition):
    """A definition and what the server gave it.

    `access_key` is the secret of the invite link (128 bits). `revision` grows by one with every change. `ownership` is
    the user name and `host_name` the display name of the owner. `is_personal`: the owner's own room, which never ends.
    `life` is how far it had come when it was last stored; `tenant_max_online`: see `TenantRow.max_online`.
    """

    id: str
    tenant_id: str
    tenant_domain: str
    owner_id: str
    ownership: str
    host_name: str
    extension_number: str
    access_key: str = Field(repr=False)
    created_at: Time
    revision: int
    is_personal: bool = False
    life: SkipValidation[Life] = Life()
    tenant_max_online: int | None = None
