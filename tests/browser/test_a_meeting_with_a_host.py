"""A whole meeting by its host's page: who waits is let in or refused, the others are steered, one is removed for good,
and all is over when the host says so. What the host does is looked for at the others."""

from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, come, come_as_host, hears, reads, sees
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon

LIMIT_S = 30.0


FIRST_NAME = """() => {
  const tiles = [...document.querySelectorAll("conf-tile")].filter(tile => tile.checkVisibility());
  const place = tile => tile.getBoundingClientRect();
  tiles.sort((one, other) => place(one).top - place(other).top || place(one).left - place(other).left);
  return tiles[0]?.querySelector(".name").textContent;
}"""


class Knocker:
    """Somebody at the door without a page: knocks, and says what comes of it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    @classmethod
    async def at(cls, stack: AsyncExitStack, daemon: Daemon, key: str, name: str) -> "Knocker":
        """Whoever has just shown the access key."""
        session = await stack.enter_async_context(aiohttp.ClientSession())
        url = f"{daemon.http_url}/api/ws"
        socket = await stack.enter_async_context(session.ws_connect(url, protocols=["confserver.v1"]))
        await socket.send_json({"type": "join", "access_key": key, "display_name": name})
        return cls(socket)

    async def hears(self) -> dict[str, Any]:
        """The next message of the server."""
        return dict(await self._socket.receive_json(timeout=LIMIT_S))


async def choose(host: Guest, name: str, entry: str) -> None:
    """Take an entry of somebody's menu in the open list of people."""
    await host.page.get_by_test_id("person").filter(has_text=name).get_by_test_id("person-menu").click()
    await host.press(f"do-{entry}")


async def shows_first(guest: Guest, name: str) -> None:
    """Wait until somebody has the first cell."""

    async def does() -> bool:
        return bool(await guest.page.evaluate(FIRST_NAME) == name)

    await guest.until(does, f"{name} in the first cell")


async def keeps_the_door(host: Guest, daemon: Daemon, meeting: dict[str, Any]) -> None:
    """Of three who wait the host lets two in, and refuses one with a word."""
    await daemon.call("POST", f"/user/meetings/{meeting['id']}", {"waiting_room": "GUESTS"})
    async with AsyncExitStack() as stack:
        knockers = {
            name: await Knocker.at(stack, daemon, meeting["access_key"], name) for name in ("Dora", "Emil", "Mal")
        }
        for knocker in knockers.values():
            told = await knocker.hears()
            assert told["type"] == "waiting"
            assert "participants" not in told
        waiting = host.page.get_by_test_id("waiting-person")
        await expect(waiting).to_have_count(3)
        await waiting.filter(has_text="Mal").get_by_test_id("waiting-decline").click()
        await host.page.get_by_test_id("decline-field").fill("Not today.")
        await host.press("decline-submit")
        refused = await knockers["Mal"].hears()
        assert (refused["type"], refused["word"]) == ("refused", "Not today.")
        for name in ("Dora", "Emil"):
            await host.page.get_by_role("button", name=f"Let in {name}").click()
            assert (await knockers[name].hears())["type"] == "welcome"
            await expect(host.page.get_by_test_id("person").filter(has_text=name)).to_be_visible()
    await daemon.call("POST", f"/user/meetings/{meeting['id']}", {"waiting_room": "OFF"})


async def keeps_order(host: Guest, ben: Guest, cleo: Guest) -> None:
    """The host mutes all, asks one to speak, and says who is seen, and where."""
    await hears(cleo, ADA, BEN)
    await host.press("people-mute_all")
    await host.press("mute-all-soft")
    await ben.is_told("You are muted for now")
    await hears(cleo, ADA)
    await choose(host, BEN.name, "ask")
    await ben.press("prompt-unmute-yes")
    await hears(cleo, ADA, BEN)

    await choose(host, BEN.name, "spotlight")
    await shows_first(cleo, BEN.name)
    await choose(host, BEN.name, "end_spotlight")
    for first in (ADA, BEN):
        await host.press("people-rules")
        await host.press("rules-order")
        await host.page.get_by_role("button", name=f"Move {first.name}").focus()
        for _ in range(4):
            await host.page.keyboard.press("ArrowUp")
        await host.press("order-apply")
        await shows_first(cleo, first.name)
    await choose(host, BEN.name, "stop_camera")
    await ben.is_told("A host has stopped your camera")
    await sees(cleo, ADA)


async def shows_the_door(host: Guest, ben: Guest, visit: Visit, url: str) -> None:
    """A host removes somebody, who comes back neither by a reload nor by the link."""
    await choose(host, BEN.name, "remove")
    await host.press("remove-remove")
    await reads(ben, "You were removed")
    await ben.page.reload()
    for page in (ben, await visit(url, beside=ben)):
        await page.join(BEN.name)
        await expect(page.page.get_by_test_id("join-error")).to_contain_text("A host has removed you")


@pytest.mark.timeout(180)
async def test_a_host_leads_a_meeting_from_its_door_to_its_end(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    url = meeting["invite_url"]
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben, cleo = await come(visit, url, BEN), await come(visit, url, CLEO)
    await host.press("toolbar-people")
    await keeps_the_door(host, daemon, meeting)
    await keeps_order(host, ben, cleo)

    await choose(host, CLEO.name, "write")
    await host.page.keyboard.type("<i>Between us</i>")
    await host.page.keyboard.press("Enter")
    await cleo.page.keyboard.press("c")
    await expect(cleo.page.get_by_test_id("chat-message").locator(".chat-text")).to_have_text("<i>Between us</i>")
    await host.press("toolbar-people")
    await choose(host, CLEO.name, "make_chairman")
    await host.press("chairman-yes")
    await cleo.is_told("You chair the meeting now")
    await cleo.press("toolbar-people")
    await shows_the_door(cleo, ben, visit, url)
    await cleo.press("people-lock")
    await host.is_told("The meeting is locked now")

    await cleo.press("people-end")
    await cleo.press("end-end")
    for guest in (host, cleo):
        await reads(guest, "The meeting has ended")
