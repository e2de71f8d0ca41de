"""What the lists of the API have in common: their query, and the page that it asks for.

It reads no list itself; each knows its own rows and fields.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import UnaryExpression

from confserver.errors import ValidateFailed
from confserver.listing.conditions import condition_of
from confserver.listing.fields import Condition, Fields, find_field
from confserver.listing.filter_syntax import MOST_CHARACTERS, parse_filter

MOST_ORDERS = 3


class ListQuery(BaseModel):
    """Which page of which rows, in which order; docs/rest.md tells the language of `filter` and `orderby`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    filter: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    search: Annotated[str, Field(max_length=64)] = ""
    orderby: Annotated[str, Field(max_length=200, description="such as: subject, created_at desc")] = ""
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    top: Annotated[int, Field(ge=1, le=100)] = 100
    count: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """The same, understood. `condition` and `order` are None and empty where nothing was asked."""

    condition: Condition | None = None
    order: tuple[UnaryExpression[Any], ...] = ()
    search: str = ""
    skip: int = 0
    top: int = 100
    is_counted: bool = True

    @classmethod
    def of(cls, query: ListQuery, fields: Fields) -> "Page":
        """What a query asks of a list with these fields. Raises ValidateFailed."""
        condition = condition_of(parse_filter(query.filter), fields) if query.filter.strip() else None
        order = _order(query.orderby, fields) if query.orderby.strip() else ()
        return cls(condition, order, query.search, query.skip, query.top, query.count)


def _order(text: str, fields: Fields) -> tuple[UnaryExpression[Any], ...]:
    parts = text.split(",")
    if len(parts) > MOST_ORDERS:
        raise ValidateFailed(f"orderby names more than {MOST_ORDERS} fields", "orderby")
    return tuple(_one_order(part.split(), fields) for part in parts)


def _one_order(words: list[str], fields: Fields) -> UnaryExpression[Any]:
    if len(words) not in {1, 2} or (len(words) == 2 and words[1] not in {"asc", "desc"}):
        raise ValidateFailed("orderby should be names of fields, each with asc or desc behind it or nothing", "orderby")
    column = find_field(fields, words[0], "orderby").column
    return column.desc() if words[1:] == ["desc"] else column.asc()
