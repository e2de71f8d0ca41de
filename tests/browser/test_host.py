"""A host logs in and keeps order: what their controls do to the others, and to people at the door."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, DAN, come, come_as_host, hears, is_in, lists, log_in, reads
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import ADMIN_USER, Daemon


async def press_beside(host: Guest, name: str, test_id: str) -> None:
    """Press a button in somebody's row of the open list of people."""
    row = host.page.get_by_test_id("person").filter(has_text=name)
    await row.get_by_test_id(test_id).click()


@pytest.mark.timeout(180)
async def test_a_host_mutes_and_gives_back_the_voice(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben = await come(visit, meeting["invite_url"], BEN)
    cleo = await come(visit, meeting["invite_url"], CLEO)
    await hears(cleo, ADA, BEN)
    await cleo.page.keyboard.press("p")
    await expect(cleo.page.get_by_test_id("person-mute").filter(visible=True)).to_have_count(0)
    await expect(cleo.page.get_by_test_id("people-lock")).to_be_hidden()

    await host.press("toolbar-people")
    await press_beside(host, BEN.name, "person-mute")
    await ben.is_told("A host has muted you")
    await expect(cleo.page.get_by_label("Ben was muted by a host")).to_be_visible()
    await hears(cleo, ADA)
    await ben.page.keyboard.press("m")
    await ben.is_told("Only a host can let you speak again")
    await hears(cleo, ADA)

    await press_beside(host, BEN.name, "person-mute")
    await ben.is_told("A host lets you speak again")
    await hears(cleo, ADA, BEN)


@pytest.mark.timeout(180)
async def test_a_host_locks_removes_and_ends(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    url = meeting["invite_url"]
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben, cleo = await come(visit, url, BEN), await come(visit, url, CLEO)
    await host.press("toolbar-people")

    dan = await visit(url, DAN.senses)
    await host.press("people-lock")
    await ben.is_told("The meeting is locked now")
    await dan.join(DAN.name)
    await expect(dan.page.get_by_test_id("join-error")).to_contain_text("The host has locked the meeting")
    await dan.page.reload()
    await reads(dan, "The meeting is locked")
    await host.press("people-lock")
    await ben.is_told("The meeting is open again")
    await dan.press("try-again")
    await dan.press("join")
    await is_in(dan)
    await lists(host, ADA.name, BEN.name, CLEO.name, DAN.name)

    await press_beside(host, CLEO.name, "person-menu")
    await host.press("do-remove")
    await host.press("remove-remove")
    await reads(cleo, "You were removed")
    await ben.is_told("Cleo was removed")
    await lists(host, ADA.name, BEN.name, DAN.name)
    await hears(ben, ADA, DAN)

    await host.press("people-end")
    await host.press("end-end")
    for guest in (host, ben, dan):
        await reads(guest, "The meeting has ended")


@pytest.mark.timeout(180)
async def test_a_host_makes_a_meeting_hands_out_its_link_and_deletes_it(daemon: Daemon, visit: Visit) -> None:
    host = await visit(daemon.http_url, ADA.senses, permissions=["clipboard-read", "clipboard-write"])
    await host.page.get_by_test_id("username").fill(ADMIN_USER)
    await host.page.get_by_test_id("password").fill("a wrong password")
    await host.press("log-in")
    await expect(host.page.get_by_test_id("login-error")).to_contain_text("is not right")
    await log_in(host)

    await host.press("new-meeting")
    await host.page.get_by_test_id("subject").fill("Plans for spring")
    await host.page.get_by_test_id("capacity").fill("2")
    await host.press("create-meeting")
    row = host.page.get_by_test_id("meeting").filter(has_text="Plans for spring")
    await row.get_by_test_id("copy-link").click()
    await host.is_told("The invite link is in your clipboard")
    ben = await come(visit, await host.page.evaluate("navigator.clipboard.readText()"), BEN)
    await reads(ben, "Plans for spring")
    await row.get_by_test_id("start-meeting").click()
    await host.join(ADA.name)
    await hears(ben, ADA)

    await host.press("toolbar-leave")
    await host.press("leave-leave")
    await ben.is_told("Ada has left")
    await host.open(daemon.http_url)
    await expect(row).to_contain_text("Running now")
    await row.get_by_test_id("delete-meeting").click()
    await host.press("delete-delete")
    await reads(ben, "The meeting was deleted")
    await expect(row).to_have_count(0)
    await host.press("log-out")
    await expect(host.page.get_by_test_id("log-in")).to_be_visible()
