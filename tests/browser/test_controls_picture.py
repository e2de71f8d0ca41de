"""What one does to one's own picture in the meeting page, and what another sees and hears of it."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, come, hears, hears_tone, sees
from tests.browser.conftest import Visit
from tests.browser.guest import Guest, Senses, Voice
from tests.peers.daemon import Daemon
from tests.peers.tracks import Colour, looks_like

DESK_COLOUR = (180, 60, 170)
SCREEN_COLOUR = (60, 170, 180)
SCREEN_HZ = 1300.0
EQUIPPED = Senses(
    ADA.senses.microphones,
    {**ADA.senses.cameras, "desk": DESK_COLOUR},
    screen=SCREEN_COLOUR,
    screen_sound=Voice(SCREEN_HZ),
)


async def shows(guest: Guest, **colours: Colour) -> None:
    """Wait until the tiles have exactly these pictures, by purpose, all of them under Ada's name."""

    async def does() -> bool:
        tiles = {tile.purpose: tile for tile in await guest.tiles() if tile.picture == "live"}
        return tiles.keys() == colours.keys() and all(
            looks_like(tile.colour, colours[purpose]) and tile.name == ADA.name for purpose, tile in tiles.items()
        )

    await guest.until(does, f"pictures {colours}")


async def shows_stand_in(guest: Guest) -> None:
    """Wait until there is Ada's initial instead of her picture."""
    tile = guest.page.locator("conf-tile:visible")
    await expect(tile).to_have_attribute("data-picture", "none")
    await expect(tile.locator(".avatar")).to_have_text("A")
    await expect(tile.locator(".name")).to_have_text(ADA.name)


@pytest.mark.timeout(180)
async def test_camera_by_button_and_key_and_another_one_without_leaving(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada, ben = await come(visit, url, ADA, EQUIPPED), await come(visit, url, BEN)
    await shows(ben, camera=ADA.colour)

    await ada.press("toolbar-camera")
    await shows_stand_in(ben)
    await expect(ada.page.get_by_test_id("self-view")).to_have_attribute("data-picture", "none")
    await ada.page.keyboard.press("v")
    await shows(ben, camera=ADA.colour)
    await ada.page.keyboard.press("v")
    await shows_stand_in(ben)
    await ada.press("toolbar-camera")
    await shows(ben, camera=ADA.colour)

    await ada.page.keyboard.press("d")
    await ada.page.get_by_test_id("choose-camera").select_option("desk")
    await shows(ben, camera=DESK_COLOUR)
    await ada.page.keyboard.press("Escape")
    await ada.unplug("desk")
    await ada.is_told("Your camera is gone")
    await shows_stand_in(ben)
    await hears(ben, ADA)
    await sees(ada, BEN)


@pytest.mark.timeout(180)
async def test_a_screen_with_its_sound(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    ada, ben = await come(visit, url, ADA, EQUIPPED), await come(visit, url, BEN)
    await shows(ben, camera=ADA.colour)

    await ada.page.keyboard.press("s")
    await shows(ben, camera=ADA.colour, screen=SCREEN_COLOUR)
    await ben.is_told("Ada is sharing a screen")
    await hears_tone(ben, SCREEN_HZ)
    await hears(ben, ADA)
    await hears_tone(ada, SCREEN_HZ, is_heard=False)

    await ada.press("toolbar-screen")
    await shows(ben, camera=ADA.colour)
    await ada.press("toolbar-screen")
    await shows(ben, camera=ADA.colour, screen=SCREEN_COLOUR)
    await ada.page.evaluate("testDevices.unplug('screen')")
    await shows(ben, camera=ADA.colour)
    await hears_tone(ben, SCREEN_HZ, is_heard=False)
