"""Entries of the audit log from calls of the telephony platform's clients: who changes something is noted here, too.

It stores nothing (`confserver.audit`). Of a body it takes the names of the fields that were given.
"""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from confserver.api.noting import MOST_FIELDS, storable
from confserver.audit.entry import AuditEntry
from confserver.auth.identity import Session
from confserver.confd.uuids import id_of
from confserver.errors import ConfserverError
from signaling.sources import source_of

MEETING = "meeting_uuid"


def entry(
    request: web.Request, session: Session, fields: set[str], outcome: tuple[int, Any] | ConfserverError
) -> AuditEntry:
    """`outcome`: status and body of the answer, or why there is none."""
    status, body = (outcome.http_status, None) if isinstance(outcome, ConfserverError) else outcome
    path, resource = dict(request.match_info), request.match_info.route.resource
    meeting_uuid = path.pop(MEETING, None) or (body or {}).get("uuid", "")
    return AuditEntry(
        tenant_id=session.tenant.id,
        at=datetime.now(UTC).replace(microsecond=0),
        username=session.user.name,
        key_name=session.key.name if session.key else None,
        action=f"{request.method} {resource.canonical if resource else ''}",
        meeting_id=id_of(meeting_uuid),
        target_id=storable("/".join(path.values()) or None),
        fields=",".join(sorted(fields))[:MOST_FIELDS],
        source=source_of(request.remote),
        status=status,
        code=outcome.code if isinstance(outcome, ConfserverError) else None,
    )
