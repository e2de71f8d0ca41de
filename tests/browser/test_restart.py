"""The server dies or is stopped, and comes again: everybody is back by themselves, heard and seen, in their seats."""

import logging
import time
from pathlib import Path

import pytest

from tests.browser.company import ADA, BEN, CLEO, Person, come, has_always_listed, hears, is_in, sees, watch_list
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon, running_daemon

PEOPLE = (ADA, BEN, CLEO)


async def all_are_back(guests: dict[Person, Guest], daemon: Daemon, what: str) -> None:
    """Wait until everybody hears and sees everybody else; say how long that took since the server serves again."""
    daemon.start_again()
    serving_at = time.monotonic()
    for person, guest in guests.items():
        await hears(guest, *(other for other in PEOPLE if other is not person))
    logging.getLogger(__name__).info("%s: all hear all %.1f s after", what, time.monotonic() - serving_at)
    for person, guest in guests.items():
        await is_in(guest)
        await sees(guest, *(other for other in PEOPLE if other is not person))


@pytest.mark.timeout(180)
async def test_all_are_back_after_a_crash_and_after_a_restart_of_the_server(tmp_path: Path, visit: Visit) -> None:
    with running_daemon(tmp_path) as daemon:
        url = (await daemon.create_meeting(capacity=3))["invite_url"]
        guests = {person: await come(visit, url, person) for person in PEOPLE}
        await watch_list(guests[ADA], *(person.name for person in PEOPLE))
        await hears(guests[ADA], BEN, CLEO)

        daemon.kill()
        await all_are_back(guests, daemon, "kill -9")
        daemon.stop()
        await all_are_back(guests, daemon, "SIGTERM")
        await has_always_listed(guests[ADA], *(person.name for person in PEOPLE))
