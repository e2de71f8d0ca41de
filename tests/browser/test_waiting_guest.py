"""Who waits, and who saves data, at the shipped daemon: what reaches them, counted where it arrives."""

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, come, come_as_host, hears, is_in, reads, sees
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon

COUNT_BYTES = """
  window.peers = [];
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer { constructor(...all) { super(...all); peers.push(this); } };
  window.videoBytes = async () => {
    const reports = await Promise.all(peers.map(peer => peer.getStats()));
    const streams = reports.flatMap(report => [...report.values()]);
    const coming = streams.filter(({ type, kind }) => type === "inbound-rtp" && kind === "video");
    return coming.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  };
"""


async def video_bytes(guest: Guest) -> int:
    """All that has come as pictures so far."""
    return int(await guest.page.evaluate("videoBytes()"))


@pytest.mark.timeout(180)
async def test_nothing_of_the_meeting_reaches_who_waits_and_all_of_it_who_is_let_in(
    daemon: Daemon, visit: Visit
) -> None:
    meeting = await daemon.create_meeting(waiting_room="GUESTS")
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben = await visit(meeting["invite_url"], BEN.senses)
    await ben.join(BEN.name)
    await reads(ben, "Waiting to be let in")
    await hears(ben)
    assert await ben.page.locator("conf-tile").count() == 0
    await ben.page.reload()
    await reads(ben, "Waiting to be let in")

    await host.press("toolbar-people")
    await expect(host.page.get_by_test_id("waiting-person")).to_have_count(1)
    await hears(host)
    await host.press("waiting-admit")
    await is_in(ben)
    await hears(ben, ADA)
    await sees(ben, ADA)
    await hears(host, BEN)


@pytest.mark.timeout(180)
async def test_without_pictures_no_byte_of_one_comes(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    await come(visit, url, ADA)
    ben = await visit(url, BEN.senses)
    await ben.page.add_init_script(COUNT_BYTES)
    await ben.page.reload()
    await ben.join(BEN.name)
    await is_in(ben)
    await sees(ben, ADA)
    await ben.press("toolbar-more")
    await ben.press("more-low_data")
    await expect(ben.page.get_by_test_id("low-data")).to_be_visible()
    await come(visit, url, CLEO)
    await hears(ben, ADA, CLEO)
    before = await video_bytes(ben)
    await ben.speak("headset", True)
    await hears(ben, ADA, CLEO)
    assert await video_bytes(ben) == before
    await ben.press("toolbar-more")
    await ben.press("more-low_data")
    await sees(ben, ADA, CLEO)
