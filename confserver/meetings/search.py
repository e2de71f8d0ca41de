"""Finds meetings by their words, in the index that the database keeps of them (migration 0007).

The only place that speaks the language of SQLite's FTS5 (https://www.sqlite.org/fts5.html). The index knows three
letters in a row, whatever their case; what is shorter is looked for in the texts themselves.
"""

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, column, func, literal, or_, select, table

from confserver.listing.fields import Condition
from confserver.store.models import MeetingRow, MeetingScopeRow, MeetingTextRow
from confserver.store.models.search import SEARCH_TABLE

Whose = Literal["tenant", "owner"]

SHORTEST = 3
NOBODY = "\ue000\ue000\ue000"
"""The mark of nobody: numbers of scopes begin with 1."""
INDEX = table(SEARCH_TABLE, column("rowid"))
NUMBER: ColumnElement[int] = INDEX.c.rowid


def find_numbers(whose: Whose, scope_id: str, words: str) -> Select[Any]:
    """The numbers (`MeetingTextRow`) of meetings with these words, in subject or extension number, in no order.

    `scope_id`: of the tenant or owner. Without words: all of theirs.
    """
    mark = select(MeetingScopeRow.mark).where(MeetingScopeRow.id == scope_id).scalar_subquery()
    if 0 < len(words) < SHORTEST:
        has_words = or_(
            MeetingTextRow.subject.icontains(words, autoescape=True),
            MeetingTextRow.extension_number.contains(words, autoescape=True),
        )
        return select(MeetingTextRow.number).where(getattr(MeetingTextRow, whose) == mark, has_words)
    also = f" AND {{subject extension_number}} : {_quoted(words)}" if words else ""
    terms = literal(f'{whose} : "') + func.coalesce(mark, NOBODY) + literal(f'"{also}')
    return select(NUMBER).where(column(SEARCH_TABLE).op("MATCH")(terms))


def count_meetings(scope_id: str) -> Select[Any]:
    """How many a tenant or owner has, which is counted as they are made; no row for none."""
    return select(MeetingScopeRow.meetings).where(MeetingScopeRow.id == scope_id)


def count_of(found: Select[Any]) -> Select[Any]:
    """How many there are."""
    return select(func.count()).select_from(found.subquery())


def narrowed(field: str) -> Callable[[str], Condition | None]:
    """For filters on `subject` or `extension_number`: the meetings that have a text in it somewhere.

    None where the index is of no use: then every meeting has to be looked at.
    """

    def has(text: str) -> Condition | None:
        if len(text) < SHORTEST:
            return None
        numbers = select(NUMBER).where(column(SEARCH_TABLE).op("MATCH")(f"{field} : {_quoted(text)}"))
        return MeetingRow.id.in_(select(MeetingTextRow.meeting_id).where(MeetingTextRow.number.in_(numbers)))

    return has


def _quoted(words: str) -> str:
    """As one string of FTS5, in which nothing but the quotation mark means anything."""
    return '"' + words.replace('"', '""').replace("\0", " ") + '"'
