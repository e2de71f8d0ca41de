"""`confserver check-config`: are the settings right, and what do they come to?

It starts nothing and needs no data folder.
"""

from pathlib import Path

import click

from confserver.addresses import advertised_addresses, public_url
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_facts, show_json
from confserver.tls.https import describe_certificate


@click.command("check-config")
@common_options
def check_config(config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Check the settings and show what they come to.

    Exit codes: 0 right, 2 wrong.
    """
    settings = settings_of(config, data_dir)
    certificate = describe_certificate(settings)
    if is_json:
        show_json(settings.model_dump(mode="json"))
        return
    click.echo("The settings are right.")
    show_facts(
        (
            ("links begin with", public_url(settings)),
            ("listens on", f"{settings.http.host} port {settings.http.port}"),
            ("certificate", certificate),
            ("media at", ", ".join(advertised_addresses(settings))),
            ("media ports", ", ".join(str(settings.media.udp_port + n) for n in range(settings.media.workers))),
            ("data folder", settings.data_dir.absolute()),
        ),
    )
