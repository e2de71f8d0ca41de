"""What people show one another and what a host's page does with it, seen by another guest: names, roles, who is out,
hands, signs, words."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.company import ADA, BEN, CLEO, come, hears, is_in, lists, reads
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.browser.hosts import choose, three_of_them
from tests.peers.daemon import Daemon


def tile_of(guest: Guest, name: str) -> Locator:
    """Somebody's picture."""
    return guest.page.locator("conf-tile:visible").filter(has_text=name)


@pytest.mark.timeout(180)
async def test_a_name_is_changed_and_a_role_and_a_ban_given_and_taken(daemon: Daemon, visit: Visit) -> None:
    _, host, ben, cleo = await three_of_them(daemon, visit)
    for guest in (host, ben, cleo):
        await guest.press("toolbar-people")
    await choose(host, CLEO, "rename")
    await host.page.get_by_test_id("rename-field").fill("Dr. <b>Cleo</b>")
    await host.page.keyboard.press("Enter")
    await cleo.is_told("A host has renamed you: Dr. <b>Cleo</b>")
    await lists(ben, ADA.name, BEN.name, "Dr. <b>Cleo</b>")
    await expect(tile_of(ben, "Dr. <b>Cleo</b>")).to_have_count(1)

    await expect(ben.page.get_by_test_id("people-mute_all")).to_be_hidden()
    await choose(host, BEN, "make_host")
    await ben.is_told("You are a host now")
    await ben.press("people-mute_all")
    await ben.press("mute-all-hard")
    await cleo.is_told("A host has muted you")
    await hears(host, BEN)
    await choose(host, BEN, "make_guest")
    await ben.is_told("You are no longer a host")
    await expect(ben.page.get_by_test_id("people-mute_all")).to_be_hidden()

    await choose(host, BEN, "remove")
    await host.press("remove-ban")
    await reads(ben, "You were removed")
    await ben.page.reload()
    await ben.press("join")
    await expect(ben.page.get_by_test_id("join-error")).to_contain_text("A host has removed you")
    await expect(cleo.page.get_by_test_id("removed")).to_be_hidden()
    await host.press("removed-title")
    await host.page.get_by_role("button", name=f"Let back {BEN.name}").click()
    await host.is_told(f"{BEN.name} may come in again")
    await ben.press("join")
    await is_in(ben)
    await lists(cleo, ADA.name, "Dr. <b>Cleo</b>", BEN.name)


@pytest.mark.timeout(180)
async def test_hands_stand_in_their_queue_and_are_taken_down(daemon: Daemon, visit: Visit) -> None:
    _, host, ben, cleo = await three_of_them(daemon, visit)
    await host.press("toolbar-people")
    await ben.press("toolbar-people")
    queue = ben.page.get_by_test_id("hand").locator(".person-name")
    await cleo.page.keyboard.press("h")
    await expect(queue).to_have_text([CLEO.name])
    await expect(tile_of(ben, CLEO.name).get_by_label("Hand raised")).to_be_visible()
    await ben.press("toolbar-hand")
    await expect(queue).to_have_text([CLEO.name, BEN.name])
    await host.page.get_by_role("button", name=f"Lower the hand of {CLEO.name}").click()
    await expect(queue).to_have_text([BEN.name])
    await expect(cleo.page.get_by_label("Your hand is raised")).to_be_hidden()
    await cleo.page.keyboard.press("h")
    await expect(queue).to_have_text([BEN.name, CLEO.name])
    await host.press("hands-lower-all")
    await expect(queue).to_have_count(0)


@pytest.mark.timeout(180)
async def test_signs_and_words_reach_whom_they_are_for(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    ada, ben, cleo = [await come(visit, meeting["invite_url"], person) for person in (ADA, BEN, CLEO)]
    await ben.press("toolbar-react")
    await ben.press("react-clap")
    for guest in (ada, cleo):
        await expect(tile_of(guest, BEN.name).get_by_role("img", name="Applause")).to_be_visible()

    for guest in (ada, ben, cleo):
        await guest.page.keyboard.press("c")
    await ben.page.get_by_test_id("chat-text").fill("To <b>all</b>")
    await ben.page.keyboard.press("Enter")
    await ben.page.get_by_test_id("chat-to").select_option(label=f"{CLEO.name} only")
    await ben.page.get_by_test_id("chat-text").fill("To Cleo")
    await ben.press("chat-send")
    said = [guest.page.get_by_test_id("chat-message").locator(".chat-text") for guest in (ada, cleo)]
    await expect(said[1]).to_have_text(["To <b>all</b>", "To Cleo"])
    await ada.page.get_by_test_id("chat-text").fill("Thank you")
    await ada.press("chat-send")
    await expect(said[1]).to_have_text(["To <b>all</b>", "To Cleo", "Thank you"])
    await expect(said[0]).to_have_text(["To <b>all</b>", "Thank you"])
