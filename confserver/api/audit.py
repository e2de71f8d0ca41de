"""Who did what by the API: `/api/audit`. What is noted is in `confserver.api.noting`."""

from pydantic import BaseModel

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.api.rights import Audience
from confserver.audit.rows import AUDIT_FIELDS
from confserver.listing.page import ListQuery, Page
from confserver.meetings.fields import Time


class AuditItem(BaseModel):
    """One call. `fields`: the names of those in the body, by commas; `code`: null for success."""

    at: Time
    username: str
    key_name: str | None
    action: str
    meeting_id: str | None
    target_id: str | None
    fields: str
    source: str
    status: int
    code: str | None


class AuditList(BaseModel):
    """A page of entries, newest first; `count` is that of all pages, null if it was not wanted."""

    count: int | None
    items: tuple[AuditItem, ...]


async def show_list(call: Call) -> AuditList:
    """Those of the tenant."""
    total, entries = await call.context.audit.list(call.session.tenant.id, Page.of(call.query, AUDIT_FIELDS))
    return AuditList(
        count=total, items=tuple(AuditItem.model_validate(entry, from_attributes=True) for entry in entries)
    )


OPERATIONS = (
    Operation(
        "GET",
        "/audit",
        "List who did what",
        show_list,
        query=ListQuery,
        answer=AuditList,
        audience=Audience.ADMINS,
    ),
)
