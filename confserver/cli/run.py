"""`confserver run`: the server, until it is told to stop.

Settings are validated before anything of the media plane is imported, so that a mistake is told at once.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_facts, show_json
from confserver.errors import ConfserverError
from confserver.logs import configure_logs

if TYPE_CHECKING:
    from confserver.bootstrap import Bootstrap
    from confserver.tls.certificate import Certificate

UNTRUSTED = (
    "self-signed: browsers will warn of it until tls.acme_domain or tls.certificate is set. "
    "Who compares its SHA-256 may accept it: {fingerprint}"
)


@click.command()
@common_options
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="TCP port of pages, API and WebSocket.")
@click.option("--public-url", help="What all links begin with.")
@click.option("--udp-port", type=int, help="UDP port of the first media worker.")
@click.option("--workers", type=int, help="Number of media processes.")
@click.option("--log-level", help="debug, info, warning or error.")
def run(
    config: Path | None,
    data_dir: Path | None,
    is_json: bool,
    host: str | None,
    port: int | None,
    public_url: str | None,
    udp_port: int | None,
    workers: int | None,
    log_level: str | None,
) -> None:
    """Serve meetings until SIGTERM or Ctrl-C.

    Options win over the environment (CONFSERVER_SECTION__KEY), that over the file, that over the defaults.

    Exit codes: 0 stopped as told, 1 failed, 2 wrong settings, a busy port or a data folder that cannot be used.
    """
    settings = settings_of(
        config,
        data_dir,
        http={"host": host, "port": port, "public_url": public_url},
        media={"udp_port": udp_port, "workers": workers},
        log={"level": log_level},
    )
    configure_logs(settings.log)
    from confserver.lifecycle import run as serve
    from mixer.client import WorkerStartError

    try:
        serve(settings, _announce_json if is_json else _announce)
    except WorkerStartError as error:
        raise ConfserverError(f"The media plane did not start: {error}") from None


def _announce(first: "Bootstrap", certificate: "Certificate | None") -> None:
    click.echo("confserver is ready.")
    show_facts(
        (
            ("Address", first.public_url),
            ("Log in as", first.admin_user),
            ("Password", first.one_time_password and f"{first.one_time_password}  (shown only now)"),
            ("Invite link", first.invite_url),
            ("Host link", first.host_url),
            ("Certificate", certificate and _describe(certificate)),
        )
    )


def _describe(certificate: "Certificate") -> str:
    if certificate.is_self_signed:
        return UNTRUSTED.format(fingerprint=certificate.fingerprint)
    return f"valid until {certificate.ends_at:%Y-%m-%d %H:%M} UTC"


def _announce_json(first: "Bootstrap", certificate: "Certificate | None") -> None:
    show_json(
        {
            "url": first.public_url,
            "admin_user": first.admin_user,
            "one_time_password": first.one_time_password,
            "invite_url": first.invite_url,
            "host_url": first.host_url,
            "certificate_sha256": certificate and certificate.fingerprint,
        }
    )
