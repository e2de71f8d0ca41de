"""Bodies and queries of the REST API (`confserver.validation` with the model of each operation): a value, or a refusal.

The first byte of an input chooses the model, the rest is the body, or the query as `name=value` lines.
"""

import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

from pydantic import BaseModel

from confserver.api.edge import ErrorAnswer, ErrorItem
from confserver.api.install import OPERATIONS
from confserver.errors import ValidateFailed
from confserver.validation import parse_json, parse_values

MAX_BYTES = 256 * 1024
BODIES = [operation.body for operation in OPERATIONS if operation.body is not None]
QUERIES = [operation.query for operation in OPERATIONS if operation.query is not None]
MODELS = [*BODIES, *QUERIES]
MOST_ANSWER_BYTES = 64 * 1024


def target(data: bytes) -> None:
    """A refusal can be said in a few words, whatever it refuses."""
    which, text = (*data[:1], 0)[0] % len(MODELS), data[1:]
    try:
        value = _parse(which, text)
    except ValidateFailed as refused:
        items = [ErrorItem(code=fault.code, message=fault.message, detail=fault.detail) for fault in refused.faults]
        assert items
        assert len(ErrorAnswer(errors=items).model_dump_json()) <= MOST_ANSWER_BYTES
        return
    assert type(value) is MODELS[which]


def _parse(which: int, text: bytes) -> BaseModel:
    if which < len(BODIES):
        return parse_json(BODIES[which], text)
    return parse_values(MODELS[which], dict(parse_qsl(text.decode(errors="replace"))))


def seeds() -> Iterator[bytes]:
    """A body that each model takes, or nearly, a query, and what once took long to refuse."""
    meeting = {
        "subject": "Weekly", "mode": "VIDEO", "timezone": "Europe/Berlin", "room_pin": "1234", "capacity": 9,
        "scheduled_start_at": "2026-05-04T09:30:00Z", "scheduled_end_at": "2026-05-04T10:30:00+02:00",
        "internal_invitees": ["a", "b"], "external_invitees": "a@example.com, b@example.com", "custom_options": "{}",
        "outbound_caller_ids": [{"provider_id": "p", "caller_id": "c", "description": None}], "language": "de-DE",
    }  # fmt: skip
    bodies = [{"username": "ada", "password": "secret", "domain": None}, {"refresh_token": "t"}, meeting]
    for which in range(len(BODIES)):
        yield from (bytes((which,)) + json.dumps(body).encode() for body in bodies)
        yield from (bytes((which,)) + body for body in _long())
    yield from (bytes((which,)) + b"search=x&skip=0&top=10&count=true" for which in range(len(BODIES), len(MODELS)))


def _long() -> Iterator[bytes]:
    yield json.dumps(dict.fromkeys(map(str, range(20_000)), 1)).encode()
    yield json.dumps({"x" * 200_000: 1}).encode()
    yield json.dumps({"internal_invitees": [1] * 80_000}).encode()
    yield json.dumps({"outbound_caller_ids": [{}] * 60_000}).encode()
    yield json.dumps({"username": [[]] * 60_000}).encode()
