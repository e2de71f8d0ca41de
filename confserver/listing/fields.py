"""The fields by which a list may be filtered and ordered: an allow-list, with the column and the meaning of each.

What a list allows, the list says; here is only how such a field is described.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from confserver.errors import ValidateFailed

Column = SQLColumnExpression[Any]
Condition = ColumnElement[bool]

KINDS = {str: "a text", int: "a number", bool: "true or false", datetime: "a time"}


@dataclass(frozen=True, slots=True)
class ListField:
    """A column and what its values are: `str`, `int`, `bool` or `datetime`.

    `narrow`: a condition, if an index knows one, that holds at least for all rows whose column contains a text.
    """

    column: Column
    kind: type
    narrow: Callable[[str], Condition | None] = lambda text: None

    def read(self, name: str, value: object) -> object:
        """A literal of a filter as a value of the column. Raises ValidateFailed."""
        if value is None:
            return None
        if self.kind is datetime:
            return _time(name, value)
        if type(value) is not self.kind:
            raise ValidateFailed(f"filter compares {name} with something that is not {KINDS[self.kind]}", "filter")
        return value


Fields = Mapping[str, ListField]


def find_field(fields: Fields, name: str, parameter: str) -> ListField:
    """The field of this name. Raises ValidateFailed, which names the fields there are."""
    if name not in fields:
        known = ", ".join(sorted(fields))
        raise ValidateFailed(f"{parameter} names a field that is not among {known}", parameter)
    return fields[name]


def _time(name: str, value: object) -> datetime:
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ValidateFailed(f"filter compares {name} with something that is not an RFC 3339 time", "filter")
    return time
