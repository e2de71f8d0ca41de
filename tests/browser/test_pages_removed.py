"""The list of who was shown the door, before a stand-in server: hosts find it folded, and the way back, by keyboard."""

from playwright.async_api import Browser, expect

from tests.browser.fake_server import Message, fake_server, person
from tests.browser.seated import seated, sent

MAL: Message = {"id": "r1", "display_name": "<b>Mal</b>", "is_banned": True, "by": "Ada", "at": 1.0}
EVE: Message = {"id": "r2", "display_name": "Eve" + " von" * 14, "is_banned": False, "by": "Grace", "at": 2.0}


async def test_who_becomes_a_host_sees_who_is_out_and_lets_them_back_without_a_mouse(browser: Browser) -> None:
    async with fake_server(browser) as server:
        host = await seated(browser, server, reduced_motion="reduce", viewport={"width": 390, "height": 844})
        press, section = host.page.keyboard.press, host.page.get_by_test_id("removed")
        title, people = host.page.get_by_test_id("removed-title"), host.page.get_by_test_id("removed-person")
        await press("p")
        await expect(host.page.get_by_test_id("people")).to_be_visible()
        await expect(section).to_be_hidden()
        await server.tell({"type": "updated", "participant": person(0, "Ada", role="host")})
        await server.tell({"type": "removed_list", "removed": [MAL, EVE]})
        await expect(title).to_have_text("Removed (2)")
        await expect(people.first).to_be_hidden()
        await title.focus()
        await press("Enter")
        await expect(people.locator(".person-name")).to_have_text(["<b>Mal</b>", EVE["display_name"]])
        await expect(people.locator(".notes")).to_have_text(["Banned by Ada", "Removed by Grace"])
        assert await host.accessibility_issues() == []

        await press("Tab")
        await press("Enter")
        assert await sent(host, server, "readmit", 1) == {"type": "readmit", "removal_id": "r1"}
        await server.tell({"type": "removed_list", "removed": [EVE]})
        await host.is_told("<b>Mal</b> may come in again")
        await expect(title).to_be_focused()
        await press("Tab")
        await expect(host.page.get_by_role("button", name=f"Let back {EVE['display_name']}")).to_be_focused()
        await server.tell({"type": "updated", "participant": person(0, "Ada")})
        await server.tell({"type": "removed_list", "removed": []})
        await expect(section).to_be_hidden()
        await expect(host.page.get_by_label("Close the list of people")).to_be_focused()
        await host.is_told("You are no longer a host")
        await expect(host.page.get_by_text(f"{EVE['display_name']} may come in again")).to_have_count(0)
        assert host.complaints == []
