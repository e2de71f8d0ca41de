"""Log lines: secrets are out of them whoever put them in, in both formats."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from confserver.config import LogSettings
from confserver.logs import configure_logs, hide_secrets


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("room_pin", "1234"),
        ("access_key", "egD8GEIFyHXMtTvW1F0GmQ"),
        ("token", "t0psecret"),
        ("path", "GET /api/join/egD8GEIFyHXMtTvW1F0GmQ HTTP/1.1"),
        ("url", "https://meet.example.com/join/egD8GEIFyHXMtTvW1F0GmQ#pin=1234"),
        ("event", "Authorization: Bearer egD8GEIFyHXMtTvW1F0GmQ"),
        ("body", {"subject": "x", "room_pin": "1234"}),
        ("bodies", [{"admin_pin": "1234"}]),
    ],
)
def test_secrets_are_hidden(name: str, value: object) -> None:
    shown = str(hide_secrets(None, "info", {name: value}))
    assert not any(secret in shown for secret in ("1234", "egD8GEIF", "t0psecret"))


def test_what_is_no_secret_stays() -> None:
    event = {"event": "joined", "meeting_id": "2d07", "spinning": "yes", "participants": 3}
    assert hide_secrets(None, "info", dict(event)) == event


def test_the_standard_library_logs_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings(level="info", format="json"))
    logging.getLogger("aiohttp.access").info("unheard")
    logging.getLogger("aiohttp.server").info("GET /join/%s", "secretkey")
    structlog.get_logger("x").info("joined", pin="1234")
    structlog.get_logger("x").debug("unheard")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["GET /join/[hidden]", "joined"]
    assert lines[1]["pin"] == "[hidden]"


def test_people_get_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings())
    structlog.get_logger("x").warning("late", lateness_ms=3)
    assert "late" in capsys.readouterr().err
