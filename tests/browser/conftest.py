"""Real Chromium for the tests of the pages: one browser a test, one context a person.

It starts no server: the fixture `daemon` of tests/conftest.py does.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.guest import LIMIT_S, Guest, Senses

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    # A page that is not in front must go on like one that is: all of them are looked at.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # mDNS names of candidates need a multicast network.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
MAY_SOUND = "--autoplay-policy=no-user-gesture-required"

# Playwright's 5 s are for a machine that has nothing else to do.
expect.set_options(timeout=LIMIT_S * 1000)

Visit = Callable[..., Awaitable[Guest]]


@pytest.fixture
async def browser(request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    """Chromium. With `@pytest.mark.parametrize("browser", ["silent"], indirect=True)` pages may not sound unasked."""
    arguments = ARGUMENTS if getattr(request, "param", "") == "silent" else [*ARGUMENTS, MAY_SOUND]
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        await running.close()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    """`await visit(url, senses, **context)`: a person who has opened a link. Their pages must not have complained.

    `beside=guest` opens it in another tab of that guest's browser.
    """
    guests: list[Guest] = []

    async def arrive(url: str, senses: Senses | None = None, beside: Guest | None = None, **context: Any) -> Guest:
        guest = await (beside.in_new_tab() if beside else Guest.arrive(browser, senses or Senses(), **context))
        guests.append(guest)
        await guest.open(url)
        return guest

    yield arrive
    assert [complaint for guest in guests for complaint in guest.complaints] == []
