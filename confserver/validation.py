"""Turns what pydantic says into the project's own refusals.

It knows no field: the models say what is valid. It never repeats the input, which may be a PIN or a password.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from confserver.errors import Fault, ValidateFailed

ModelT = TypeVar("ModelT", bound=BaseModel)

WORDS = {
    "extra_forbidden": "is not a known field",
    "missing": "is required",
    "json_invalid": "is not valid JSON",
}
"""Plainer words than pydantic's for the mistakes everybody makes."""

MOST_BRACKETS = 20_000
"""More than the longest text that holds JSON in a field can have; each may be a list or an object to be made."""

MOST_FAULTS = 50
"""More mistakes than that are no form that somebody filled in; telling each would cost more than refusing all."""

MOST_FIELD = 100
"""Characters of a field's name that are repeated; a field that is not known may be named at any length."""

SUBJECT = re.compile(r"^(Value error,|Input|String|Tuple) ")
"""How pydantic begins its sentences; ours begin with the name of the field."""


def parse_values(model: type[ModelT], values: Mapping[str, object]) -> ModelT:
    """`values` as a `model`; raises ValidateFailed with one fault per wrong field."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise refusal(error) from None


def parse_json(model: type[ModelT], text: bytes) -> ModelT:
    """A JSON document as a `model`; raises ValidateFailed with one fault per wrong field."""
    if text.count(b"[") + text.count(b"{") > MOST_BRACKETS:
        raise ValidateFailed("the body has too many brackets")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> ValidateFailed:
    """The refusal that tells what pydantic found; of far too many mistakes only the number."""
    if error.error_count() > MOST_FAULTS:
        return ValidateFailed(f"the body has {error.error_count()} mistakes")
    faults = tuple(_fault(item) for item in error.errors(include_url=False, include_input=False))
    return ValidateFailed(faults[0].message, faults[0].detail, faults)


def explain(item: ErrorDetails) -> str:
    """What is wrong with one value, as the end of a sentence that begins with its name."""
    if item["type"] in WORDS:
        return WORDS[item["type"]]
    words = SUBJECT.sub("", item["msg"])
    return words[0].lower() + words[1:]


def _fault(item: ErrorDetails) -> Fault:
    # What is wrong between fields has no place of its own: the model says at which of them it is told.
    place = item["loc"] or (item.get("ctx", {}).get("field", ""),)
    field = ".".join(str(part) for part in place)[:MOST_FIELD]
    return Fault(ValidateFailed.code, f"{field or 'the body'} {explain(item)}", field or None)
