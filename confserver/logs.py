"""What the server says of its work: one line per event on standard error, for people or for programs.

It decides nothing about what is worth saying. Secrets are taken out (`confserver.redaction`), whoever put them in.
"""

import logging
import sys

import structlog
from structlog.typing import Processor

from confserver.config import LogSettings
from confserver.redaction import hide_secrets

LEAST_LEVELS = {"aiosqlite": "INFO", "alembic": "WARNING"}
"""Of loggers whose finest lines are news to nobody, or, as those of aiosqlite, every parameter of every statement."""


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
    for name, least in LEAST_LEVELS.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(least), logging.root.level))


def _renderer(settings: LogSettings) -> Processor:
    if settings.format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
