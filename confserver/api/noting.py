"""Makes entries of the audit log from calls of the API.

It stores nothing (`confserver.audit`). Of a body it takes the names of the fields that were given.
"""

from datetime import UTC, datetime

from pydantic import BaseModel

from confserver.api.meeting_answers import CreatedMeeting
from confserver.api.operation import Operation
from confserver.audit.entry import AuditEntry
from confserver.auth.identity import Session, Tenant
from confserver.errors import ConfserverError, Unauthorized

MEETING = "meeting_id"
MOST_ID = 64
MOST_FIELDS = 255


class Noting:
    """One call as it goes on. `body`: once it is read."""

    def __init__(self, operation: Operation, session: Session, path: dict[str, str], source: str) -> None:
        self._operation = operation
        self._session = session
        self._path = path
        self._source = source
        self.body: object = None

    def entry(self, outcome: BaseModel | Exception | None) -> AuditEntry:
        """`outcome`: what the call answered, or the exception that it ended with."""
        refusal = _refusal(outcome)
        made_id = None if refusal else getattr(outcome, "id", None)
        target = "/".join(value for name, value in self._path.items() if name != MEETING)
        is_new = isinstance(outcome, CreatedMeeting)
        fields = sorted(self.body.model_fields_set) if isinstance(self.body, BaseModel) else []
        return AuditEntry(
            tenant_id=self._session.tenant.id,
            at=datetime.now(UTC).replace(microsecond=0),
            username=self._session.user.name,
            key_name=self._session.key.name if self._session.key else None,
            action=f"{self._operation.method} {self._operation.path}",
            meeting_id=storable(made_id if is_new else self._path.get(MEETING)),
            target_id=storable(target or (None if is_new else made_id)),
            fields=",".join(fields)[:MOST_FIELDS],
            source=self._source,
            status=refusal.http_status if refusal else self._operation.status,
            code=refusal.code if refusal else None,
        )


def login_entry(tenant: Tenant, username: str, source: str, refusal: Unauthorized | None) -> AuditEntry:
    """The entry of somebody who wanted to log in, and was refused or not."""
    return AuditEntry(
        tenant_id=tenant.id,
        at=datetime.now(UTC).replace(microsecond=0),
        username=storable(username) or "",
        key_name=None,
        action="POST /login",
        meeting_id=None,
        target_id=None,
        fields="",
        source=source,
        status=refusal.http_status if refusal else 200,
        code=refusal.code if refusal else None,
    )


def _refusal(outcome: object) -> ConfserverError | None:
    if isinstance(outcome, ConfserverError):
        return outcome
    return ConfserverError("") if isinstance(outcome, Exception) else None


def storable(text: str | None) -> str | None:
    """A text as an entry holds it: what stands in a path may be no text at all, and of any length."""
    return text and text.encode(errors="replace").decode()[:MOST_ID]
