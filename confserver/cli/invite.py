"""`confserver invite`: what to send to guests."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from confserver.cli.data import with_services
from confserver.cli.meeting import find_meeting
from confserver.cli.options import common_options, settings_of
from confserver.cli.output import show_facts, show_json
from confserver.meetings.meeting import Meeting
from confserver.services import Services


@click.command()
@click.argument("reference", metavar="MEETING")
@click.option("--with-pin", "has_pin", is_flag=True, help="Put the PIN into the link: who has it need not type it.")
@common_options
def invite(reference: str, has_pin: bool, config: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Show the invitation to a meeting: link, time and PIN.

    MEETING is the id, the extension number or the access key of one.

    Exit codes: 0 shown, 2 wrong usage or settings, 3 no such meeting.
    """

    async def work(services: Services) -> None:
        found = await find_meeting(services.meetings, reference)
        link = services.links.invite(found, has_pin)
        if is_json:
            show_json({"subject": found.subject, "invite_url": link, "room_pin": found.room_pin, "time": _time(found)})
            return
        show_facts((("Subject", found.subject), ("Time", _time(found)), ("Link", link), ("PIN", found.room_pin)))

    with_services(settings_of(config, data_dir), work)


def _time(meeting: Meeting) -> str | None:
    """The scheduled start on the clock of the meeting's own time zone."""
    start = meeting.scheduled_start_at
    return f"{start.astimezone(ZoneInfo(meeting.timezone)):%Y-%m-%d %H:%M} ({meeting.timezone})" if start else None
