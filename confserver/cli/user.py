"""`confserver user add`: people and programs that may log in."""

import secrets
import sys
from pathlib import Path

import click

from confserver.auth.accounts import DEFAULT_DOMAIN
from confserver.auth.identity import MeetingAccess, Role, User
from confserver.bootstrap import PASSWORD_BYTES
from confserver.cli.data import with_services
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_json
from confserver.services import Services


@click.group()
def user() -> None:
    """People and programs that may log in."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.USER.value, show_default=True)
@click.option(
    "--meeting-access",
    type=click.Choice([access.value for access in MeetingAccess]),
    default=MeetingAccess.FULL.value,
    show_default=True,
    help="VIEW: may look at meetings only.",
)
@click.option("--display-name", default="", help="What others see.  [default: the name]")
@click.option("--domain", default=DEFAULT_DOMAIN, show_default=True, help="The tenant; made if there is none.")
@click.option("--password-stdin", "is_password_given", is_flag=True, help="Read the password from standard input.")
@common_options
def add(
    name: str,
    role: str,
    meeting_access: str,
    display_name: str,
    domain: str,
    is_password_given: bool,
    config: Path | None,
    data_dir: Path | None,
    is_json: bool,
) -> None:
    """Add a user. A password is made up and shown once, unless one is given.

    ADMIN hosts every meeting of the tenant, OPERATOR sees them all, USER has meetings of their own.

    Exit codes: 0 added, 1 the name is taken, 2 wrong usage or settings.
    """
    given = sys.stdin.readline().rstrip("\r\n") if is_password_given else None
    if given == "" or not 1 <= len(name) <= 64 or len(display_name) > 64 or not 1 <= len(domain) <= 255:
        raise click.UsageError("Names have 1 to 64 characters, domains 1 to 255, and a password is not empty.")
    password = given or secrets.token_urlsafe(PASSWORD_BYTES)

    async def work(services: Services) -> User:
        return await services.accounts.add(
            await services.accounts.ensure_tenant(domain),
            name,
            password,
            Role(role),
            display_name,
            MeetingAccess(meeting_access),
        )

    added = with_services(settings_of(config, data_dir), work)
    shown = None if given else password
    if is_json:
        shown_user = {"id": added.id, "name": name, "role": role, "meeting_access": meeting_access, "domain": domain}
        show_json({**shown_user, "password": shown})
        return
    click.echo(f"{name} may log in" + (f" with the password {shown} (shown only now)." if shown else "."))
