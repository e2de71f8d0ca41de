"""Takes secrets out of what is about to be logged: access keys, tokens, PINs, passwords, ICE passwords, cookies.

A net below those who write log lines, who should not put secrets there: it knows names of fields, the shapes in which
secrets stand in text, and what Python and its libraries quote in error messages. It knows no secret itself.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

HIDDEN = "[hidden]"
NAMES = r"access_key|token|pin|password|passwd|pwd|secret|credentials?"
SECRET_NAMES = re.compile(rf"(^|[_-])({NAMES}|authorization|cookie)($|[_-])", re.IGNORECASE)
SECRETS_IN_TEXT = tuple(
    (re.compile(pattern, re.IGNORECASE), rf"\1{HIDDEN}")
    for pattern in (
        r"(/join/)[^/\s?#\"']+",
        r"(\b(?:authorization|cookie)[\"']?\s*[=:]).*",
        r"(\bbearer\s+)[^\s\"',]+",
        rf"(\b(?:\w+[_-])?(?:{NAMES})[\"']?\s*(?:=(?!=)|:)\s*)(?:\"[^\"]*\"|'[^']*'|[^\s,;&\"'}})\]]+)",
        r"(\[parameters: ).*",
        r"(\binput_value=).*(?=, input_type)",
    )
)
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{16,}", re.ASCII)
"""Letters of both cases and digits in one: what access keys and all kinds of tokens look like, and words do not."""

QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
REPRESENTED = re.compile(r"(\bexception=\w+\().*(?=\))")
LINES_OF_OURS = (" ", "Traceback", "During handling", "The above exception")
"""How the lines of a traceback begin that quote our source; the others quote whatever the error is about."""


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the event without its secrets."""
    for name, value in event.items():
        event[name] = _without_secrets(name, value)
    if "exception" in event:
        event["exception"] = "\n".join(_without_quotes(line) for line in str(event["exception"]).splitlines())
    if event.get("logger") == "asyncio":
        # What it says of tasks and callbacks that failed shows their arguments.
        event["event"] = REPRESENTED.sub(rf"\1{HIDDEN}", QUOTED.sub(HIDDEN, str(event["event"])))
    return event


def _without_secrets(name: str, value: object) -> object:
    if isinstance(value, str | bytes):
        if SECRET_NAMES.search(name):
            return HIDDEN
        return _without_secrets_in_text(value if isinstance(value, str) else value.decode(errors="replace"))
    if isinstance(value, Mapping):
        return {key: _without_secrets(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(name, item) for item in value]
    return value


def _without_secrets_in_text(text: str) -> str:
    for pattern, instead in SECRETS_IN_TEXT:
        text = pattern.sub(instead, text)
    return TOKEN.sub(HIDDEN, text)


def _without_quotes(line: str) -> str:
    return line if line.startswith(LINES_OF_OURS) else QUOTED.sub(HIDDEN, line)
