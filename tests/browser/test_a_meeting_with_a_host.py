"""A whole meeting by its host's page: who waits is let in or refused, the others are steered, one is removed for good,
and all is over when the host says so. What the host does is looked for at the others."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, DAN, come_as_host, hears, is_in, lists, reads, sees, waits
from tests.browser.conftest import Visit
from tests.browser.guest import NOTHING, Guest
from tests.browser.hosts import choose, let_in, shows_first, turn_away
from tests.peers.daemon import Daemon


@pytest.mark.timeout(180)
async def test_a_host_leads_a_meeting_from_its_door_to_its_end(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(waiting_room="GUESTS")
    url = meeting["invite_url"]
    host = await come_as_host(visit, meeting["host_url"], ADA)
    await host.press("toolbar-people")
    ben, cleo = await keeps_the_door(host, visit, url)
    await keeps_order(host, ben, cleo)

    await choose(host, CLEO, "write")
    await host.page.keyboard.type("<i>Between us</i>")
    await host.page.keyboard.press("Enter")
    await cleo.page.keyboard.press("c")
    await expect(cleo.page.get_by_test_id("chat-message").locator(".chat-text")).to_have_text("<i>Between us</i>")
    await host.press("toolbar-people")
    await choose(host, CLEO, "make_chairman")
    await host.press("chairman-yes")
    await cleo.is_told("You chair the meeting now")
    await cleo.press("toolbar-people")
    await shows_the_door(cleo, ben, visit, meeting)
    await shuts_the_door(cleo, host, visit, url)

    await cleo.press("people-end")
    await cleo.press("end-end")
    for guest in (host, cleo):
        await reads(guest, "The meeting has ended")


async def keeps_the_door(host: Guest, visit: Visit, url: str) -> tuple[Guest, Guest]:
    """Of three who wait the host lets two in, and refuses one with a word. Until then nothing has reached them."""
    waiting = {person: await waits(visit, url, person) for person in (BEN, CLEO, DAN)}
    await expect(host.page.get_by_test_id("waiting-person")).to_have_count(3)
    for guest in waiting.values():
        await hears(guest)
        assert await guest.received() == NOTHING
        assert await guest.page.locator("conf-tile").count() == 0
    await turn_away(host, DAN, "Not today.")
    await reads(waiting[DAN], "turned you away")
    await expect(waiting[DAN].page.get_by_test_id("word")).to_have_text("Not today.")
    for person in (BEN, CLEO):
        await let_in(host, person)
        await is_in(waiting[person])
    await lists(host, ADA.name, BEN.name, CLEO.name)
    await hears(waiting[CLEO], ADA, BEN)
    assert await waiting[DAN].received() == NOTHING
    return waiting[BEN], waiting[CLEO]


async def keeps_order(host: Guest, ben: Guest, cleo: Guest) -> None:
    """The host mutes all, asks one to speak, and says who is seen, and where."""
    await host.press("people-mute_all")
    await host.press("mute-all-soft")
    await ben.is_told("You are muted for now")
    await hears(cleo, ADA)
    await choose(host, BEN, "ask")
    await ben.press("prompt-unmute-yes")
    await hears(cleo, ADA, BEN)

    await choose(host, BEN, "spotlight")
    await shows_first(cleo, BEN)
    await choose(host, BEN, "end_spotlight")
    for first in (ADA, BEN):
        await host.press("people-rules")
        await host.press("rules-order")
        await host.page.get_by_role("button", name=f"Move {first.name}").focus()
        for _ in range(4):
            await host.page.keyboard.press("ArrowUp")
        await host.press("order-apply")
        await shows_first(cleo, first)
    await choose(host, BEN, "stop_camera")
    await ben.is_told("A host has stopped your camera")
    await sees(cleo, ADA)


async def shows_the_door(host: Guest, ben: Guest, visit: Visit, meeting: dict[str, Any]) -> None:
    """A host removes somebody, who comes back neither by a reload nor by the link, nor unseen by another browser."""
    await choose(host, BEN, "remove")
    await host.press("remove-remove")
    await reads(ben, "You were removed")
    await lists(host, ADA.name, CLEO.name)
    await ben.page.reload()
    for page in (ben, await visit(meeting["invite_url"], beside=ben)):
        await page.join(BEN.name)
        await expect(page.page.get_by_test_id("join-error")).to_contain_text("A host has removed you")
    elsewhere = await waits(visit, meeting["invite_url"], BEN)
    await expect(host.page.get_by_test_id("waiting-person")).to_contain_text("Somebody was removed from there")
    await turn_away(host, BEN, "No.")
    await reads(elsewhere, "turned you away")
    assert await elsewhere.received() == NOTHING


async def shuts_the_door(host: Guest, other: Guest, visit: Visit, url: str) -> None:
    """A host locks the meeting: nobody else gets in, until it is open again."""
    late = await visit(url, DAN.senses)
    await expect(late.page.get_by_test_id("display-name")).to_be_visible()
    await host.press("people-lock")
    await other.is_told("The meeting is locked now")
    await late.join(DAN.name)
    await expect(late.page.get_by_test_id("join-error")).to_contain_text("The host has locked the meeting")
    await late.page.reload()
    await reads(late, "The meeting is locked")
    await host.press("people-lock")
    await other.is_told("The meeting is open again")
    await late.press("try-again")
    await late.press("join")
    await reads(late, "Waiting to be let in")
