"""The group of all commands: finds each when it is wanted, and maps what it refuses to an exit code, once.

Found late, because the database libraries take longer to import than settings take to check.
"""

import importlib
from typing import Any

import click

from confserver.errors import ConfigError, ConfserverError, NotFound, StoreError, ValidateFailed

FAILED = 1
USAGE = 2
NOT_FOUND = 3

EXIT_CODES: dict[type[ConfserverError], int] = {
    ConfigError: USAGE,
    StoreError: USAGE,
    ValidateFailed: USAGE,
    NotFound: NOT_FOUND,
}

COMMANDS = {
    "run": "confserver.cli.run:run",
    "check-config": "confserver.cli.check_config:check_config",
    "user": "confserver.cli.user:user",
    "tenant": "confserver.cli.tenant:tenant",
    "meeting": "confserver.cli.meeting:meeting",
    "invite": "confserver.cli.invite:invite",
    "backup": "confserver.cli.backup:backup",
    "restore": "confserver.cli.restore:restore",
}


class Commands(click.Group):
    """A group whose commands may raise ConfserverError: it is told on standard error, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except ConfserverError as error:
            for fault in error.faults:
                click.echo(f"confserver: {fault.message}", err=True)
            ctx.exit(EXIT_CODES.get(type(error), FAILED))
