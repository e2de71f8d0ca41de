"""Who waits, and who saves data, at the shipped daemon: what reaches them, counted where it arrives."""

import io
import wave

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, come, come_as_host, hears, is_in, reads, sees, waits
from tests.browser.conftest import Visit
from tests.browser.guest import NOTHING, Guest
from tests.browser.hosts import let_in
from tests.peers.daemon import Daemon
from tests.peers.tone import RATE, Tone

MUSIC_HZ = 2300.0


@pytest.mark.timeout(180)
async def test_nothing_of_the_meeting_reaches_who_waits_and_all_of_it_who_is_let_in(
    daemon: Daemon, visit: Visit
) -> None:
    meeting = await daemon.create_meeting(waiting_room="GUESTS")
    host = await come_as_host(visit, meeting["host_url"], ADA)
    ben = await waits(visit, meeting["invite_url"], BEN)
    await hears(ben)
    assert await ben.page.locator("conf-tile").count() == 0
    await ben.page.reload()
    await reads(ben, "Waiting to be let in")

    await host.press("toolbar-people")
    await expect(host.page.get_by_test_id("waiting-person")).to_have_count(1)
    await hears(host)
    assert await ben.received() == NOTHING
    await host.press("waiting-admit")
    await is_in(ben)
    await hears(ben, ADA)
    await sees(ben, ADA)
    await hears(host, BEN)
    assert (await ben.received()).audio_energy > 0


@pytest.mark.timeout(180)
async def test_who_waits_hears_the_music_and_nothing_else(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(waiting_room="GUESTS")
    host = await come_as_host(visit, meeting["host_url"], ADA)
    await upload_music(daemon)
    ben, cleo = [await waits(visit, meeting["invite_url"], person) for person in (BEN, CLEO)]
    for guest in (ben, cleo):
        await hears_music(guest)
        await hears(guest)
        assert (await guest.received()).video_frames == 0
    await host.press("toolbar-people")
    await let_in(host, BEN)
    await is_in(ben)
    await hears(ben, ADA)
    assert await ben.heard(MUSIC_HZ) < -60
    await hears_music(cleo)
    await hears(cleo)
    assert (await cleo.received()).video_frames == 0
    await daemon.call("POST", "/tenant/look/music/destroy")


async def hears_music(guest: Guest) -> None:
    """Wait until the waiting room is heard."""

    async def does() -> bool:
        return await guest.heard(MUSIC_HZ) > -40

    await guest.until(does, "music")


async def upload_music(daemon: Daemon) -> None:
    """A tone that nobody in a meeting has."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(Tone(MUSIC_HZ).next(3 * RATE).astype("<i2").tobytes())
    headers = {"Authorization": f"Bearer {await daemon.login()}"}
    async with aiohttp.ClientSession(daemon.http_url, headers=headers, raise_for_status=True) as session:
        await session.post("/api/tenant/look/music", data=content.getvalue())


@pytest.mark.timeout(180)
async def test_without_pictures_no_byte_of_one_comes(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting())["invite_url"]
    await come(visit, url, ADA)
    ben = await come(visit, url, BEN)
    await sees(ben, ADA)
    await ben.press("toolbar-more")
    await ben.press("more-low_data")
    await expect(ben.page.get_by_test_id("low-data")).to_be_visible()
    await come(visit, url, CLEO)
    await hears(ben, ADA, CLEO)
    before = (await ben.received()).video_bytes
    await ben.speak("headset", True)
    await hears(ben, ADA, CLEO)
    assert (await ben.received()).video_bytes == before
    await ben.press("toolbar-more")
    await ben.press("more-low_data")
    await sees(ben, ADA, CLEO)
