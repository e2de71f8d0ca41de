"""What a host's page does to voices, heard by another guest: mutes that last, coming in muted, the floor."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, DAN, come, hears, sees
from tests.browser.conftest import Visit
from tests.browser.hosts import choose, row_of, switch, three_of_them
from tests.peers.daemon import Daemon


@pytest.mark.timeout(180)
async def test_one_and_all_are_muted_for_good_and_whoever_comes_for_now(daemon: Daemon, visit: Visit) -> None:
    meeting, host, ben, cleo = await three_of_them(daemon, visit)
    await hears(cleo, ADA, BEN)
    await cleo.page.keyboard.press("p")
    await expect(cleo.page.get_by_test_id("person-mute").filter(visible=True)).to_have_count(0)
    await expect(cleo.page.get_by_test_id("people-lock")).to_be_hidden()

    await host.press("toolbar-people")
    await row_of(host, BEN).get_by_test_id("person-mute").click()
    await ben.is_told("A host has muted you")
    await expect(cleo.page.get_by_label("Ben was muted by a host")).to_be_visible()
    await hears(cleo, ADA)
    await ben.page.keyboard.press("m")
    await ben.is_told("Only a host can let you speak again")
    await hears(cleo, ADA)
    await row_of(host, BEN).get_by_test_id("person-mute").click()
    await ben.is_told("A host lets you speak again")
    await hears(cleo, ADA, BEN)

    await host.press("people-mute_all")
    await host.press("mute-all-hard")
    await ben.is_told("A host has muted you")
    await hears(cleo, ADA)
    await ben.page.keyboard.press("m")
    await ben.is_told("Only a host can let you speak again")
    await switch(host, "let_speak")
    await ben.is_told("A host lets you speak again")
    await hears(cleo, ADA, BEN)

    await switch(host, "mute_on_entry")
    dan = await come(visit, meeting["invite_url"], DAN)
    await dan.is_told("You are muted for now")
    await expect(cleo.page.locator("conf-tile").filter(has_text=DAN.name).get_by_label("Muted")).to_be_visible()
    await hears(cleo, ADA, BEN)
    await dan.page.keyboard.press("m")
    await hears(cleo, ADA, BEN, DAN)


@pytest.mark.timeout(180)
async def test_only_who_has_the_floor_is_heard_and_seen(daemon: Daemon, visit: Visit) -> None:
    _, host, ben, cleo = await three_of_them(daemon, visit)
    await hears(cleo, ADA, BEN)
    await sees(cleo, ADA, BEN)
    await host.press("toolbar-people")
    await switch(host, "master")
    await ben.is_told("Hosts give the floor now")
    await hears(cleo, ADA)
    await sees(cleo, ADA)
    await ben.page.keyboard.press("h")
    await host.page.get_by_role("button", name=f"Give floor to {BEN.name}").click()
    await ben.is_told("You have the floor")
    await hears(cleo, ADA, BEN)
    await sees(cleo, ADA, BEN)
    await choose(host, BEN, "take_floor")
    await ben.is_told("You no longer have the floor")
    await hears(cleo, ADA)
    await sees(cleo, ADA)
    await switch(host, "master")
    await ben.is_told("Everybody may speak again")
    await hears(cleo, ADA, BEN)
    await sees(cleo, ADA, BEN)
