"""The door of a meeting in real Chromium: the PIN, closed doors, and guests who come without devices."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, come, hears, is_in, lists, reads, sees, was_held_back, watch_door
from tests.browser.conftest import Visit
from tests.browser.guest import Senses
from tests.peers.daemon import Daemon

PIN = "4711"
WRONG_PIN = "1234"


@pytest.mark.timeout(180)
async def test_only_the_right_pin_opens(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting(room_pin=PIN))["invite_url"]
    ben = await visit(f"{url}#pin={PIN}", BEN.senses)
    await expect(ben.page.get_by_test_id("join")).to_be_visible()
    assert ben.page.url == url, "the PIN has gone from the address bar"
    await expect(ben.page.get_by_test_id("pin")).to_be_hidden()

    ada = await visit(url, ADA.senses)
    await watch_door(ada)
    for told in ("You can try again in 1 s", "You can try again in 2 s"):
        await ada.join(ADA.name, WRONG_PIN)
        await expect(ada.page.get_by_test_id("join-error")).to_contain_text("That PIN is not right")
        await was_held_back(ada, told)
    await ada.join(ADA.name, PIN)
    await is_in(ada)

    await ben.join(BEN.name)
    await is_in(ben)
    await hears(ada, BEN)
    await sees(ben, ADA)


@pytest.mark.timeout(180)
async def test_who_has_no_devices_or_may_not_use_them_takes_part(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada = await come(visit, url, ADA)
    ben = await visit(url, Senses())
    cleo = await visit(url, Senses(CLEO.senses.microphones, CLEO.senses.cameras, refused=("microphone", "camera")))
    await expect(ben.page.get_by_test_id("microphone-problem")).to_contain_text("No microphone found")
    await expect(ben.page.get_by_test_id("camera-problem")).to_contain_text("No camera found")
    await expect(cleo.page.get_by_test_id("microphone-problem")).to_contain_text("may not use your microphone")
    await expect(cleo.page.get_by_test_id("camera-problem")).to_contain_text("may not use your camera")
    for guest, person in ((ben, BEN), (cleo, CLEO)):
        await guest.join(person.name)
        await is_in(guest)
        await hears(guest, ADA)
        await sees(guest, ADA)

    await ada.page.keyboard.press("p")
    await lists(ada, ADA.name, BEN.name, CLEO.name)
    for person in (BEN, CLEO):
        await expect(ada.page.get_by_label(f"{person.name} is muted")).to_be_visible()
        await expect(ada.page.get_by_label(f"The camera of {person.name} is off")).to_be_visible()
    await hears(ada)
    await sees(ada)


@pytest.mark.timeout(180)
async def test_who_comes_in_muted_and_unseen_may_open_both_inside(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada = await come(visit, url, ADA)
    ben = await visit(url, BEN.senses)
    await expect(ben.page.locator(".no-picture")).to_be_hidden()
    await ben.press("join-microphone")
    await ben.press("join-camera")
    await expect(ben.page.get_by_text("Your camera is off")).to_be_visible()
    await ben.join(BEN.name)
    await is_in(ben)
    await hears(ben, ADA)
    await ada.page.keyboard.press("p")
    await expect(ada.page.get_by_label("Ben is muted")).to_be_visible()
    await expect(ada.page.get_by_label("The camera of Ben is off")).to_be_visible()
    await hears(ada)
    await sees(ada)

    await ben.press("toolbar-microphone")
    await ben.press("toolbar-camera")
    await hears(ada, BEN)
    await sees(ada, BEN)


async def test_a_link_that_leads_nowhere_says_so(daemon: Daemon, visit: Visit) -> None:
    guest = await visit(f"{daemon.http_url}/join/AAAAAAAAAAAAAAAAAAAAAA")
    await reads(guest, "We cannot find this meeting")
