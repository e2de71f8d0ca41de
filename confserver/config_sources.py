"""Where settings come from; precedence from low to high: default, TOML file, environment, flag.

The environment names a setting `CONFSERVER_SECTION__KEY`. What may be set is in `confserver.config`.
"""

import os
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from confserver.config import Settings
from confserver.errors import ConfigError
from confserver.validation import explain

ENVIRONMENT_PREFIX = "CONFSERVER_"
MAX_SHOWN = 200
"""Characters of a name or value in a sentence about it."""


class _Named(Settings, BaseSettings):
    """The settings as pydantic-settings must see them to name them in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", env_ignore_empty=True, enable_decoding=False
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings come from: its name for people, and the values found there, nested like the file."""

    name: str
    values: Mapping[str, Any]

    def find(self, key: tuple[int | str, ...]) -> tuple[object, ...]:
        """The value set here for a key, or nothing; for an item of a list, the whole list."""
        value: object = self.values
        for part in key:
            if isinstance(value, Mapping):
                if part not in value:
                    return ()
                value = value[part]
        return (value,)


def load_settings(config: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings from `config` (TOML), the environment and `flags` (nested like the file).

    Raises ConfigError with one sentence that names where a setting was made, its key and its value.
    """
    sources = [
        Source("the command line", flags or {}),
        Source("the environment", _read_environment()),
        Source(str(config), _read_toml(config) if config else {}),
    ]
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged = _overlaid(merged, source.values)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise ConfigError(_sentence(error.errors(include_url=False)[0], sources)) from None


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both, key by key; `above` wins."""
    merged = dict(below)
    for name, value in above.items():
        is_table = isinstance(value, Mapping) and isinstance(below.get(name), Mapping)
        merged[name] = _overlaid(below[name], value) if is_table else value
    return merged


def _read_toml(config: Path) -> Mapping[str, Any]:
    if not config.is_file():
        raise ConfigError(f"{config}: there is no such file.")
    try:
        return TomlConfigSettingsSource(_Named, config)()
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{config}: cannot be read as TOML: {error}.") from None


def _read_environment() -> Mapping[str, Any]:
    for name in os.environ:
        section, separator, _ = name.removeprefix(ENVIRONMENT_PREFIX).partition("__")
        # Pydantic looks up the sections it knows, so a misspelt one would go unnoticed.
        if name.startswith(ENVIRONMENT_PREFIX) and separator and section.lower() not in Settings.model_fields:
            # Without its value, which may be a password.
            missing = f"there is no section [{_printed(section.lower())}]"
            raise ConfigError(f"the environment: {_printed(name)}: {missing}.")
    return EnvSettingsSource(_Named)()


def _sentence(item: ErrorDetails, sources: list[Source]) -> str:
    key = ".".join(str(part) for part in item["loc"])
    name, value = next((source.name, value) for source in sources for value in source.find(item["loc"]))
    shown = "(hidden)" if "password" in key else _shown(value)
    return f"{name}: {_printed(key)} = {shown}: {explain(item)}."


def _printed(name: str) -> str:
    """A name that somebody wrote, on one line and not without end."""
    name = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}..."
    return name if name.isprintable() else repr(name)[1:-1]


def _shown(value: object) -> str:
    """A value that somebody wrote, as they would find it again; a long or deep one in part."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = short.maxlong = MAX_SHOWN
    return short.repr(value)
