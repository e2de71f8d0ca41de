"""Real Chromium, real daemon, three people by invite link: each hears and sees exactly the other two."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, DAN, come, has_mistaken_nobody, hears, reads, sees
from tests.browser.conftest import Visit
from tests.peers.daemon import Daemon


@pytest.mark.timeout(180)
async def test_three_people_meet_and_a_fourth_finds_no_seat(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting(capacity=3))["invite_url"]
    three = (ADA, BEN, CLEO)
    too_late = await visit(url)
    guests = {person: await come(visit, url, person) for person in three}

    for person, guest in guests.items():
        others = [other for other in three if other is not person]
        await hears(guest, *others)
        await sees(guest, *others)

    await too_late.join(DAN.name)
    await expect(too_late.page.get_by_test_id("join-error")).to_contain_text("The meeting is full")
    later_still = await visit(url)
    await reads(later_still, "The meeting is full")

    for guest in guests.values():
        await has_mistaken_nobody(guest)
    await guests[CLEO].page.close()
    await sees(guests[ADA], BEN)
    await too_late.join(DAN.name)
    await hears(too_late, ADA, BEN)
