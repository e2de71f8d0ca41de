"""A host's page before a stand-in server: what is asked for by which entry, by keyboard alone, and what is told."""

from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.fake_server import FakeServer, Message, fake_server, person
from tests.browser.guest import Guest
from tests.browser.seated import ALAN, GRACE, seated, sent

CHAIRMAN: Message = {"is_chairman": True, "is_verified": True, "has_floor": True}
WAITING = [
    {"id": "w1", "display_name": "Mary", "since": 1.0, "is_known": True, "was_removed": False},
    {"id": "w2", "display_name": "<b>Mal</b>", "since": 2.0, "is_known": False, "was_removed": True},
]

# Stands for the table of what one may do with somebody: who asks, of whom, in which room.
ENTRIES = """async ([self, person, room]) => {
  const { controlsOf } = await import("/static/room/person_controls.js");
  const participants = new Map([self, person].map(one => [one.id, one]));
  const state = { selfId: self.id, cells: 4, control: "FREE", spotlightId: null, ...room, participants };
  return controlsOf(person, state).map(({ id, command }) => [id, command ?? null]);
}"""


async def as_host(browser: Browser, server: FakeServer, **context: Any) -> Guest:
    """Ada, who chairs the meeting, with the list of people open."""
    server.own_role, server.own_state = "host", CHAIRMAN
    host = await seated(browser, server, reduced_motion="reduce", **context)
    await host.page.keyboard.press("p")
    return host


def row_of(host: Guest, name: str) -> Locator:
    """Somebody's row of the open list."""
    return host.page.get_by_test_id("person").filter(has_text=name)


async def test_the_menu_of_a_person_needs_no_mouse(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE, ALAN]
        host = await as_host(browser, server)
        menu, press = row_of(host, "Grace").get_by_test_id("person-menu"), host.page.keyboard.press
        await menu.focus()
        await press("Enter")
        await expect(menu).to_have_attribute("aria-expanded", "true")
        await expect(host.page.get_by_test_id("do-write")).to_be_focused()
        for key, focused in (
            ("ArrowDown", "pin"),
            ("ArrowUp", "write"),
            ("End", "remove"),
            ("m", "mute"),
            ("s", "stop_camera"),
        ):
            await press(key)
            await expect(host.page.get_by_test_id(f"do-{focused}")).to_be_focused()
        assert await host.accessibility_issues() == []
        # Somebody else speaks meanwhile: the list changes, and the way back to the button stays.
        await server.tell({"type": "speakers", "participant_ids": ["p2"]})
        await press("Escape")
        await expect(menu).to_be_focused()
        await expect(menu).to_have_attribute("aria-expanded", "false")
        await press("Enter")
        await press("m")
        await press("Enter")
        assert await sent(host, server, "mute", 1) == {"type": "mute", "participant_id": "p1", "is_muted": True}
        assert server.of_type("set") == [], "keys of the menu are no shortcuts"
        await press("Escape")
        await expect(host.page.get_by_test_id("people")).to_be_hidden()
        assert host.complaints == []


async def test_the_menu_offers_what_makes_sense(browser: Browser) -> None:
    async with fake_server(browser) as server:
        page = await browser.new_page()
        await page.goto(f"{server.url}/login")

        async def entries(self: Message, other: Message, **room: Any) -> dict[str, Any]:
            return dict(await page.evaluate(ENTRIES, [self, other, room]))

        guest, host = person(0, "Ada"), person(0, "Ada", role="host")
        chairman = person(0, "Ada", role="host", is_chairman=True)
        assert await entries(guest, GRACE) == {"write": None, "pin": {"type": "view", "pinned_id": "p1"}}
        usual = await entries(host, GRACE)
        assert list(usual) == [
            *("write", "pin", "mute", "stop_camera", "spotlight", "place", "rename", "make_host", "remove"),
        ]
        assert usual["spotlight"] == {"type": "spotlight", "participant_id": "p1"}
        assert {"make_chairman"} == set(await entries(chairman, GRACE)) - set(usual)
        changed = await entries(
            host,
            person(1, "Grace", is_muted=True, is_muted_by_host=True, is_camera_stopped=True, hand=1),
            control="MASTER",
            spotlightId="p1",
        )
        assert {"unmute", "ask", "allow_camera", "end_spotlight", "give_floor", "lower_hand"} <= set(changed)
        assert not {"mute", "stop_camera", "spotlight", "take_floor"} & set(changed)
        other_host = await entries(host, person(1, "Grace", role="host", has_floor=True), control="MASTER")
        assert "make_guest" in other_host
        assert not {"make_host", "give_floor", "take_floor"} & set(other_host)
        of_chairman = await entries(host, person(1, "Grace", role="host", is_chairman=True))
        assert not {"remove", "make_guest"} & set(of_chairman)
        assert not {"spotlight", "place", "stop_camera"} & set(await entries(host, GRACE, cells=0))


async def test_dialogs_ask_for_what_a_command_needs(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE, ALAN]
        host = await as_host(browser, server)

        async def choose(entry: str) -> None:
            await row_of(host, "Grace").get_by_test_id("person-menu").click()
            await host.press(f"do-{entry}")

        await choose("rename")
        await host.page.get_by_test_id("rename-field").fill("Grace H.")
        await host.page.keyboard.press("Enter")
        renamed = {"type": "rename", "participant_id": "p1", "display_name": "Grace H."}
        assert await sent(host, server, "rename", 1) == renamed
        await choose("place")
        await host.page.get_by_test_id("place-field").select_option("-1")
        await host.press("place-submit")
        assert await sent(host, server, "place", 1) == {"type": "place", "participant_id": "p1", "position": -1}
        await choose("make_chairman")
        await host.press("chairman-yes")
        assert await sent(host, server, "make_chairman", 1) == {"type": "make_chairman", "participant_id": "p1"}
        await choose("remove")
        await host.press("remove-cancel")
        await choose("remove")
        await host.press("remove-ban")
        assert await sent(host, server, "ban", 1) == {"type": "ban", "participant_id": "p1"}
        for answer, may_unmute in (("soft", True), ("hard", False)):
            await host.press("people-mute_all")
            await host.press(f"mute-all-{answer}")
            told = await sent(host, server, "mute_all", 1 if may_unmute else 2)
            assert told == {"type": "mute_all", "is_muted": True, "may_unmute": may_unmute}
        assert server.of_type("remove") == []
        assert host.complaints == []


async def test_rules_and_the_order_of_the_pictures(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [{**GRACE, "position": 1}, {**ALAN, "position": 0}, person(3, "Edsger", position=-1)]
        host = await as_host(browser, server, viewport={"width": 390, "height": 844})
        await host.press("people-rules")
        await host.press("rules-mute_on_entry")
        assert await sent(host, server, "mute_on_entry", 1) == {"type": "mute_on_entry", "is_on": True}
        await host.press("rules-master")
        assert await sent(host, server, "control", 1) == {"type": "control", "control": "MASTER"}
        await host.page.get_by_test_id("rules-layout").select_option("LAYOUT4")
        assert await sent(host, server, "layout", 1) == {"type": "layout", "layout": "LAYOUT4"}
        await server.tell({"type": "room", "layout": "LAYOUT9", "control": "FREE"})
        await expect(host.page.get_by_test_id("rules-layout")).to_have_value("LAYOUT9")
        await expect(host.page.get_by_test_id("rules-master")).not_to_be_checked()
        assert await host.accessibility_issues() == []

        await host.press("rules-order")
        order = host.page.locator("conf-order")
        await expect(order.locator(".person-name")).to_have_text(["Alan", "Grace", "Ada"])
        await order.get_by_role("button", name="Move Ada").focus()
        await host.page.keyboard.press("ArrowUp")
        await expect(order.get_by_role("status")).to_have_text("Ada: place 2 of 3")
        await expect(order.get_by_role("button", name="Move Ada")).to_be_focused()
        assert await host.accessibility_issues() == []
        await order.get_by_role("button", name="Move Alan").hover()
        await host.page.mouse.down()
        lowest = await order.get_by_role("button", name="Move Grace").bounding_box()
        assert lowest is not None
        await host.page.mouse.move(lowest["x"] + 5, lowest["y"] + lowest["height"] / 2, steps=4)
        await host.page.mouse.up()
        await expect(order.locator(".person-name")).to_have_text(["Ada", "Grace", "Alan"])
        await host.press("order-apply")
        assert (await sent(host, server, "arrange", 1))["participant_ids"] == ["p0", "p1", "p2"]
        assert host.complaints == []


async def test_who_waits_is_let_in_or_refused_with_a_word(browser: Browser) -> None:
    async with fake_server(browser) as server:
        host = await as_host(browser, server)
        await host.page.keyboard.press("p")
        await server.tell({"type": "waiting_list", "waiting": WAITING})
        await expect(host.page.get_by_test_id("waiting-count")).to_have_text("2")
        await expect(host.page.get_by_test_id("prompts")).to_contain_text("2 people are waiting")
        await host.press("prompt-waiting-yes")
        await expect(host.page.get_by_test_id("prompt-waiting")).to_have_count(0)
        people = host.page.get_by_test_id("waiting-person")
        await expect(people.locator(".person-name")).to_have_text(["Mary", "<b>Mal</b>"])
        await expect(people.locator(".notes")).to_have_text(["Logged in", "Somebody was removed from there"])
        assert await host.accessibility_issues() == []
        await people.nth(0).get_by_role("button", name="Let in Mary").click()
        assert await sent(host, server, "admit", 1) == {"type": "admit", "waiting_id": "w1"}
        await people.nth(1).get_by_test_id("waiting-decline").click()
        await host.page.get_by_test_id("decline-field").fill("Not today.")
        await host.press("decline-submit")
        declined = {"type": "decline", "waiting_id": "w2", "word": "Not today."}
        assert await sent(host, server, "decline", 1) == declined
        await host.press("waiting-admit-all")
        assert await sent(host, server, "admit", 2) == {"type": "admit", "waiting_id": None}
        await server.tell({"type": "waiting_list", "waiting": []})
        await expect(host.page.get_by_test_id("waiting")).to_be_hidden()
        await expect(host.page.get_by_test_id("people-count")).to_be_visible()
        assert host.complaints == []


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
async def test_hands_stand_in_a_queue(browser: Browser, size: tuple[int, int]) -> None:
    async with fake_server(browser) as server:
        server.others = [{**GRACE, "hand": 2}, {**ALAN, "hand": 1}]
        host = await as_host(browser, server, viewport={"width": size[0], "height": size[1]})
        await expect(host.page.get_by_test_id("hand").locator(".person-name")).to_have_text(["Alan", "Grace"])
        await host.page.get_by_test_id("hand-lower").first.click()
        assert await sent(host, server, "lower_hand", 1) == {"type": "lower_hand", "participant_id": "p2"}
        await server.tell({"type": "room", "control": "MASTER"})
        await host.page.get_by_role("button", name="Give floor to Grace").click()
        assert await sent(host, server, "floor", 1) == {"type": "floor", "participant_id": "p1", "has_floor": True}
        await host.press("hands-lower-all")
        assert await sent(host, server, "lower_hand", 2) == {"type": "lower_hand", "participant_id": None}
        assert await host.accessibility_issues() == []
        assert host.complaints == []
