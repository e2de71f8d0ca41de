"""A page and its seat before a stand-in server: kept over reloads, losses and other networks, given up at the end."""

import asyncio

from playwright.async_api import Browser, expect

from tests.browser.company import is_in, reads
from tests.browser.fake_server import ACCESS_KEY, SEAT_TOKEN, fake_server, slot
from tests.browser.guest import Guest
from tests.browser.seated import EQUIPPED, GRACE, seated, sent

STORED = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
FORBID_STORAGE = """
  for (const area of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, area, { get: () => { throw new DOMException("not here", "SecurityError"); } });
"""


async def test_a_reload_asks_for_the_same_seat_past_the_lobby(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        guest = await seated(browser, server)
        assert "seat_token" not in server.of_type("join")[0]
        await guest.press("toolbar-microphone")
        await guest.press("toolbar-camera")
        await sent(guest, server, "set", 2)
        server.invitation["state"] = "locked"
        await guest.page.reload()
        await is_in(guest)
        again = server.of_type("join")[1]
        assert again["seat_token"] == SEAT_TOKEN
        assert (again["display_name"], again["is_muted"], again["has_camera"]) == ("Ada", True, False)
        await expect(guest.page.get_by_test_id("toolbar-microphone")).to_have_attribute("data-state", "off")
        await expect(guest.page.get_by_test_id("toolbar-camera")).to_have_attribute("data-state", "off")
        assert server.of_type("leave") == []

        await guest.press("toolbar-microphone")
        await guest.press("toolbar-camera")
        await sent(guest, server, "set", 4)
        server.own_state = {"is_muted": True}
        await guest.page.reload()
        await is_in(guest)
        last = server.of_type("join")[2]
        assert (last["is_muted"], last["has_camera"]) == (False, True)
        await expect(guest.page.get_by_test_id("toolbar-microphone")).to_have_attribute("data-state", "off")
        assert guest.complaints == []


async def test_the_token_is_kept_apart_from_the_key_and_forgotten_with_the_seat(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server)
        stored = await guest.page.evaluate(STORED)
        assert SEAT_TOKEN in stored
        assert ACCESS_KEY not in stored
        assert guest.page.url == server.join_url
        await guest.press("toolbar-leave")
        await guest.press("leave-leave")
        await reads(guest, "You have left")
        assert server.received[-1] == {"type": "leave"}
        assert SEAT_TOKEN not in await guest.page.evaluate(STORED)
        await guest.page.reload()
        await expect(guest.page.get_by_test_id("join")).to_be_visible()


async def test_a_new_tab_shows_the_lobby_as_one_sat_and_presents_the_token(browser: Browser) -> None:
    async with fake_server(browser) as server:
        assert server.invitation is not None
        first = await seated(browser, server)
        await first.press("toolbar-microphone")
        await sent(first, server, "set", 1)
        server.invitation |= {"state": "full", "pin_required": True}
        second = await first.in_new_tab()
        await second.open(server.join_url)
        await expect(second.page.get_by_test_id("display-name")).to_have_value("Ada")
        await expect(second.page.get_by_test_id("join-microphone")).to_have_attribute("data-state", "off")
        await expect(second.page.get_by_test_id("pin")).to_be_hidden()
        await second.press("join")
        await is_in(second)
        assert server.of_type("join")[1]["seat_token"] == SEAT_TOKEN

        await first.page.close()
        stranger = await Guest.arrive(browser, EQUIPPED)
        await stranger.open(server.join_url)
        await reads(stranger, "The meeting is full")


async def test_another_tab_has_the_seat_and_this_one_may_take_it_back(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server, reduced_motion="reduce")
        await server.tell({"type": "ended", "reason": "replaced"})
        await reads(guest, "You joined in another tab")
        assert await guest.accessibility_issues() == []
        await guest.press("use-this-tab")
        await is_in(guest)
        assert server.of_type("join")[1]["seat_token"] == SEAT_TOKEN
        assert server.of_type("offer")[1]["new"] is True

        await server.drop(4004)
        await reads(guest, "You joined in another tab")
        await guest.page.reload()
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        assert guest.complaints == []


async def test_where_the_server_has_the_media_still_they_go_on(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.has_media = True
        server.others = [GRACE]
        server.slots = [slot(0, GRACE, None)]
        guest = await seated(browser, server)
        await guest.page.evaluate("window.soundBefore = document.querySelector('audio').srcObject")
        await server.drop(4008)
        assert (await sent(guest, server, "join", 2))["seat_token"] == SEAT_TOKEN
        assert (await sent(guest, server, "offer", 2))["new"] is False
        await is_in(guest)
        assert await guest.page.evaluate("document.querySelector('audio').srcObject === soundBefore")

        await guest.page.evaluate("dispatchEvent(new Event('online'))")
        await sent(guest, server, "join", 3)
        assert (await sent(guest, server, "offer", 3))["new"] is False
        await is_in(guest)
        ufrags = [message["sdp"].split("a=ice-ufrag:")[1].split()[0] for message in server.of_type("offer")]
        assert len(set(ufrags)) == 3, "each offer restarts ICE"

        server.has_media = False
        await guest.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        assert (await sent(guest, server, "offer", 4))["new"] is True
        await is_in(guest)
        assert guest.complaints == []


async def test_media_that_stay_away_are_sought_on_another_path_and_then_renewed(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.has_media = True
        guest = await seated(browser, server)
        server.knows_media = False
        await server.mirror.evaluate("vanish()")
        assert (await sent(guest, server, "join", 2))["seat_token"] == SEAT_TOKEN
        assert (await sent(guest, server, "offer", 2))["new"] is False
        assert (await sent(guest, server, "offer", 3))["new"] is True
        await is_in(guest)
        assert guest.complaints == []


async def test_a_server_that_restarts_is_waited_for_and_told_what_differs(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server)
        server.refusals = [{"reason": "shutting_down", "retry_after_s": 0.4}, {"reason": "unavailable"}]
        server.own_state = {"is_muted": True, "has_camera": False}
        await server.tell({"type": "ended", "reason": "shutdown"})
        await guest.is_told("The server restarts")
        await is_in(guest)
        await expect(guest.page.get_by_test_id("connection")).to_be_hidden()
        assert server.joins == 2
        # Nobody's microphone is opened by coming back: who was muted meanwhile stays so.
        assert (await sent(guest, server, "set", 1)) == {"type": "set", "is_muted": True}
        assert (await sent(guest, server, "set", 2)) == {"type": "set", "has_camera": True}
        assert guest.complaints == []


async def test_words_for_those_who_do_not_come_back(browser: Browser) -> None:
    words = {"removed": "You were removed", "host_must_admit": "The host must let you in"}
    async with fake_server(browser) as server:
        for reason, word in words.items():
            guest = await seated(browser, server)
            server.refusals = [{"reason": reason, "retry_after_s": 0}]
            await server.drop(1011)
            await reads(guest, word)
            assert guest.complaints == []


async def test_who_is_away_for_longer_than_a_blink_is_told(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE]
        server.slots = [slot(0, GRACE, 0)]
        guest = await seated(browser, server, reduced_motion="reduce")
        await guest.page.evaluate("""() => {
          window.blinks = 0;
          const look = () => {
            const away = document.querySelector("conf-tile:not([hidden]) .away");
            if (away?.checkVisibility()) blinks++;
            requestAnimationFrame(look);
          };
          look();
        }""")
        away, back = ({"type": "updated", "participant": {**GRACE, "is_reconnecting": one}} for one in (True, False))
        all_seen = {"type": "room", "subject": "All seen"}
        # In one breath: how long a blink takes is the page's to say, not this machine's.
        await asyncio.gather(*(server.tell(message) for message in (away, back, away, back, all_seen)))
        await reads(guest, "All seen")
        assert await guest.page.evaluate("blinks") == 0

        await server.tell(away)
        tile = guest.page.get_by_test_id("tile").first
        await expect(tile.get_by_text("Reconnecting")).to_be_visible()
        await guest.press("toolbar-people")
        row = guest.page.get_by_test_id("person").filter(has_text="Grace")
        await expect(row).to_contain_text("Reconnecting")
        assert await guest.accessibility_issues() == []
        await server.tell(back)
        await expect(tile.get_by_text("Reconnecting")).to_be_hidden()
        await expect(row).not_to_contain_text("Reconnecting")


async def test_a_browser_that_forbids_storage_only_loses_the_way_back(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server, FORBID_STORAGE)
        await server.drop(1011)
        assert (await sent(guest, server, "join", 2))["seat_token"] == SEAT_TOKEN
        await is_in(guest)
        await guest.page.reload()
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        assert guest.complaints == []


async def test_a_way_back_that_is_barred_waits_and_may_be_broken_off(browser: Browser) -> None:
    async with fake_server(browser) as server:
        guest = await seated(browser, server)
        server.refusals = [{"reason": "shutting_down"} for _ in range(2)]
        await guest.page.reload()
        await is_in(guest)
        server.refusals = [{"reason": "unavailable"} for _ in range(50)]
        await guest.page.reload()
        await reads(guest, "Back to your seat")
        assert await guest.accessibility_issues() == []
        await guest.press("cancel")
        await expect(guest.page.get_by_test_id("join")).to_be_visible()
        server.refusals = [{"reason": "pin_required"}]
        await guest.page.reload()
        await expect(guest.page.get_by_test_id("join-error")).to_contain_text("asks for a PIN")
        await expect(guest.page.get_by_test_id("pin")).to_be_visible()
        assert SEAT_TOKEN not in await guest.page.evaluate(STORED)
        assert guest.complaints == []
