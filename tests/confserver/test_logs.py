"""Log lines: secrets are out of them whoever put them in, in both formats."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from confserver.config import LogSettings
from confserver.logs import configure_logs


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


def test_the_standard_library_logs_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings(level="info", format="json"))
    logging.getLogger("alembic").info("unheard")
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
