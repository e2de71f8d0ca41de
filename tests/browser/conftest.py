"""Real Chromium for the tests of the pages: one browser for all of them, one context a person, gone with its test.

A browser lives on the event loop that started it, so these tests share theirs. It starts no server: the fixture
`daemon` of tests/conftest.py does.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.guest import LIMIT_S, Guest, Senses
from tests.tools.leaks import ending_all_tasks

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
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
    # mDNS names of candidates need a multicast network. What pops up below the address bar is made of two pages more,
    # which each window starts though nobody sees them.
    "--disable-features=WebRtcHideLocalIpsWithMdns,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
)
MAY_SOUND = "--autoplay-policy=no-user-gesture-required"

# Playwright's 5 s are for a machine that has nothing else to do.
expect.set_options(timeout=LIMIT_S * 1000)

Launch = Callable[[tuple[str, ...]], Awaitable[Browser]]
Visit = Callable[..., Awaitable[Guest]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests of this folder run on the loop of the browser."""
    shared_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if Path(__file__).parent in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(shared_loop, append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launch() -> AsyncIterator[Launch]:
    """`await launch(arguments)`: Chromium with these, started when first asked for, or when it has died since."""
    running: dict[tuple[str, ...], Browser] = {}
    # The loop's thread for files, or the first test that needs it would be said to have left it behind.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=1))
    await asyncio.to_thread(lambda: None)

    async with async_playwright() as playwright:

        async def running_with(arguments: tuple[str, ...]) -> Browser:
            if arguments not in running or not running[arguments].is_connected():
                running[arguments] = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
            return running[arguments]

        yield running_with
        for browser in running.values():
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(request: pytest.FixtureRequest, launch: Launch) -> AsyncIterator[Browser]:
    """Chromium without a page, which those of the test will have left again.

    With `@pytest.mark.parametrize("browser", ["silent"], indirect=True)` pages may not sound unasked.
    """
    running = await launch(ARGUMENTS if getattr(request, "param", "") == "silent" else (*ARGUMENTS, MAY_SOUND))
    yield running
    for context in running.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def no_task_left() -> AsyncIterator[None]:
    """The check of tests/conftest.py, on the loop of the browser."""
    async with ending_all_tasks():
        yield


@pytest_asyncio.fixture(loop_scope="session")
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
