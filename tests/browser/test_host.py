"""A host logs in, makes a meeting, leads people to it and deletes it."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.company import ADA, BEN, come, hears, log_in, reads
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import ADMIN_USER, Daemon


async def change_its_times(host: Guest, row: Locator) -> None:
    """At the settings of a meeting: what cannot be is told at its field, and mended there."""
    await row.get_by_test_id("meeting-settings").click()
    await host.page.get_by_text("More settings").click()
    begins, ends = (host.page.get_by_test_id(f"scheduled_{which}_at") for which in ("start", "end"))
    await begins.fill("2037-05-04T11:30")
    await ends.fill("2037-05-04T11:00")
    await host.press("save-meeting")
    await expect(host.page.get_by_test_id("scheduled_end_at-problem")).to_have_text(
        "“Ends” should be later than “Begins”"
    )
    await ends.fill("2037-05-04T12:30")
    await host.press("save-meeting")
    await expect(row).to_contain_text("Begins on Monday, May 4, 2037")


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
    await host.press("save-meeting")
    row = host.page.get_by_test_id("meeting").filter(has_text="Plans for spring")
    await change_its_times(host, row)
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
