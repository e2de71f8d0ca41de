"""What one chooses for oneself alone, before a stand-in server: large pictures, pins, no pictures, windows, sound."""

from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.fake_server import fake_server, slot
from tests.browser.guest import Guest
from tests.browser.seated import ALAN, GRACE, seated, sent

NOTE_WISHES = """
  window.wishes = [];
  const ask = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = wish => { if (wish.audio) wishes.push(wish.audio); return ask(wish); };
"""

# Chromium without a window manager opens no window of its own; an element of the page stands in for its document.
SMALL_WINDOW = """
  class Small extends EventTarget {
    document = document.implementation.createHTMLDocument();
    close() { this.dispatchEvent(new Event("pagehide")); window.small = null; }
  }
  Object.defineProperty(window, "documentPictureInPicture", {
    value: { requestWindow: async () => (window.small = new Small()) },
  });
"""

FACES = [slot(0, GRACE, None), slot(1, ALAN, None)]
"""Pictures that are not to come: those of the stand-in would not say whose they are."""


async def choose(guest: Guest, choice: str) -> None:
    """Turn something on or off in the menu."""
    await guest.press("toolbar-more")
    await guest.press(f"more-{choice}")
    await expect(guest.page.get_by_role("menu")).to_have_count(0)


async def is_large(guest: Guest, name: str | None) -> None:
    """Wait until the tile of this name is much larger than the other, or both are of one size."""

    async def is_so() -> bool:
        areas: dict[str, float] = await guest.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("conf-tile:not([hidden])")].map(tile =>
              [tile.querySelector(".name").textContent, tile.offsetWidth * tile.offsetHeight]))"""
        )
        if not areas:
            return False
        largest = max(areas, key=lambda shown: areas[shown])
        found = largest if areas[largest] > 2 * min(areas.values()) else None
        return found == name

    await guest.until(is_so, f"large picture of {name}")


async def test_large_is_who_speaks_or_whom_one_has_pinned(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others, server.slots = [GRACE, ALAN], FACES
        guest = await seated(browser, server)
        await is_large(guest, None)
        await choose(guest, "speaker_view")
        await is_large(guest, "Grace")
        await server.tell({"type": "speakers", "participant_ids": [ALAN["id"], GRACE["id"]]})
        await is_large(guest, "Grace")
        await server.tell({"type": "speakers", "participant_ids": [ALAN["id"]]})
        await is_large(guest, "Alan")
        await server.tell({"type": "speakers", "participant_ids": []})

        await guest.page.get_by_role("button", name="Pin Grace for yourself").press("Enter")
        assert await sent(guest, server, "view", 1) == {"type": "view", "pinned_id": GRACE["id"]}
        await is_large(guest, "Grace")
        await guest.page.get_by_role("button", name="Unpin Grace").press("Enter")
        assert await sent(guest, server, "view", 2) == {"type": "view", "pinned_id": None}
        await server.tell({"type": "speakers", "participant_ids": [ALAN["id"]]})
        await is_large(guest, "Alan")
        assert await guest.accessibility_issues() == []

        await guest.page.reload()
        await is_large(guest, "Grace")
        assert guest.complaints == []


async def test_without_pictures_none_is_asked_for_until_they_are_wanted_again(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others, server.slots = [GRACE, ALAN], FACES
        guest = await seated(browser, server)
        assert lines_of(await sent(guest, server, "offer", 1)) == 2
        await choose(guest, "low_data")
        assert lines_of(await sent(guest, server, "offer", 2)) == 0
        await expect(guest.page.get_by_test_id("low-data")).to_be_visible()
        await expect(guest.page.locator("conf-tile:visible .avatar:visible")).to_have_count(2)
        assert (await sent(guest, server, "set", 1))["has_camera"] is False
        assert await guest.accessibility_issues() == []

        await guest.page.reload()
        assert lines_of(await sent(guest, server, "offer", 3)) == 0
        await expect(guest.page.get_by_test_id("low-data")).to_be_visible()
        await choose(guest, "low_data")
        assert lines_of(await sent(guest, server, "offer", 4)) == 2
        await expect(guest.page.get_by_test_id("low-data")).to_be_hidden()
        await expect(guest.page.locator("conf-tile[data-slot]:visible")).to_have_count(2)
        assert guest.complaints == []


def lines_of(offer: dict[str, Any]) -> int:
    """For how many pictures of others it asks."""
    return list(offer["lines"].values()).count("slot")


async def test_original_sound_takes_the_filters_off_the_open_microphone(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server, NOTE_WISHES)
        await choose(guest, "original_sound")
        await guest.is_told("heard as it is")
        await choose(guest, "original_sound")
        await guest.is_told("are filtered")
        wishes = await guest.page.evaluate("wishes")
        filters = ("echoCancellation", "noiseSuppression", "autoGainControl")
        assert [{wish[name] for name in filters} for wish in wishes] == [{True}, {False}, {True}]
        assert guest.complaints == []


async def test_a_small_window_follows_the_main_picture(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others, server.slots = [GRACE, ALAN], FACES
        guest = await seated(browser, server, SMALL_WINDOW)
        await choose(guest, "small_picture")
        assert await named(guest) == ["Grace"]
        await guest.page.get_by_role("button", name="Pin Alan for yourself").press("Enter")
        assert await named(guest) == ["Alan"]
        await choose(guest, "small_picture")
        assert await guest.page.evaluate("small") is None
        await guest.page.keyboard.press("f")
        await guest.until(lambda: guest.page.evaluate("document.fullscreenElement !== null"), "full screen")
        await guest.page.keyboard.press("f")
        await guest.until(lambda: guest.page.evaluate("document.fullscreenElement === null"), "window")
        assert guest.complaints == []


async def named(guest: Guest) -> list[str]:
    """The names in the small window."""
    names = "[...small.document.querySelectorAll('conf-tile .name')].map(node => node.textContent)"
    await guest.until(lambda: guest.page.evaluate(f"{names}.length > 0"), "small window")
    found: list[str] = await guest.page.evaluate(names)
    return found
