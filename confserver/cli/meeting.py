"""`confserver meeting create/list/show/delete`: stored meetings, from the operator's side.

The operator owns the data folder, so nothing is hidden here, PINs included.
"""

import json
from pathlib import Path
from typing import Any

import click

from confserver.auth.accounts import DEFAULT_DOMAIN
from confserver.auth.identity import Tenant, User
from confserver.cli.data import with_services
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_facts, show_json, show_rows
from confserver.errors import NotFound
from confserver.listing.page import Page
from confserver.meetings.definition import NewMeeting
from confserver.meetings.links import Links
from confserver.meetings.listing import MeetingQuery
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.services import Services
from confserver.validation import parse_values

OWN_FIELDS = {"tenant_id", "tenant_domain", "tenant_max_online", "owner_id", "revision", "host_name", "life"}
PAGE = 100


@click.group()
def meeting() -> None:
    """Meetings as they are stored.

    MEETING is the id, the extension number or the access key of one. A running server notices a change within
    seconds: who is in a deleted meeting is told that it has ended.
    """


@meeting.command()
@click.argument("subject")
@click.option("--mode", default="VIDEO", show_default=True, help="VIDEO or AUDIO.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name.")
@click.option("--pin", "room_pin", help="What guests have to enter: 3 to 6 digits.")
@click.option("--capacity", type=int, help="People at the same time.")
@click.option("--set", "others", multiple=True, metavar="FIELD=VALUE", help="Any field of docs/rest.md; repeatable.")
@click.option("--owner", help="User name of the host.  [default: the first administrator]")
@click.option("--domain", default=DEFAULT_DOMAIN, show_default=True, help="The owner's tenant.")
@common_options
def create(
    subject: str,
    others: tuple[str, ...],
    owner: str | None,
    domain: str,
    config: Path | None,
    data_dir: Path | None,
    is_json: bool,
    **fields: Any,
) -> None:
    """Create a meeting and show its links.

    Exit codes: 0 created, 2 a value out of range, 3 no such owner.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    definition = parse_values(NewMeeting, {"subject": subject, **given, **_assignments(others)})

    async def work(services: Services) -> None:
        created = await services.meetings.create(await _owner(services, owner, domain), definition)
        _show(created, services.links, is_json)

    with_services(settings_of(config, data_dir), work)


@meeting.command("list")
@click.option("--search", default="", help="Only those with this in subject or extension number.")
@click.option("--domain", default=DEFAULT_DOMAIN, show_default=True, help="The tenant.")
@common_options
def list_(search: str, domain: str, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """List meetings, oldest first.

    Exit codes: 0 listed, 2 wrong usage or settings, 3 no such tenant.
    """

    async def work(services: Services) -> None:
        meetings = await _all(services, search, domain)
        if is_json:
            show_json([_values(item, services.links) for item in meetings])
            return
        rows = [(item.extension_number, item.subject, item.ownership, services.links.invite(item)) for item in meetings]
        show_rows(("Number", "Subject", "Owner", "Invite link"), rows)

    with_services(settings_of(config, data_dir), work)


@meeting.command()
@click.argument("reference", metavar="MEETING")
@common_options
def show(reference: str, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Show everything about a meeting.

    Exit codes: 0 shown, 2 wrong usage or settings, 3 no such meeting.
    """

    async def work(services: Services) -> None:
        _show(await find_meeting(services.meetings, reference), services.links, is_json)

    with_services(settings_of(config, data_dir), work)


@meeting.command()
@click.argument("reference", metavar="MEETING")
@common_options
def delete(reference: str, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Delete a meeting; if it is running, it ends within seconds.

    Exit codes: 0 deleted, 2 wrong usage or settings, 3 no such meeting.
    """

    async def work(services: Services) -> None:
        found = await find_meeting(services.meetings, reference)
        await services.meetings.delete(found.id)
        if is_json:
            show_json({"id": found.id})
        else:
            click.echo(f"{found.subject!r} is deleted.")

    with_services(settings_of(config, data_dir), work)


async def find_meeting(meetings: Meetings, reference: str) -> Meeting:
    """The meeting with this id, extension number or access key; raises NotFound."""
    for find in (meetings.by_id, meetings.by_extension, meetings.by_access_key):
        found = await find(reference)
        if found is not None:
            return found
    raise NotFound(f"There is no meeting {reference!r}.")


async def _owner(services: Services, name: str | None, domain: str) -> User:
    if name is None:
        found = await services.accounts.first_admin(await _tenant(services, domain))
    else:
        found = await services.accounts.find(name, domain)
    if found is None:
        raise NotFound(f"There is no user {name!r}." if name else "There is no administrator yet: name an --owner.")
    return found


async def _tenant(services: Services, domain: str) -> Tenant:
    found = await services.accounts.tenant(domain)
    if found is None:
        raise NotFound(f"There is no tenant {domain!r} yet; `confserver user add` makes it.")
    return found


async def _all(services: Services, search: str, domain: str) -> list[Meeting]:
    tenant = await _tenant(services, domain)
    meetings: list[Meeting] = []
    while True:
        query = MeetingQuery(tenant.id, page=Page(search=search, skip=len(meetings), top=PAGE))
        _, page = await services.meetings.list(query)
        meetings += page
        if len(page) < PAGE:
            return meetings


def _assignments(texts: tuple[str, ...]) -> dict[str, Any]:
    """`field=value` pairs; a value is JSON where it can be (numbers, true, null, lists), else the text itself."""
    values: dict[str, Any] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise click.UsageError(f"--set {text}: should be FIELD=VALUE.")
        is_text = name.endswith("_pin") or name in {"custom_options", "extension_number"}
        values[name] = value if is_text else _json_or_text(value)
    return values


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _values(item: Meeting, links: Links) -> dict[str, Any]:
    stored = item.model_dump(mode="json", exclude=OWN_FIELDS)
    return {**stored, "domain": item.tenant_domain, "invite_url": links.invite(item), "host_url": links.host(item)}


def _show(item: Meeting, links: Links, is_json: bool) -> None:
    values = _values(item, links)
    if is_json:
        show_json(values)
    else:
        show_facts(values.items())
