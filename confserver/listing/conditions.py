"""Turns the tree of a filter into a condition of the database, for the fields that a list allows.

Values go in as parameters, never as SQL. Null is a value here: `ne 'x'` finds what is blank, too.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import and_, or_

from confserver.errors import ValidateFailed
from confserver.listing.fields import Column, Condition, Fields, find_field
from confserver.listing.filter_syntax import All, AnyOf, Comparison, Expression, Function, Operator, TextMatch

ORDERED: Mapping[Operator, Callable[[Any, Any], Condition]] = {
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
}
MATCHES: Mapping[Function, Callable[[Column, str], Condition]] = {
    "startswith": lambda column, text: column.istartswith(text, autoescape=True),
    "endswith": lambda column, text: column.iendswith(text, autoescape=True),
    "contains": lambda column, text: column.icontains(text, autoescape=True),
}


def condition_of(expression: Expression, fields: Fields) -> Condition:
    """The condition. Raises ValidateFailed for a field that is not allowed, or a value that is none of its."""
    match expression:
        case All(terms):
            return and_(*(condition_of(term, fields) for term in terms))
        case AnyOf(terms):
            return or_(*(condition_of(term, fields) for term in terms))
        case TextMatch():
            return _text_match(expression, fields)
        case Comparison():
            return _comparison(expression, fields)


def _text_match(match: TextMatch, fields: Fields) -> Condition:
    field = find_field(fields, match.field, "filter")
    if field.kind is not str:
        raise ValidateFailed(f"filter uses {match.function} on {match.field}, which is no text", "filter")
    matches, narrow = MATCHES[match.function](field.column, match.text), field.narrow(match.text)
    return matches if narrow is None else and_(narrow, matches)


def _comparison(comparison: Comparison, fields: Fields) -> Condition:
    field = find_field(fields, comparison.field, "filter")
    value = field.read(comparison.field, comparison.value)
    match comparison.operator:
        case "eq":
            return field.column.is_not_distinct_from(value)
        case "ne":
            return field.column.is_distinct_from(value)
    if value is None:
        raise ValidateFailed(f"filter uses {comparison.operator} with null", "filter")
    return ORDERED[comparison.operator](field.column, value)
