"""`confserver tenant limit`: what one organisation may have that others may not."""

from pathlib import Path

import click

from confserver.cli.data import with_services
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_json
from confserver.services import Services


@click.group()
def tenant() -> None:
    """Organisations whose people and meetings are invisible to others."""


@tenant.command()
@click.argument("domain")
@click.argument("meetings", type=click.IntRange(0, 10_000), required=False)
@common_options
def limit(domain: str, meetings: int | None, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Let so many MEETINGS of a tenant run at once; without a number, as many as meetings.max_online says.

    Exit codes: 0 set, 2 wrong usage or settings, 3 no such tenant.
    """

    async def work(services: Services) -> None:
        await services.accounts.limit(domain, meetings)

    with_services(settings_of(config, data_dir), work)
    if is_json:
        show_json({"domain": domain, "max_online": meetings})
    else:
        click.echo(f"{domain}: {'the default' if meetings is None else meetings}")
