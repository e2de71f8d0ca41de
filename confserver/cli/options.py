"""Options that several commands take, and the settings they come to.

The options of `run` that override single settings are there. Nothing is opened here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from confserver.config import Settings
from confserver.config_sources import load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


def common_options(command: Command) -> Command:
    """`--config`, `--data-dir` and `--json`; the command takes `config`, `data_dir` and `is_json`."""
    config = click.option(
        "--config", type=click.Path(path_type=Path), help="A TOML file with settings; see config.example.toml."
    )
    data_dir = click.option("--data-dir", type=click.Path(path_type=Path), help="The data folder.  [default: data]")
    as_json = click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
    return config(data_dir(as_json(command)))


def settings_of(config: Path | None, data_dir: Path | None, **sections: dict[str, Any]) -> Settings:
    """The settings with what these options say; an option that was not given (None) says nothing."""
    flags: dict[str, Any] = {"data_dir": data_dir} if data_dir else {}
    for name, section in sections.items():
        flags[name] = {key: value for key, value in section.items() if value is not None}
    return load_settings(config, flags)
