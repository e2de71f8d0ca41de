"""The meeting page before a stand-in server: tiles and names, controls, keys, and what happens when things break."""

from playwright.async_api import Browser, expect

from tests.browser.company import is_in
from tests.browser.fake_server import fake_server, person, slot
from tests.browser.guest import Guest, Senses
from tests.browser.seated import ALAN, GRACE, seated, sent

# The pictures of the stand-in carry no generations; this puts the test's in their place, and leaves the gate open.
SET_GENERATIONS = """
  delete window.RTCRtpScriptTransform;
  window.generations = {};
  const watch = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
    const mid = this.closest("conf-tile")?.dataset.slot;
    return watch.call(this, now => callback(now, { rtpTimestamp: 96000 + (generations[mid] ?? 0) }));
  };
"""

# What browsers do to pages that nobody has touched; a driven browser counts every command as a touch.
HOLD_BACK_SOUND = """
  const play = HTMLMediaElement.prototype.play;
  let isAllowed = false;
  addEventListener("click", event => { isAllowed ||= event.target.dataset.testid === "click-to-hear"; }, true);
  HTMLMediaElement.prototype.play = function () {
    return isAllowed ? play.call(this) : Promise.reject(new DOMException("not yet", "NotAllowedError"));
  };
"""


async def test_the_name_changes_with_the_frame(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE, ALAN]
        server.slots = [slot(0, GRACE, 0), slot(1, ALAN, None)]
        guest = await seated(browser, server, SET_GENERATIONS)
        tiles = guest.page.get_by_test_id("tile")
        grace, alan = tiles.nth(0), tiles.nth(1)
        await expect(grace).to_have_attribute("data-picture", "live")
        await expect(grace.locator(".name")).to_have_text("Grace")
        await expect(alan).to_have_attribute("data-picture", "none")
        await expect(alan.locator(".avatar")).to_have_text("A")

        await server.tell({"type": "slots", "slots": [slot(0, ALAN, 1), slot(1, None, None)]})
        await expect(grace).to_have_attribute("data-picture", "held")
        await expect(grace.locator(".name")).to_have_text("Grace")
        await expect(alan).to_be_hidden()
        await guest.page.evaluate("generations[4] = 1")
        await expect(grace).to_have_attribute("data-picture", "live")
        await expect(grace.locator(".name")).to_have_text("Alan")
        await guest.page.evaluate("generations[4] = 2")
        await expect(grace).to_have_attribute("data-picture", "hidden")
        await expect(grace.locator(".name")).to_be_hidden()
        assert guest.complaints == []


async def test_the_keyboard_alone_is_enough(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE]
        guest = await seated(browser, server)
        press = guest.page.keyboard.press
        await press("m")
        assert (await sent(guest, server, "set", 1))["is_muted"] is True
        await guest.page.keyboard.down(" ")
        assert (await sent(guest, server, "set", 2))["is_muted"] is False
        await guest.page.keyboard.up(" ")
        assert (await sent(guest, server, "set", 3))["is_muted"] is True
        await guest.is_told("You are muted")
        await press("v")
        assert (await sent(guest, server, "set", 4))["has_camera"] is False
        assert await guest.page.locator("conf-self-view").get_attribute("data-picture") == "none"
        panels = (("p", "p", "people"), ("p", "Escape", "people"), ("c", "Escape", "chat"))
        for key, away, shown in (*panels, ("?", "Escape", "shortcuts"), ("d", "Escape", "devices")):
            await press(key)
            await expect(guest.page.get_by_test_id(shown)).to_be_visible()
            await press(away)
            await expect(guest.page.get_by_test_id(shown)).to_be_hidden()
        await press("l")
        await expect(guest.page.get_by_test_id("leave-leave")).to_be_focused()
        await press("Enter")
        await expect(guest.page.get_by_role("heading")).to_contain_text("have left")
        assert server.received[-1] == {"type": "leave"}
        assert guest.complaints == []


async def test_losses_are_mended_without_a_hand(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE]
        guest = await seated(browser, server)
        await server.tell({"type": "media_lost"})
        assert (await sent(guest, server, "offer", 2))["new"] is True
        await is_in(guest)
        server.refusals = [{"reason": "full", "retry_after_s": 0}]
        await server.drop(4008)
        await guest.is_told("Reconnecting")
        await is_in(guest)
        assert server.joins == 2
        assert [message["display_name"] for message in server.of_type("join")] == ["Ada"] * 3
        await server.tell({"type": "ended", "reason": "removed"})
        await expect(guest.page.get_by_role("heading")).to_contain_text("were removed")
        assert guest.complaints == []


async def test_a_host_mutes_removes_locks_and_ends(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.own_role = "host"
        server.others = [GRACE]
        # Without movement the check of contrasts meets no half-way colours.
        guest = await seated(browser, server, color_scheme="dark", reduced_motion="reduce")
        await guest.press("toolbar-people")
        row = guest.page.locator("[data-testid=person][data-participant-id=p1]")
        await row.get_by_test_id("person-mute").click()
        assert await sent(guest, server, "mute", 1) == {"type": "mute", "participant_id": "p1", "is_muted": True}
        await server.tell({"type": "updated", "participant": {**GRACE, "is_muted": True, "is_muted_by_host": True}})
        await row.get_by_role("button", name="speak again").click()
        assert await sent(guest, server, "mute", 2) == {"type": "mute", "participant_id": "p1", "is_muted": False}
        await guest.press("people-lock")
        assert await sent(guest, server, "lock", 1) == {"type": "lock", "is_locked": True}
        await row.get_by_test_id("person-menu").click()
        await guest.press("do-remove")
        await guest.press("remove-remove")
        assert await sent(guest, server, "remove", 1) == {"type": "remove", "participant_id": "p1"}
        muted = person(0, "Ada", role="host", is_muted=True, is_muted_by_host=True)
        await server.tell({"type": "updated", "participant": muted})
        await guest.is_told("A host has muted you")
        assert await guest.accessibility_issues() == []
        await guest.press("people-end")
        await guest.press("end-end")
        await sent(guest, server, "end", 1)
        assert guest.complaints == []


async def test_a_browser_that_holds_back_the_sound_is_asked_with_a_click(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await Guest.arrive(browser, Senses())
        await guest.page.add_init_script(HOLD_BACK_SOUND)
        await guest.open(server.join_url)
        await guest.join("Ada")
        await guest.press("click-to-hear")
        await expect(guest.page.get_by_test_id("click-to-hear")).to_be_hidden()
        assert await guest.page.locator("audio").evaluate("audio => audio.paused") is False
