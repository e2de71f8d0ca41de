"""What a host does at the page to lead a meeting. What comes of it, the tests look for at the others."""

from playwright.async_api import Locator, expect

from tests.browser.company import ADA, BEN, CLEO, Person, come, come_as_host
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Answer, Daemon

FIRST_NAME = """() => {
  const tiles = [...document.querySelectorAll("conf-tile")].filter(tile => tile.checkVisibility());
  const place = tile => tile.getBoundingClientRect();
  tiles.sort((one, other) => place(one).top - place(other).top || place(one).left - place(other).left);
  return tiles[0]?.querySelector(".name").textContent;
}"""


async def three_of_them(daemon: Daemon, visit: Visit) -> tuple[Answer, Guest, Guest, Guest]:
    """A meeting that Ada leads and Ben and Cleo are in."""
    meeting = await daemon.create_meeting()
    host = await come_as_host(visit, meeting["host_url"], ADA)
    return meeting, host, await come(visit, meeting["invite_url"], BEN), await come(visit, meeting["invite_url"], CLEO)


def row_of(host: Guest, person: Person) -> Locator:
    """Somebody's row in the open list of people."""
    return host.page.get_by_test_id("person").filter(has_text=person.name)


async def choose(host: Guest, person: Person, entry: str) -> None:
    """Take an entry of somebody's menu in the open list of people."""
    await row_of(host, person).get_by_test_id("person-menu").click()
    await host.press(f"do-{entry}")


async def place(host: Guest, person: Person, position: str) -> None:
    """Give somebody a cell for everybody; "-1": none, "": whoever speaks."""
    await choose(host, person, "place")
    await host.page.get_by_test_id("place-field").select_option(position)
    await host.press("place-submit")


async def switch(host: Guest, rule: str) -> None:
    """Turn a rule of the room on, or off again."""
    await host.press("people-rules")
    await host.press(f"rules-{rule}")
    await host.page.keyboard.press("Escape")
    await expect(host.page.get_by_test_id(f"rules-{rule}")).to_be_hidden()


async def lay_out(host: Guest, layout: str) -> None:
    """Say how many pictures everybody sees."""
    await host.press("people-rules")
    await host.page.get_by_test_id("rules-layout").select_option(layout)
    await host.page.keyboard.press("Escape")


async def let_in(host: Guest, person: Person) -> None:
    """Let somebody in who waits."""
    await host.page.get_by_role("button", name=f"Let in {person.name}").click()


async def turn_away(host: Guest, person: Person, word: str) -> None:
    """Refuse somebody who waits, with a word."""
    waiting = host.page.get_by_test_id("waiting-person").filter(has_text=person.name)
    await waiting.get_by_test_id("waiting-decline").click()
    await host.page.get_by_test_id("decline-field").fill(word)
    await host.press("decline-submit")


async def shows_first(guest: Guest, person: Person) -> None:
    """Wait until somebody has the first cell."""

    async def does() -> bool:
        return bool(await guest.page.evaluate(FIRST_NAME) == person.name)

    await guest.until(does, f"{person.name} in the first cell")
