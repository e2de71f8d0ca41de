"""The waiting room before a stand-in server: for what one waits, how it looks and sounds, and every way out of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.company import is_in, reads
from tests.browser.fake_server import ACCESS_KEY, PLAIN, SEAT_TOKEN, FakeServer, fake_server
from tests.browser.guest import Guest
from tests.browser.seated import EQUIPPED, sent

GARISH = ("#ffff00", "#7f7f7f", "#00ff00", "#000000", "#ffffff", "#e91e63")
LOGO = "/static/icons/favicon.svg"


@asynccontextmanager
async def waiting(browser: Browser, fragment: str = "", **look: Any) -> AsyncIterator[tuple[FakeServer, Guest]]:
    """Ada, who has asked for a seat and waits for a host to let her in."""
    async with fake_server(browser) as server:
        server.place = {"look": {**PLAIN, **look}}
        # Colours are measured as they are, not on their way from one to the next.
        guest = await Guest.arrive(browser, EQUIPPED, reduced_motion="reduce")
        await guest.open(server.join_url + fragment)
        await guest.join("Ada")
        await reads(guest, "Waiting to be let in")
        yield server, guest
        assert guest.complaints == []


async def test_whoever_waits_is_told_why_and_comes_in_by_themselves(browser: Browser) -> None:
    async with waiting(browser) as (server, guest):
        page = guest.page
        await expect(page.locator("conf-waiting-room")).to_contain_text("Ada Lovelace will let you in")
        await expect(page.get_by_text("Nobody hears or sees you yet")).to_be_visible()
        await expect(page.get_by_test_id("music")).to_be_hidden()
        assert await guest.accessibility_issues() == []
        assert server.of_type("offer") == [], "nothing plays, so nothing is asked for"
        await server.wait(reason="not_started")
        await reads(guest, "The host is not here yet")
        await guest.press("join-microphone")
        await server.admit()
        await is_in(guest)
        assert (await sent(guest, server, "set", 1))["is_muted"] is True, "muted while waiting, muted inside"


async def test_a_reload_and_a_lost_connection_keep_the_place(browser: Browser) -> None:
    async with waiting(browser) as (server, guest):
        await guest.page.reload()
        assert (await sent(guest, server, "join", 2))["seat_token"] == SEAT_TOKEN
        await reads(guest, "Waiting to be let in")
        await server.drop(1011)
        await sent(guest, server, "join", 3)
        await reads(guest, "Waiting to be let in")
        await server.admit()
        await is_in(guest)


async def test_the_word_of_the_host_is_read_by_whom_they_turn_away(browser: Browser) -> None:
    async with waiting(browser) as (server, guest):
        word = "Please come <b>tomorrow</b>."
        await server.tell({"type": "refused", "reason": "declined", "retry_after_s": 60, "word": word})
        await reads(guest, "turned you away")
        await expect(guest.page.get_by_test_id("word")).to_have_text(word)
        assert await guest.accessibility_issues() == []
        server.place = None
        server.refusals = [{"reason": "declined", "retry_after_s": 60}]
        await guest.press("try-again")
        await guest.press("join")
        await expect(guest.page.get_by_test_id("join-error")).to_contain_text("turned you away")
        assert "seat_token" not in server.of_type("join")[-1]


async def test_whoever_does_not_want_to_wait_any_longer_gives_the_place_up(browser: Browser) -> None:
    async with waiting(browser) as (server, guest):
        await guest.press("stop-waiting")
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        assert server.received[-1] == {"type": "leave"}
        await guest.page.reload()
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        await guest.press("join")
        await reads(guest, "Waiting to be let in")
        await server.tell({"type": "ended", "reason": "replaced"})
        await reads(guest, "another tab")


async def test_any_colours_of_the_tenant_can_be_read_and_its_music_stopped(browser: Browser) -> None:
    look = {"text": "Welcome.\nCoffee is <i>ready</i>.", "accent": GARISH[0], "background": GARISH[1], "logo_url": LOGO}
    async with waiting(browser, has_music=True, **look) as (server, guest):
        page = guest.page
        await expect(page.get_by_test_id("look-text")).to_have_text(str(look["text"]), use_inner_text=True)
        await expect(page.locator(".logo")).to_be_visible()
        offer = await sent(guest, server, "offer", 1)
        assert list(offer["lines"].values()) == ["audio"], "sound towards the page, and nothing else"
        assert "a=recvonly" in offer["sdp"]
        assert "m=video" not in offer["sdp"]
        for accent in GARISH:
            await server.wait(look={**PLAIN, **look, "has_music": True, "accent": accent})
            await expect(page.locator("conf-waiting-room")).to_have_css("--look-accent", accent)
            assert [issue for issue in await guest.accessibility_issues() if "contrast" in issue] == []
        assert len(server.of_type("offer")) == 1, "the music goes on"
        assert await plays(guest) is True
        await page.get_by_role("button", name="Turn the music off").press("Enter")
        assert await plays(guest) is False
        await page.get_by_role("button", name="Turn the music on").press("Enter")
        assert await plays(guest) is True


async def plays(guest: Guest) -> bool:
    """Whether the page would play what comes."""
    return bool(await guest.page.evaluate("document.querySelector('audio').srcObject.getTracks()[0].enabled"))


async def test_an_invitation_by_name_is_shown_once_and_outlives_a_reload(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        server.invitation |= {"pin_required": True, "state": "not_started", "starts_at": "2099-06-01T07:00:00Z"}
        guest = await Guest.arrive(browser, EQUIPPED, timezone_id="Asia/Tokyo", locale="en-GB")
        await guest.open(f"{server.join_url}#token=signed")
        await expect(guest.page.get_by_test_id("pin")).to_be_hidden()
        assert guest.page.url == server.join_url
        await expect(guest.page.locator(".join-heading")).to_contain_text("16:00")
        await expect(guest.page.locator(".join-heading")).to_contain_text("wait for them")
        await guest.page.reload()
        await guest.join("Grace")
        await is_in(guest)
        join = server.of_type("join")[0]
        assert (join["access_key"], join["join_token"]) == (ACCESS_KEY, "signed")
        assert guest.complaints == []
