"""A guest who has taken a seat before the stand-in server: where the tests of the meeting page begin.

It knows the way in and what the page has sent, and nothing of how the room looks.
"""

from typing import Any

from playwright.async_api import Browser, expect

from tests.browser.company import is_in
from tests.browser.fake_server import FakeServer, Message, person
from tests.browser.guest import Guest, Senses, Voice

EQUIPPED = Senses(microphones={"desk": Voice(hz=400)}, cameras={"lid": (200, 40, 40)})
GRACE, ALAN = person(1, "Grace"), person(2, "Alan")


async def seated(browser: Browser, server: FakeServer, script: str = "", **context: Any) -> Guest:
    """Ada with her devices, in a room of two cells; the page runs `script` before its own."""
    server.cells = 2
    guest = await Guest.arrive(browser, EQUIPPED, **context)
    await guest.page.add_init_script(script)
    await guest.open(server.join_url)
    await expect(guest.page.locator(".no-picture")).to_be_hidden()
    await guest.join("Ada")
    await is_in(guest)
    return guest


async def sent(guest: Guest, server: FakeServer, kind: str, count: int) -> Message:
    """Wait until the page has sent so many messages of this type; the last of them."""

    async def is_there() -> bool:
        return len(server.of_type(kind)) >= count

    await guest.until(is_there, f"{kind} number {count} among {[message['type'] for message in server.received]}")
    return server.of_type(kind)[count - 1]
