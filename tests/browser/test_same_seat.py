"""A seat outlives its page: reloads, crashes, other tabs and other networks, and what the others notice of them."""

import pytest
from playwright.async_api import expect

from tests.browser.company import (
    ADA,
    BEN,
    CLEO,
    come,
    come_as_host,
    crash,
    has_always_listed,
    hears,
    is_in,
    misses,
    reads,
    sees,
    watch_list,
)
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.browser.line import line_to
from tests.peers.daemon import Daemon

pytestmark = pytest.mark.alone


@pytest.mark.timeout(180)
async def test_a_reload_keeps_seat_name_mute_and_role(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(capacity=2)
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben = await come(visit, meeting["invite_url"], BEN)
    await watch_list(ben, ADA.name, BEN.name)
    await hears(ben, ADA)
    await host.press("toolbar-microphone")
    await hears(ben)

    await host.page.reload()
    await is_in(host)
    await expect(host.page.get_by_test_id("toolbar-microphone")).to_have_attribute("data-state", "off")
    await host.press("toolbar-people")
    await expect(host.page.get_by_test_id("people-lock")).to_be_visible()
    await hears(host, BEN)
    await sees(host, BEN)
    await sees(ben, ADA)
    await hears(ben)
    await host.press("toolbar-microphone")
    await hears(ben, ADA)
    await has_always_listed(ben, ADA.name, BEN.name)


@pytest.mark.timeout(180)
async def test_a_crash_and_other_tabs_keep_the_one_seat(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting(capacity=2, room_pin="4711"))["invite_url"]
    ada = await come(visit, f"{url}#pin=4711", ADA)
    ben = await come(visit, f"{url}#pin=4711", BEN)
    await watch_list(ada, ADA.name, BEN.name)
    await hears(ada, BEN)

    await crash(ben)
    second = await visit(url, beside=ben)
    await expect(second.page.get_by_test_id("display-name")).to_have_value(BEN.name)
    await second.press("join")
    await is_in(second)
    await hears(second, ADA)
    await hears(ada, BEN)

    third = await visit(url, beside=ben)
    await third.press("join")
    await is_in(third)
    await reads(second, "You joined in another tab")
    await second.press("use-this-tab")
    await is_in(second)
    await reads(third, "You joined in another tab")
    await hears(second, ADA)
    await hears(ada, BEN)
    await sees(ada, BEN)
    await has_always_listed(ada, ADA.name, BEN.name)


@pytest.mark.timeout(180)
async def test_a_lost_network_is_left_behind_as_soon_as_there_is_another(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    ada, cleo = await come(visit, meeting["invite_url"], ADA), await come(visit, meeting["invite_url"], CLEO)
    async with line_to(daemon.http_url) as line:
        ben = await come(visit, f"{line.url}/join/{meeting['access_key']}", BEN)
        await watch_list(ada, ADA.name, CLEO.name, BEN.name)
        await hears(ada, BEN, CLEO)
        await ben.page.evaluate("window.soundBefore = document.querySelector('audio').srcObject")

        line.cut()
        await misses(ada, 1)
        line.mend()
        await finds_another_network(ben)
        await misses(ada, 0)

        line.fall_silent()
        await finds_another_network(ben)
        await ben.press("toolbar-camera")
        await expect(ada.page.get_by_label("The camera of Ben is off")).to_be_visible()
        await ben.press("toolbar-camera")
        await hears(ben, ADA, CLEO)
        await sees(ben, ADA, CLEO)
        await hears(cleo, ADA, BEN)
        await sees(ada, BEN, CLEO)
        assert await ben.page.evaluate("document.querySelector('audio').srcObject === soundBefore"), "the same media"
        await has_always_listed(ada, ADA.name, CLEO.name, BEN.name)
        await ben.page.close()


async def finds_another_network(guest: Guest) -> None:
    """The browser notices that it is offline, and then that it is not."""
    await guest.page.context.set_offline(True)
    await guest.page.context.set_offline(False)
    await is_in(guest)
