"""Renders `config.example.toml` from the settings themselves, so that it can neither lack nor misstate one.

`python -m confserver.config_example > config.example.toml` renews it; a test compares them.
"""

import json
import sys
import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from confserver.config import Settings

HEADING = """\
Every setting of confserver with its default. Copy what you change, and start with `confserver run --config FILE`.
An environment variable wins over this file (CONFSERVER_HTTP__PORT=9000, CONFSERVER_DATA_DIR=/var/lib/confserver),
a flag of the command line wins over both. `confserver check-config --config FILE` tells what is wrong."""


def render_example() -> str:
    """The whole file."""
    defaults = Settings.model_construct()
    sections = {name: value for name, value in defaults if isinstance(value, BaseModel)}
    lines = [*_comment(HEADING), "", *_settings(Settings, defaults, without=sections.keys())]
    for name, section in sections.items():
        lines += [*_comment((type(section).__doc__ or "").strip()), f"[{name}]"]
        lines += _settings(type(section), section)
    return "\n".join(lines).rstrip() + "\n"


def _settings(model: type[BaseModel], values: BaseModel, without: Collection[str] = ()) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name not in without:
            yield from _comment(f"{field.description} {_limits(field)}".strip())
            yield f"{name} = {_toml(getattr(values, name))}"
            yield ""


def _limits(field: FieldInfo) -> str:
    lowest = next((rule.ge for rule in field.metadata if hasattr(rule, "ge")), None)
    highest = next((rule.le for rule in field.metadata if hasattr(rule, "le")), None)
    return "" if lowest is None else f"({lowest} to {highest})"


def _toml(value: object) -> str:
    """A default as TOML; the strings among them need no escape that JSON writes differently."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return json.dumps(str(value) if isinstance(value, Path) else value)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, 110)]


if __name__ == "__main__":
    sys.stdout.write(render_example())
