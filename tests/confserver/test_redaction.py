"""What is logged has no secret in it, whoever put it there and in whatever words."""

import logging
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from confserver.redaction import hide_secrets

KEY = "egD8GEIFyHXMtTvW1F0GmQ"
WORD = "t0psecret"
SECRETS = ("1234", KEY, WORD)


def shown(**event: Any) -> str:
    hidden = hide_secrets(None, "info", event)
    assert not [secret for secret in SECRETS if secret in str(hidden)]
    return str(hidden)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("room_pin", "1234"),
        ("access_key", KEY),
        ("token", "t0psecret"),
        ("seat_token", "t0psecret"),
        ("Cookie", "t0psecret"),
        ("ice-pwd", b"t0psecret"),
        ("path", f"GET /api/join/{KEY} HTTP/1.1"),
        ("url", f"https://meet.example.com/join/{KEY}#pin=1234"),
        ("event", f"Authorization: Bearer {KEY}"),
        ("event", "cookie: a=t0psecret; b=t0psecret"),
        ("event", '{"type":"join","pin":"1234","seat_token":"t0psecret"}'),
        ("event", "Join(access_key='t0psecret', pin='1234', token=None)"),
        ("event", "a=ice-ufrag:4711\r\na=ice-pwd:t0psecret\r\na=setup:actpass"),
        ("event", f"GET /nothing/{KEY}"),
        ("event", f"a seat {KEY}.AbCdEf0123456789 that is signed"),
        ("body", {"subject": "x", "room_pin": "1234"}),
        ("bodies", [{"admin_pin": "1234"}]),
    ],
)
def test_secrets_are_hidden(name: str, value: object) -> None:
    shown(**{name: value})


def test_what_is_no_secret_stays() -> None:
    event = {
        "event": "joined",
        "meeting_id": "2d07f2aa64c14d8b8ac7d7c2fbe24c11",
        "spinning": "yes",
        "participants": 3,
        "source": "2001:db8::1",
        "timestamp": "2026-01-02T03:04:05.678901Z",
        "error": "sqlite3.OperationalError: no such table: meetings (meeting.access_key == key)",
        "file": "/usr/lib/python3.11/site-packages/confserver/http/server.py",
    }
    assert hide_secrets(None, "info", dict(event)) == event


class Form(BaseModel):
    pin: int


def fails_in_pydantic() -> None:
    Form.model_validate({"pin": WORD})


def fails_in_sql() -> None:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": WORD})
    finally:
        engine.dispose()


def fails_in_python() -> None:
    int(WORD)


@pytest.mark.parametrize(
    ("fail", "error"),
    [(fails_in_pydantic, ValidationError), (fails_in_sql, OperationalError), (fails_in_python, ValueError)],
)
def test_a_traceback_tells_where_and_not_with_what(fail: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        fail()
    told = shown(**structlog.processors.format_exc_info(None, "error", {"exc_info": caught.value}))
    assert error.__name__ in told
    assert fail.__name__ in told


def test_what_asyncio_says_of_a_forgotten_task_has_no_arguments() -> None:
    words = "Task exception was never retrieved\nfuture: <Task finished coro=<join()> exception=ValueError(1234)>"
    assert "ValueError([hidden])>" in shown(event=words, logger="asyncio")
    words = "Exception in callback join('t0psecret')\nhandle: <Handle join('t0psecret')>"
    assert "Exception in callback join(" in shown(event=words, logger="asyncio", level=logging.ERROR)
