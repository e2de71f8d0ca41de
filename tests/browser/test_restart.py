"""The server dies or is stopped, and comes again: everybody is back by themselves, heard and seen, in their seats."""

import logging
import time
from pathlib import Path

import pytest

from tests.browser.company import ADA, BEN, CLEO, Person, come, has_always_listed, hears, is_in, sees, watch_list
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon, running_daemon

pytestmark = pytest.mark.alone

PEOPLE = (ADA, BEN, CLEO)
CRASHES = 5
LIMIT_S = 5.0


async def all_are_back(guests: dict[Person, Guest], daemon: Daemon, what: str) -> float:
    """Wait until everybody hears and sees everybody else; how long that took since the server serves again, in s."""
    daemon.start_again()
    serving_at = time.monotonic()
    for person, guest in guests.items():
        others = [other for other in PEOPLE if other is not person]
        await hears(guest, *others)
        await sees(guest, *others)
    back_s = time.monotonic() - serving_at
    logging.getLogger(__name__).info("%s: all hear and see all %.1f s after", what, back_s)
    for guest in guests.values():
        await is_in(guest)
    return back_s


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


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_three_are_back_within_five_seconds_of_every_crash(tmp_path: Path, visit: Visit) -> None:
    with running_daemon(tmp_path) as daemon:
        url = (await daemon.create_meeting(capacity=3))["invite_url"]
        guests = {person: await come(visit, url, person) for person in PEOPLE}
        for _ in range(CRASHES):
            await hears(guests[ADA], BEN, CLEO)
            daemon.kill()
            assert await all_are_back(guests, daemon, "kill -9") <= LIMIT_S
