"""A meeting in the page of another site: of one that the operator names only, and with what that page hands on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, FrameLocator, expect
from yarl import URL

from tests.peers.daemon import Daemon, running_daemon

ALLOW = "camera; microphone; display-capture; fullscreen; speaker-selection"
PAGE = '<!doctype html><title>Intranet</title><iframe src="{show}" allow="{allow}" width="900" height="700"></iframe>'
LIMIT_MS = 20_000


@asynccontextmanager
async def intranet() -> AsyncIterator[URL]:
    """A site whose only page has a frame: `?show=` its address, `?allow=` what it may."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=PAGE.format_map(request.query), content_type="text/html")

    app = web.Application()
    app.router.add_get("/", show)
    async with TestServer(app) as server:
        yield server.make_url("/")


async def embedded(browser: Browser, site: URL, url: str, allow: str) -> FrameLocator:
    """The frame, in the page of a person who has devices and refuses none."""
    page = await (await browser.new_context()).new_page()
    await page.goto(str(site.with_query(show=url, allow=allow)))
    return page.frame_locator("iframe")


async def test_a_named_site_shows_meetings_in_a_frame(browser: Browser, tmp_path: Path) -> None:
    async with intranet() as site:
        with running_daemon(tmp_path, HTTP__FRAME_ANCESTORS=str(site.origin())) as daemon:
            url = (await daemon.create_meeting())["invite_url"]
            frame = await embedded(browser, site, url, ALLOW)
            await frame.get_by_test_id("display-name").fill("Ada")
            await frame.get_by_test_id("join").click()
            await expect(frame.get_by_test_id("toolbar-microphone")).to_be_visible(timeout=LIMIT_MS)
            await expect(frame.get_by_test_id("self-view")).to_be_visible(timeout=LIMIT_MS)
            await expect(frame.get_by_test_id("microphone-problem")).to_be_hidden()

            silent = await embedded(browser, site, url, "fullscreen")
            await expect(silent.get_by_test_id("microphone-problem")).to_be_visible(timeout=LIMIT_MS)


async def test_no_other_site_does(browser: Browser, daemon: Daemon) -> None:
    async with intranet() as site:
        url = (await daemon.create_meeting())["invite_url"]
        frame = await embedded(browser, site, url, ALLOW)
        await expect(frame.locator("#sub-frame-error")).to_be_visible(timeout=LIMIT_MS)
        assert await frame.get_by_test_id("display-name").count() == 0
