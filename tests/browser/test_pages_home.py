"""A host's pages outside the meeting, before a stand-in server: the list, the form and the login."""

import json
import re
from typing import Any

from playwright.async_api import Browser, Locator, expect

from tests.browser.fake_meetings import OWN_ROOM, meeting
from tests.browser.fake_server import TOKEN, FakeServer, fake_server
from tests.browser.guest import Guest, Senses

TYPED_AT_ONCE = """(field, words) => {
  for (const word of words) {
    field.value = word;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


async def at_home(browser: Browser, server: FakeServer, **context: Any) -> Guest:
    """A host who has logged in in this tab before."""
    host = await Guest.arrive(browser, Senses(), **context)
    login = json.dumps({"accessToken": TOKEN, "refreshToken": "again", "expiresAt": 2**40})
    await host.page.add_init_script(f"sessionStorage.setItem('confserver.login', JSON.stringify({login}))")
    await host.open(server.url)
    return host


async def log_in(host: Guest, password: str = "right") -> None:
    await host.page.get_by_test_id("username").fill("ada")
    await host.page.get_by_test_id("password").fill(password)
    await host.press("log-in")


def row_of(host: Guest, subject: str) -> Locator:
    return host.page.get_by_test_id("meeting").filter(has_text=subject)


async def choose_more(host: Guest) -> None:
    """All that the form has behind the disclosure, as a host would fill it in."""
    page = host.page
    await page.get_by_text("More settings").click()
    await page.get_by_test_id("waiting_room").select_option("GUESTS")
    for switch in ("start_by", "mute_on_entry", "end_with_last_host"):
        await page.get_by_test_id(switch).check()
    await page.get_by_test_id("admin_pin").fill("271828")
    await page.get_by_test_id("scheduled_start_at").fill("2027-05-04T11:30")
    await page.get_by_test_id("scheduled_end_at").fill("2027-05-04T12:00")


async def test_a_new_meeting_has_all_that_a_host_may_want(browser: Browser) -> None:
    async with fake_server(browser) as server:
        host = await at_home(browser, server, timezone_id="Europe/Berlin")
        await host.press("new-meeting")
        await expect(host.page.get_by_test_id("admin_pin")).to_be_hidden()
        await host.page.get_by_test_id("subject").fill("Board")
        await choose_more(host)
        assert await host.accessibility_issues() == []
        await host.press("save-meeting")
        await expect(row_of(host, "Board")).to_be_visible()
        assert server.meetings.asked_for("POST /meetings") == [
            {
                "subject": "Board",
                "mode": "VIDEO",
                "layout": "LAYOUT0",
                "capacity": 9,
                "room_pin": None,
                "waiting_room": "GUESTS",
                "start_by": "HOST",
                "mute_on_entry": True,
                "end_with_last_host": True,
                "admin_pin": "271828",
                "scheduled_start_at": "2027-05-04T09:30:00.000Z",
                "scheduled_end_at": "2027-05-04T10:00:00.000Z",
                "timezone": "Europe/Berlin",
            }
        ]
        assert host.complaints == []


async def test_settings_send_only_what_differs(browser: Browser) -> None:
    async with fake_server(browser) as server:
        at = {"scheduled_start_at": "2027-05-04T09:30:30Z", "scheduled_end_at": "2027-05-04T10:00:00Z"}
        server.meetings.stored = [meeting("m7", "Board", waiting_room="ALL", admin_pin="271828", **at)]
        host = await at_home(browser, server, timezone_id="Europe/Berlin")
        page = host.page
        await row_of(host, "Board").get_by_test_id("meeting-settings").click()
        await expect(page.get_by_test_id("subject")).to_have_value("Board")
        await expect(page.get_by_test_id("mode")).to_be_disabled()
        await page.get_by_text("More settings").click()
        await expect(page.get_by_test_id("waiting_room")).to_have_value("ALL")
        await expect(page.get_by_test_id("scheduled_start_at")).to_have_value("2027-05-04T11:30")
        await page.get_by_test_id("subject").fill("The board")
        await page.get_by_test_id("admin_pin").fill("")
        await host.press("save-meeting")
        await host.is_told("The board is changed")
        assert server.meetings.asked_for("POST /meetings/m7") == [{"subject": "The board", "admin_pin": None}]
        # Nothing changed is nothing sent; the keyboard is back where it was, though the row is a new one.
        await row_of(host, "The board").get_by_test_id("meeting-settings").click()
        await host.press("save-meeting")
        await expect(row_of(host, "The board").get_by_test_id("meeting-settings")).to_be_focused()
        assert len(server.meetings.asked_for("POST /meetings/m7")) == 1
        assert host.complaints == []


async def test_a_refusal_is_told_at_its_field_in_the_words_of_the_form(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.meetings.refusals = [
            [
                {"code": "VALIDATE_FAILED", "message": "admin_pin should differ from room_pin", "detail": "admin_pin"},
                {"code": "VALIDATE_FAILED", "message": "framerate suits no layout", "detail": "framerate"},
            ]
        ]
        host = await at_home(browser, server)
        await host.press("new-meeting")
        await host.page.get_by_test_id("subject").fill("Board")
        await host.press("save-meeting")
        pin = host.page.get_by_test_id("admin_pin")
        await expect(pin).to_be_focused()
        await expect(pin).to_have_accessible_description(re.compile("“Host PIN” should differ from “PIN”"))
        await expect(host.page.get_by_test_id("meeting-error")).to_have_text("framerate suits no “Pictures in view”")
        assert await host.accessibility_issues() == []
        await host.press("save-meeting")
        await expect(row_of(host, "Board")).to_be_visible()
        # What the browser itself does not accept is shown, too, wherever it is.
        await host.press("new-meeting")
        await host.page.get_by_test_id("subject").fill("Other")
        await host.page.get_by_test_id("admin_pin").evaluate("field => { field.value = 'x'; }")
        await host.press("save-meeting")
        await expect(pin).to_be_visible()
        assert len(server.meetings.asked_for("POST /meetings")) == 2
        assert host.complaints == []


async def test_meetings_come_newest_first_and_twenty_at_a_time(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.meetings.stored = [meeting(f"m{number}", f"Number {number}.") for number in range(45)]
        host = await at_home(browser, server)
        rows, more = host.page.locator("conf-meetings").get_by_test_id("meeting"), "more-meetings"
        await expect(rows).to_have_count(20)
        await expect(host.page.get_by_test_id("meetings-found")).to_have_text("The latest 20 of 45.")
        await host.page.get_by_test_id(more).focus()
        await host.page.keyboard.press("Enter")
        await expect(rows).to_have_count(40)
        await expect(rows.nth(20)).to_be_focused()
        # Somebody makes one meanwhile: nothing is shown twice.
        server.meetings.stored.insert(0, meeting("new", "Newest"))
        await host.press(more)
        await expect(rows).to_have_count(45)
        assert await host.accessibility_issues() == []
        asked = server.meetings.asked_for("GET /meetings")
        assert [each["skip"] for each in asked] == ["0", "20", "40"]
        assert {(each["orderby"], each["top"]) for each in asked} == {("created_at desc", "20")}
        assert {each["filter"] for each in asked} == {f"id ne '{OWN_ROOM}'"}
        assert host.complaints == []


async def test_a_search_waits_for_the_end_of_the_word_and_says_what_it_found(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.meetings.stored = [meeting("m1", "Board"), meeting("m2", "Choir")]
        host = await at_home(browser, server)
        search, found = host.page.get_by_test_id("search"), host.page.get_by_test_id("meetings-found")
        rows = host.page.locator("conf-meetings").get_by_test_id("meeting")
        await search.evaluate(TYPED_AT_ONCE, ["c", "ch", "cho"])
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("Choir")
        await expect(found).to_have_text("1 found.")
        await search.fill("<b>")
        await search.press("Enter")
        await expect(found).to_have_text("Nothing found.")
        await expect(host.page.locator(".empty")).to_have_text("No meeting has “<b>” in its subject or extension.")
        await search.fill("")
        await expect(rows).to_have_count(2)
        searches = [each.get("search") for each in server.meetings.asked_for("GET /meetings")]
        assert searches == [None, "cho", "<b>", None]
        assert await host.accessibility_issues() == []
        assert host.complaints == []


async def test_what_is_over_is_opened_again(browser: Browser) -> None:
    async with fake_server(browser) as server:
        states = ("ENDED", "EXPIRED", "CANCELLED")
        over = [meeting(state, f"Was {state}", server.url, state=state) for state in states]
        server.meetings.stored = [*over, meeting("m8", "Choir")]
        host = await at_home(browser, server)
        await expect(row_of(host, "Choir").get_by_test_id("start-meeting")).to_be_visible()
        server.meetings.refusals = [[{"code": "NOT_SUPPORTED", "message": "not now", "detail": "state"}]]
        await row_of(host, "Was ENDED").get_by_test_id("open-again").click()
        await host.is_told("That did not work")
        server.meetings.refusals = [[{"code": "FORBIDDEN", "message": "no", "detail": None}]]
        await row_of(host, "Was ENDED").get_by_test_id("open-again").click()
        await host.is_told("You may see this meeting, but not change it")
        server.meetings.asked.clear()
        for state in states:
            row = row_of(host, f"Was {state}")
            await expect(row.get_by_test_id("start-meeting")).to_have_count(0)
            await row.get_by_test_id("open-again").click()
            await host.page.wait_for_url(f"{server.url}/room/meeting/{state}")
            await host.open(server.url)
        assert [path for path, _ in server.meetings.asked if path.startswith("POST")] == [
            "POST /meetings/ENDED/start",
            "POST /meetings/EXPIRED/start",
            "POST /meetings/CANCELLED/reschedule",
            "POST /meetings/CANCELLED/start",
        ]
        assert host.complaints == []


async def test_the_own_room_comes_first_and_stays(browser: Browser) -> None:
    async with fake_server(browser) as server:
        may_copy = ["clipboard-read", "clipboard-write"]
        host = await at_home(browser, server, permissions=may_copy)
        row = host.page.get_by_test_id("own-room").get_by_test_id("meeting")
        await expect(row.get_by_role("heading")).to_have_text("Your own room")
        await row.get_by_test_id("copy-link").click()
        await host.is_told("The invite link is in your clipboard")
        copied = await host.page.evaluate("navigator.clipboard.readText()")
        assert copied == server.meetings.own_room["invite_url"]
        await expect(row.get_by_test_id("start-meeting")).to_have_attribute("href", f"/room/meeting/{OWN_ROOM}")
        await expect(row.get_by_test_id("delete-meeting")).to_have_count(0)
        await row.get_by_test_id("meeting-settings").click()
        await expect(host.page.get_by_test_id("scheduled_start_at")).to_have_count(0)
        await host.page.get_by_test_id("capacity").fill("20")
        await host.press("save-meeting")
        await expect(row).to_contain_text("20 seats")
        assert server.meetings.asked_for(f"POST /meetings/{OWN_ROOM}") == [{"capacity": 20}]
        assert host.complaints == []


async def test_hosts_of_another_organisation_say_so_once(browser: Browser) -> None:
    async with fake_server(browser) as server:
        host = await Guest.arrive(browser, Senses())
        await host.open(f"{server.url}/login")
        domain = host.page.get_by_test_id("domain")
        await expect(domain).to_be_hidden()
        await log_in(host)
        await expect(host.page.get_by_test_id("log-out")).to_be_visible()
        await host.press("log-out")
        await host.page.get_by_text("Another organisation?").click()
        await domain.fill(" other.example ")
        assert await host.accessibility_issues() == []
        await log_in(host, "wrong")
        await expect(host.page.get_by_test_id("login-error")).to_contain_text("domain is not right")
        await log_in(host)
        await host.press("log-out")
        await expect(domain).to_have_value("other.example")
        assert [each.get("domain") for each in server.logins] == [None, "other.example", "other.example"]
        assert "right" not in await host.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
        assert host.complaints == []
