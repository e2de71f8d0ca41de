"""`confserver restore`: a backup becomes the data folder again."""

from datetime import UTC, datetime
from pathlib import Path

import click

from confserver.cli.data import with_services
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_json
from confserver.config import Settings
from confserver.errors import StoreError
from confserver.services import Services
from confserver.store.restore import unpacked


@click.command()
@click.argument("archive", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", "is_replacing", is_flag=True, help="Move what the data folder holds aside, into it.")
@common_options
def restore(archive: Path, is_replacing: bool, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Put a backup into the data folder. The server must be stopped; nothing is ever deleted.

    The whole backup is checked before anything is touched; one of an older version is brought to this one's schema.

    Exit codes: 0 restored, 2 wrong usage or settings, a backup that is not right, or a folder that is in use.
    """
    settings = settings_of(config, data_dir)
    with unpacked(archive, settings.data_dir, is_replacing=is_replacing) as waiting:
        _prove(archive, settings.model_copy(update={"data_dir": waiting.folder}))
        aside = waiting.put_in_place(datetime.now(UTC))
    made_at = waiting.manifest.made_at
    if is_json:
        replaced = str(aside) if aside else None
        show_json({"data_dir": str(settings.data_dir), "made_at": made_at.isoformat(), "replaced": replaced})
        return
    click.echo(f"{settings.data_dir} is as it was at {made_at:%Y-%m-%d %H:%M:%S} UTC.")
    if aside:
        click.echo(f"What it held before is in {aside}.")


def _prove(archive: Path, settings: Settings) -> None:
    """Opens it once as the server will: what that would refuse must not get into its place."""
    try:
        with_services(settings, _look)
    except StoreError as error:
        raise StoreError(f"{archive}: cannot be restored: {error.detail or error.message}.") from None


async def _look(_: Services) -> None:
    """Opening the services is the proof."""
