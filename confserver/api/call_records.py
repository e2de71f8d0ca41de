"""Call records: who was in which meeting, when and for how long, as JSON pages or one CSV file (docs/events.md)."""

import contextlib
import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import ApiContext, Call
from confserver.api.edge import HEADERS, PREFIX, session_of
from confserver.api.operation import Operation
from confserver.auth.identity import Session
from confserver.meetings.fields import Time
from confserver.stream.call_rows import CallQuery
from confserver.stream.calls import CallKind, CallRecord
from confserver.validation import parse_values

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Where a spreadsheet takes a cell for a formula."""


class CallFilter(BaseModel):
    """Which records; times are those of the begin."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["LEG", "MEETING"] | None = None
    meeting_id: Annotated[str, Field(max_length=64)] | None = None
    since: Time | None = None
    until: Time | None = None
    search: Annotated[str, Field(max_length=64)] = ""


class CallListQuery(CallFilter):
    """The same, and which page of them."""

    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    top: Annotated[int, Field(ge=1, le=100)] = 100


class CallRecordAnswer(BaseModel):
    """One record; what a leg has and a meeting has not is null, and the other way round."""

    id: int
    kind: Literal["LEG", "MEETING"]
    meeting_id: str
    subject: str
    extension_number: str
    participant_id: str | None
    display_name: str | None
    role: str | None
    via: str | None
    started_at: Time
    ended_at: Time | None
    duration: int | None
    reason: str | None
    most_participants: int | None
    legs: int | None


class CallRecordPage(BaseModel):
    """A page, newest first."""

    count: int
    items: tuple[CallRecordAnswer, ...]


async def show_records(call: Call) -> CallRecordPage:
    """A page of what the caller may see."""
    wanted: CallListQuery = call.query
    total, records = await call.context.stream.records.page(_query(call.session, wanted), wanted.skip, wanted.top)
    return CallRecordPage(count=total, items=tuple(map(_answer, records)))


OPERATIONS = (
    Operation("GET", "/call_records", "List call records", show_records, query=CallListQuery, answer=CallRecordPage),
)


class CallExport:
    """`/api/call_records.csv`: everything that matches, as it is read, however much it is."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def add_routes(self, app: web.Application) -> None:
        """Register it."""
        app.router.add_get(f"{PREFIX}/call_records.csv", self.serve)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """CSV as of RFC 4180, in UTF-8, with a line of names first."""
        session = await session_of(request, self._context)
        query = _query(session, parse_values(CallFilter, dict(request.query)))
        disposition = {"Content-Disposition": 'attachment; filename="call_records.csv"'}
        response = web.StreamResponse(headers={**HEADERS, **disposition, "Content-Type": "text/csv; charset=utf-8"})
        async with contextlib.aclosing(self._context.stream.records.all(query)) as pages:
            # A database that cannot be read is told of while there is no answer yet.
            first = await anext(pages, None)
            await response.prepare(request)
            with contextlib.suppress(ConnectionError):
                await response.write(_as_csv([CallRecordAnswer.model_fields]) + _table(first or ()))
                async for records in pages:
                    await response.write(_table(records))
                await response.write_eof()
        return response


def _query(session: Session, wanted: CallFilter) -> CallQuery:
    return CallQuery(
        session.tenant.id,
        None if session.sees_all else session.user.id,
        wanted.meeting_id,
        CallKind(wanted.kind) if wanted.kind else None,
        wanted.since,
        wanted.until,
        wanted.search,
    )


def _answer(record: CallRecord) -> CallRecordAnswer:
    return CallRecordAnswer.model_validate(
        {
            "id": record.first_event,
            "kind": record.kind.value,
            "meeting_id": record.meeting_id,
            "subject": record.about.subject,
            "extension_number": record.about.extension_number,
            "participant_id": record.participant_id,
            "display_name": record.display_name,
            "role": record.role,
            "via": record.via,
            "started_at": datetime.fromtimestamp(record.started_at, UTC),
            "ended_at": None if record.ended_at is None else datetime.fromtimestamp(record.ended_at, UTC),
            "duration": record.duration_s,
            "reason": record.reason,
            "most_participants": record.most_participants,
            "legs": record.legs,
        }
    )


def _table(records: Iterable[CallRecord]) -> bytes:
    rows = (_answer(record).model_dump(mode="json").values() for record in records)
    return _as_csv([[_safe(value) for value in row] for row in rows])


def _as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _safe(value: object) -> object:
    """What people typed cannot become a formula in the spreadsheet of who opens it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
