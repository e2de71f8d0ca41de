"""What one does to one's own voice in the meeting page, and what another hears and sees of it."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, come, hears, hears_tone
from tests.browser.conftest import Visit
from tests.browser.guest import Guest, Senses, Voice
from tests.peers.daemon import Daemon

DESK_HZ = 1300.0
TWO_MICROPHONES = Senses({**ADA.senses.microphones, "desk": Voice(DESK_HZ)}, ADA.senses.cameras)


async def shows_muted(guest: Guest, *, is_muted: bool) -> None:
    """Wait until the only tile says so."""
    await expect(guest.page.locator("conf-tile:visible .muted-mark")).to_be_visible(visible=is_muted)


@pytest.mark.timeout(180)
async def test_mute_by_button_key_and_space_bar(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada, ben = await come(visit, url, ADA), await come(visit, url, BEN)
    keyboard = ada.page.keyboard
    await hears(ben, ADA)

    await ada.press("toolbar-microphone")
    await hears(ben)
    await shows_muted(ben, is_muted=True)
    await ada.is_told("You are muted")

    await keyboard.down(" ")
    await hears(ben, ADA)
    await shows_muted(ben, is_muted=False)
    await keyboard.up(" ")
    await hears(ben)
    await shows_muted(ben, is_muted=True)

    await keyboard.press("m")
    await hears(ben, ADA)
    await keyboard.press("m")
    await hears(ben)
    await ada.press("toolbar-microphone")
    await hears(ben, ADA)
    await hears(ada, BEN)


@pytest.mark.timeout(180)
async def test_another_microphone_without_leaving(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ben = await come(visit, url, BEN)
    ada = await come(visit, url, ADA, TWO_MICROPHONES)
    await hears(ben, ADA)
    (before,) = await ben.tiles()

    await ada.press("toolbar-more")
    await ada.press("more-devices")
    await ada.page.get_by_test_id("choose-microphone").select_option("desk")
    await hears_tone(ben, DESK_HZ)
    await hears(ben)

    await ada.page.keyboard.press("Escape")
    await ada.unplug("desk")
    await ada.is_told("Your microphone is gone")
    await shows_muted(ben, is_muted=True)
    await ada.press("toolbar-microphone")
    await hears(ben, ADA)
    await shows_muted(ben, is_muted=False)
    (after,) = await ben.tiles()
    assert after.participant_id == before.participant_id, "the same seat all the time"
