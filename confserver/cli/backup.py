"""`confserver backup`: everything of the data folder that cannot be made again, in one file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_json
from confserver.store.backup import back_up


@click.command()
@click.argument("target", metavar="[FILE]", type=click.Path(path_type=Path), default=Path())
@common_options
def backup(target: Path, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Write the database and the keys beside it to one file, while the server runs or not.

    FILE may be a folder: then the name is made of date and time. It holds the keys that open every meeting: keep it
    secret. `confserver restore` puts it back.

    Exit codes: 0 written, 2 wrong usage or settings, nothing to back up, or FILE cannot be written.
    """
    settings, now = settings_of(config, data_dir), datetime.now(UTC).replace(microsecond=0)
    if target.is_dir():
        target = target / f"confserver-backup-{now:%Y%m%d-%H%M%S}.tar"
    manifest = back_up(settings.data_dir, target, now)
    names = [file.name for file in manifest.files]
    if is_json:
        show_json({"file": str(target), "bytes": target.stat().st_size, "holds": names})
        return
    click.echo(f"{target} holds {', '.join(names)}.")
    click.echo("Keep it secret: whoever has it can enter every meeting and be taken for this server.")
