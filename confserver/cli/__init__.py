"""The command line: `confserver run`, `check-config`, `user`, `meeting`, `invite`, `backup`, `restore`.

Commands work on the data folder directly, whether the server runs or not; a running one notices within seconds.
"""

import click

from confserver import __version__
from confserver.cli.commands import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="confserver")
def main() -> None:
    """A SIP/WebRTC conference media server.

    Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 no such meeting or user.
    """
