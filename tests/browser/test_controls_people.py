"""The list of people, the invite link, leaving, and the click that sound may need."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.company import ADA, BEN, CLEO, come, hears, is_in, lists, reads, sees
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon

# Joins without a gesture of anybody, as when a browser restores its tabs.
JOIN_UNASKED = """
  new MutationObserver((_, watching) => {
    const [name, join] = ["display-name", "join"].map(id => document.querySelector(`[data-testid=${id}]`));
    if (!join) return;
    watching.disconnect();
    name.value = "Ada";
    join.click();
  }).observe(document, { childList: true, subtree: true });
"""
MAY_COPY = ["clipboard-read", "clipboard-write"]


@pytest.mark.timeout(180)
async def test_inviting_listing_and_leaving(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada = await come(visit, url, ADA, permissions=MAY_COPY)
    await expect(ada.page.get_by_text("Nobody else is here yet")).to_be_visible()
    await ada.press("copy-invite")
    await ada.is_told("The invite link is in your clipboard")
    copied = await ada.page.evaluate("navigator.clipboard.readText()")

    ben = await come(visit, copied, BEN)
    await ada.is_told("Ben has joined")
    await expect(ada.page.get_by_test_id("people-count")).to_have_text("2")
    await ada.press("toolbar-people")
    await lists(ada, ADA.name, BEN.name)
    await ada.page.evaluate("navigator.clipboard.writeText('')")
    await ada.press("people-invite")
    await ada.is_told("The invite link is in your clipboard")
    assert await ada.page.evaluate("navigator.clipboard.readText()") == url
    await hears(ada, BEN)
    await sees(ada, BEN)

    await ben.press("toolbar-leave")
    await ben.press("leave-cancel")
    await ben.page.keyboard.press("l")
    await ben.page.keyboard.press("Enter")
    await reads(ben, "You have left the meeting")
    await ada.is_told("Ben has left")
    await lists(ada, ADA.name)
    await hears(ada)
    await sees(ada)

    await ben.press("join-again")
    await ben.press("join")
    await is_in(ben)
    await lists(ada, ADA.name, BEN.name)
    await hears(ada, BEN)
    await sees(ada, BEN)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("browser", ["silent"], indirect=True)
async def test_held_back_sound_needs_one_click(daemon: Daemon, browser: Browser, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    cleo = await come(visit, url, CLEO)
    ada = await Guest.arrive(browser, ADA.senses)
    await ada.page.add_init_script(JOIN_UNASKED)
    await ada.open(url)
    # Even to look into a page counts as a gesture: until her sound has been held back, ask others about her.
    await sees(cleo, ADA)
    click = ada.page.get_by_test_id("click-to-hear")
    await expect(click).to_be_visible()
    await hears(ada)
    await ada.press("click-to-hear")
    await expect(click).to_be_hidden()
    await hears(ada, CLEO)
    await hears(cleo, ADA)
    assert ada.complaints == []
