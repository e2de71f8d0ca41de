"""A computer loses the network that its call is on and has another: Chromium in a namespace with two interfaces.

The operating system and the browser find out by themselves, as they do on a desk; nothing is simulated.
"""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.company import ADA, is_in
from tests.browser.conftest import ARGUMENTS, CHROMIUM, MAY_SOUND
from tests.browser.conversation import BOB, Conversation
from tests.browser.guest import Guest
from tests.peers.daemon import running_daemon
from tests.peers.meeting_client import guest
from tests.peers.networks import SERVER, TwoWays, two_ways

TRIES = 5
LIMIT_S = 3.0

NOTE_CONNECTION = """
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    window.connection = this;
    return setRemoteDescription.call(this, description);
  };
"""
ADDRESS = """async () => {
  const report = await connection.getStats();
  const transport = [...report.values()].find(({ type }) => type === "transport");
  return report.get(report.get(transport.selectedCandidatePairId).localCandidateId).address;
}"""


@asynccontextmanager
async def browser_at(ways: TwoWays, origin: str, folder: Path) -> AsyncIterator[Browser]:
    """Chromium at the client, for which this origin is as good as one with TLS."""
    arguments = (*ARGUMENTS, MAY_SOUND, f"--unsafely-treat-insecure-origin-as-secure={origin}")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=ways.wrap(CHROMIUM, folder), args=arguments)
        yield running
        await running.close()


async def come(browser: Browser, url: str) -> Guest:
    """Ada in the room; who may use a microphone has all her interfaces tried."""
    ada = await Guest.arrive(browser, ADA.senses, permissions=["microphone", "camera"])
    await ada.page.add_init_script(NOTE_CONNECTION)
    await ada.open(url)
    await ada.join(ADA.name)
    await is_in(ada)
    return ada


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("launch")  # its loop is made for browsers; this one lives in another namespace than theirs
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces")
async def test_a_call_goes_on_within_three_seconds_when_its_network_is_gone(tmp_path: Path) -> None:
    addresses = f"{SERVER},127.0.0.1"
    with (
        two_ways() as ways,
        running_daemon(
            tmp_path, HTTP__HOST="0.0.0.0", TLS__MODE="off", MEDIA__ADVERTISED_ADDRESSES=addresses
        ) as daemon,
    ):
        key = (await daemon.create_meeting(mode="AUDIO"))["access_key"]
        origin = f"http://{SERVER}:{urlsplit(daemon.http_url).port}"
        async with (
            guest(daemon.http_url, key, "Bob", tone=BOB, slots=0) as bob,
            browser_at(ways, origin, tmp_path) as browser,
        ):
            for _ in range(TRIES):
                ada = await come(browser, f"{origin}/join/{key}")
                conversation = Conversation(ada, bob)
                await conversation.goes_on()
                way = ways.way_from(await ada.page.evaluate(ADDRESS))
                ways.lose(way)
                heard_s, hears_s = await conversation.pauses()
                logging.getLogger(__name__).info(
                    "%s gone: heard again in %.1f s, hears again in %.1f s", way, heard_s, hears_s
                )
                assert max(heard_s, hears_s) <= LIMIT_S
                ways.find(way)
                await ada.page.context.close()
