"""What the server says of its work: one line per event on standard error, for people or for programs.

It decides nothing about what is worth saying. Secrets - access keys, tokens, PINs, passwords - are taken out here,
whoever put them in.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from confserver.config import LogSettings

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(r"(^|_)(access_key|token|pin|password|authorization|secret)(_|$)", re.IGNORECASE)
SECRETS_IN_TEXT = (
    (re.compile(r"(/join/)[^/\s?#\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(bearer\s+)[^\s\"',]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:room_|admin_)?pin[\"']?\s*[=:]\s*[\"']?)[0-9]+", re.IGNORECASE), rf"\1{HIDDEN}"),
)
CHATTY = ("aiohttp.access", "alembic")
"""Loggers whose ordinary lines are news to nobody but who debugs."""


def configure_logs(settings: LogSettings) -> None:
    """Sends structlog and the standard library's loggers the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[stream], level=settings.level.upper(), force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG if settings.level == "debug" else logging.WARNING)


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event without its secrets."""
    for name, value in event.items():
        event[name] = _without_secrets(name, value)
    return event


def _without_secrets(name: str, value: object) -> object:
    if isinstance(value, str):
        if SECRET_NAMES.search(name):
            return HIDDEN
        for pattern, instead in SECRETS_IN_TEXT:
            value = pattern.sub(instead, value)
        return value
    if isinstance(value, Mapping):
        return {key: _without_secrets(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(name, item) for item in value]
    return value


def _renderer(settings: LogSettings) -> Processor:
    if settings.format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
