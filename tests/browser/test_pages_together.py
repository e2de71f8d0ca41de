"""What everybody in a meeting may do beside speaking, and what hosts do to them, before a stand-in server."""

from playwright.async_api import Browser, expect

from tests.browser.fake_server import Message, fake_server, person, slot
from tests.browser.seated import ALAN, GRACE, seated, sent


def written(number: int, author: Message, text: str, to: str | None = None) -> Message:
    """A message of the chat."""
    said = {"from_id": author["id"], "from_name": author["display_name"], "to_id": to, "text": text}
    return {"type": "chat", "id": number, **said, "at": 1_800_000_000.0 + number}


async def test_what_is_written_is_text_and_waits_to_be_read(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE, ALAN]
        guest = await seated(browser, server, reduced_motion="reduce")
        await server.tell(written(1, GRACE, "<img src=x onerror=alert(1)>\nsecond line"))
        await server.tell(written(2, ALAN, "Psst", to="p0"))
        await expect(guest.page.get_by_test_id("unread-count")).to_have_text("2")
        await guest.page.keyboard.press("c")
        await expect(guest.page.get_by_test_id("unread-count")).to_be_hidden()
        messages = guest.page.get_by_test_id("chat-message")
        await expect(messages.nth(0).locator(".chat-text")).to_have_text("<img src=x onerror=alert(1)>\nsecond line")
        await expect(messages.locator("img")).to_have_count(0)
        await expect(messages.nth(1)).to_contain_text("to you only")
        field = guest.page.get_by_test_id("chat-text")
        await expect(field).to_be_focused()
        assert await guest.accessibility_issues() == []

        await field.fill("Hello")
        await guest.page.keyboard.press("Enter")
        assert await sent(guest, server, "chat", 1) == {"type": "chat", "text": "Hello", "to": None}
        await expect(field).to_have_value("")
        await server.tell({"type": "error", "code": "too_many", "message": "Slowly.", "of": "chat"})
        await expect(field).to_have_value("Hello")
        await guest.page.get_by_test_id("chat-to").select_option("p2")
        await server.tell({"type": "left", "participant_id": "p2", "reason": "left"})
        await guest.press("chat-send")
        assert (await sent(guest, server, "chat", 2))["to"] == "p2", "never to everybody instead"
        await guest.page.keyboard.press("Escape")
        await expect(guest.page.get_by_test_id("chat")).to_be_hidden()
        assert guest.complaints == []


async def test_what_is_written_survives_a_lost_connection(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [GRACE]
        guest = await seated(browser, server)
        await server.tell(written(1, GRACE, "one"))
        await guest.page.keyboard.press("c")
        await expect(guest.page.get_by_test_id("chat-message")).to_have_count(1)
        server.chat = [written(number, GRACE, "one") for number in (1, 2)]
        await server.drop(4008)
        await expect(guest.page.get_by_test_id("chat-message")).to_have_count(2)
        assert guest.complaints == []


async def test_signs_and_hands(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [person(1, "Grace", role="host", is_chairman=True, is_verified=True), ALAN]
        server.slots = [slot(0, server.others[0], None), slot(1, None, None)]
        guest = await seated(browser, server, reduced_motion="reduce")
        await guest.page.keyboard.press("h")
        assert await sent(guest, server, "hand", 1) == {"type": "hand", "is_raised": True}
        await server.tell({"type": "updated", "participant": person(0, "Ada", hand=1)})
        await expect(guest.page.get_by_label("Your hand is raised")).to_be_visible()
        await guest.press("toolbar-hand")
        assert await sent(guest, server, "hand", 2) == {"type": "hand", "is_raised": False}

        tile = guest.page.locator("conf-tile:visible")
        await expect(tile.get_by_label("Chairs this meeting")).to_be_visible()
        await expect(tile.get_by_label("Name confirmed")).to_be_visible()
        await guest.press("toolbar-react")
        await guest.page.get_by_role("menuitem", name="Applause").press("Enter")
        assert await sent(guest, server, "react", 1) == {"type": "react", "reaction": "clap"}
        for reaction in ("clap", "heart"):
            await server.tell({"type": "reaction", "participant_id": "p1", "reaction": reaction})
        await expect(tile.locator(".reaction")).to_have_text("❤️")
        await expect(tile.locator(".reaction")).to_have_count(0)
        await server.tell({"type": "reaction", "participant_id": "p2", "reaction": "party"})
        await guest.is_told("Alan: 🎉")
        assert guest.complaints == []


async def test_what_hosts_do_is_told_and_followed(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.others = [person(1, "Grace", role="host")]
        guest = await seated(browser, server, reduced_motion="reduce")

        async def become(**state: object) -> None:
            await server.tell({"type": "updated", "participant": person(0, "Ada", **state)})

        await become(is_muted=True)
        await guest.is_told("You are muted for now")
        assert await sent(guest, server, "set", 1) == {"type": "set", "is_muted": True}
        await server.tell({"type": "asked_to_unmute", "by_name": "Grace"})
        await expect(guest.page.get_by_test_id("prompt-unmute")).to_contain_text("Grace would like to hear you")
        assert await guest.accessibility_issues() == []
        await guest.press("prompt-unmute-yes")
        assert await sent(guest, server, "set", 2) == {"type": "set", "is_muted": False}
        await expect(guest.page.get_by_test_id("prompt-unmute")).to_have_count(0)
        await become()

        await become(is_camera_stopped=True, has_camera=False)
        await guest.is_told("A host has stopped your camera")
        assert await sent(guest, server, "set", 3) == {"type": "set", "has_camera": False}
        await guest.press("toolbar-camera")
        await guest.is_told("Only a host can allow it again")
        await become(has_camera=False)
        await guest.is_told("You may start your camera again")
        await server.tell({"type": "room", "control": "MASTER"})
        await guest.is_told("Hosts give the floor now")
        await expect(guest.page.get_by_text("Listening")).to_be_visible()
        await become(has_camera=False, has_floor=True)
        await guest.is_told("You have the floor")
        await expect(guest.page.get_by_text("Listening")).to_be_hidden()
        await become(has_camera=False, has_floor=True, role="host")
        await guest.is_told("You are a host now")
        await expect(guest.page.get_by_test_id("people-rules")).to_be_hidden()
        await guest.page.keyboard.press("p")
        await expect(guest.page.get_by_test_id("people-rules")).to_be_visible()
        await server.tell({"type": "ending_soon", "in_s": 300, "reason": "max_duration"})
        await expect(guest.page.get_by_test_id("prompt-ending")).to_contain_text("ends in 5 min")
        assert guest.complaints == []


async def test_muted_on_entry_means_muted(browser: Browser) -> None:
    async with fake_server(browser) as server:
        server.own_state = {"is_muted": True}
        guest = await seated(browser, server)
        await guest.is_told("You are muted for now")
        await guest.page.keyboard.press("m")
        assert await sent(guest, server, "set", 1) == {"type": "set", "is_muted": False}
        await guest.page.keyboard.press("h")
        await sent(guest, server, "hand", 1)
        assert len(server.of_type("set")) == 1, "whoever opens their microphone at once is not muted again"
        assert guest.complaints == []
