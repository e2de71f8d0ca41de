"""The join page before a stand-in server: what people are told, and when they are asked for what."""

import re

from playwright.async_api import Browser, expect

from tests.browser.company import is_in, was_held_back, watch_door
from tests.browser.fake_server import ACCESS_KEY, FakeServer, fake_server
from tests.browser.guest import Guest, Senses
from tests.browser.seated import EQUIPPED, sent

COUNT_QUESTIONS = """
  window.questions = 0;
  const ask = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = wish => { window.questions++; return ask(wish); };
"""


async def arrive(browser: Browser, url: str, senses: Senses = EQUIPPED) -> Guest:
    guest = await Guest.arrive(browser, senses)
    await guest.page.add_init_script(COUNT_QUESTIONS)
    await guest.open(url)
    return guest


async def test_a_closed_door_is_told_before_a_microphone_is_asked_for(browser: Browser) -> None:
    words = {"full": "full", "locked": "locked", "ended": "over", "cancelled": "cancelled"}
    async with fake_server(browser) as server:
        assert server.invitation is not None
        for state, word in words.items():
            server.invitation["state"] = state
            guest = await arrive(browser, server.join_url)
            await expect(guest.page.get_by_role("heading")).to_contain_text(word)
            assert await guest.page.evaluate("questions") == 0
        assert await guest.accessibility_issues() == []
        server.invitation = None
        guest = await arrive(browser, server.join_url)
        await expect(guest.page.get_by_role("heading")).to_contain_text("cannot find")
        assert await guest.page.evaluate("questions") == 0


async def refuse_then_admit(server: FakeServer, guest: Guest) -> None:
    page = guest.page
    await expect(page.get_by_test_id("pin")).to_be_hidden()
    await watch_door(guest)
    await guest.join("Ada")
    await expect(page.get_by_test_id("join-error")).to_contain_text("PIN is not right")
    await page.get_by_test_id("pin").fill("4711")
    await was_held_back(guest, "try again in 1 s")
    await page.get_by_test_id("pin").press("Enter")
    await is_in(guest)
    assert [message["pin"] for message in server.of_type("join")] == ["1234", "4711"]


async def test_a_pin_in_the_fragment_is_used_and_hidden_and_a_wrong_one_costs_time(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        server.invitation["pin_required"] = True
        server.refusals = [{"reason": "wrong_pin", "retry_after_s": 0.6}]
        guest = await arrive(browser, f"{server.join_url}#pin=1234")
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        assert guest.page.url == server.join_url
        await refuse_then_admit(server, guest)
        assert guest.complaints == []


async def test_no_devices_and_forbidden_devices_are_no_obstacle(browser: Browser) -> None:
    refused = Senses(EQUIPPED.microphones, EQUIPPED.cameras, refused=("microphone", "camera"))
    async with fake_server(browser) as server:
        for senses, word in ((Senses(), "No microphone found"), (refused, "may not use your microphone")):
            guest = await arrive(browser, server.join_url, senses)
            await expect(guest.page.get_by_test_id("microphone-problem")).to_contain_text(word)
            await expect(guest.page.get_by_test_id("camera-problem")).to_contain_text("without a picture")
            await guest.join("Ada")
            await is_in(guest)
            assert guest.complaints == []
        # Not counted: on a crowded machine the first page may have lost its path meanwhile, and joined again.
        assert {(m["is_muted"], m["has_camera"]) for m in server.of_type("join")} == {(True, False)}


async def test_the_meter_moves_and_what_people_typed_stays_text(browser: Browser) -> None:
    typed = "<img src=x onerror=document.title='hit'>"
    async with fake_server(browser) as server:
        assert server.invitation is not None
        server.invitation["subject"] = typed
        guest = await arrive(browser, server.join_url)
        await expect(guest.page.get_by_role("heading")).to_have_text(typed)
        assert await guest.accessibility_issues() == []
        await guest.page.mouse.click(5, 5)
        meter = guest.page.get_by_test_id("meter")
        await guest.until(lambda: meter.evaluate("node => Number(node.ariaValueNow) > 30"), "movement of the meter")
        await guest.join(typed)
        await is_in(guest)
        join = server.of_type("join")[0]
        assert re.fullmatch("[0-9a-f]{32}", join.pop("device"))
        assert join == {
            "type": "join",
            "access_key": ACCESS_KEY,
            "display_name": typed,
            "is_muted": False,
            "has_camera": True,
        }
        assert await guest.page.locator("img").count() == 0


async def test_a_host_pin_is_typed_where_there_is_no_other_and_nobody_else_is_asked_for_one(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        server.invitation["host_pin"] = True
        server.refusals = [{"reason": "wrong_pin", "retry_after_s": 0}]
        guest = await arrive(browser, server.join_url)
        pin = guest.page.get_by_test_id("pin")
        await expect(pin).to_be_hidden()
        await guest.page.get_by_text("Have a host PIN?").focus()
        await guest.page.keyboard.press("Enter")
        assert await guest.accessibility_issues() == []
        await guest.page.get_by_label("PIN of the host").fill("1111")
        await guest.join("Ada")
        await expect(guest.page.get_by_test_id("join-error")).to_contain_text("PIN is not right")
        await pin.fill("")  # without one they come in as a guest
        await pin.press("Enter")
        await is_in(guest)
        assert [message.get("pin") for message in server.of_type("join")] == ["1111", None]


LOGGED_IN = """expiresAt => sessionStorage.setItem(
  "confserver.login", JSON.stringify({ accessToken: "mine", refreshToken: "again", expiresAt })
)"""


async def test_a_login_of_this_tab_counts_at_the_guests_door_and_one_that_has_expired_is_none(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        # As it is for guests; the login may be the owner's, who needs no PIN and whom no lock keeps out.
        server.invitation |= {"state": "locked", "pin_required": True}
        server.refusals = [{"reason": "pin_required", "retry_after_s": 0}] * 3
        guest = await Guest.arrive(browser, EQUIPPED)
        await guest.page.add_init_script(f"({LOGGED_IN})(4e9)")
        await guest.open(server.join_url)
        pin = guest.page.get_by_test_id("pin")
        await expect(pin).to_be_hidden()
        await guest.join("Ada")
        await expect(pin).to_be_visible()
        await pin.fill("4711")
        for count, renewed in ((2, "renewed"), (3, None)):
            server.renewed = renewed
            await guest.page.evaluate(LOGGED_IN, 1)
            await pin.press("Enter")
            await sent(guest, server, "join", count)
            await expect(guest.page.get_by_test_id("join")).to_be_enabled()
        shown = [(message.get("token"), message.get("pin")) for message in server.of_type("join")]
        assert shown == [("mine", None), ("renewed", "4711"), (None, "4711")]
