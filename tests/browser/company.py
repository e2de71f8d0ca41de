"""The people of the stories: each has a tone and a colour, so that there is no doubt who is heard and seen.

It knows what people may expect of one another in a meeting, and nothing of how the pages look inside: guest.py does.
"""

from dataclasses import dataclass
from itertools import combinations
from math import dist
from typing import Any

import pytest
from playwright.async_api import Error, expect

from tests.browser.conftest import Visit
from tests.browser.guest import LIMIT_S, Guest, Senses, Voice
from tests.peers.daemon import ADMIN_PASSWORD, ADMIN_USER
from tests.peers.tone import ToneMeter
from tests.peers.tracks import Colour

SENT_DBOV = -20.0
HEARD_DB = 3.0
"""What is heard may differ from what was sent by so much."""
UNHEARD_DB = 40.0
"""What nobody is to hear, above all one's own voice, is at least so much below what was sent."""

WATCH_LIST = """() => {
  const names = () => [...document.querySelectorAll("[data-testid=person] .person-name")].map(node => node.textContent);
  window.listsSeen = [names()];
  window.noticesSeen = [];
  const look = changes => {
    if (names().join() !== listsSeen.at(-1).join()) listsSeen.push(names());
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    noticesSeen.push(...added.filter(node => node.className === "notice").map(node => node.textContent));
  };
  new MutationObserver(look).observe(document.querySelector("conf-meeting"), { subtree: true, childList: true });
}"""


WATCH_DOOR = """join => {
  window.heldBackWith = [];
  const look = () => join.disabled && heldBackWith.push(document.body.innerText);
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name, a voice and a face; `is_talking`: from the beginning on."""

    name: str
    hz: float
    colour: Colour
    is_talking: bool = True

    @property
    def senses(self) -> Senses:
        """A headset and a webcam."""
        voice = Voice(self.hz, SENT_DBOV, is_open=self.is_talking)
        return Senses({"headset": voice}, {"webcam": self.colour})


ADA = Person("Ada", 500, (200, 40, 40))
BEN = Person("Ben", 900, (40, 180, 40))
CLEO = Person("Cleo", 1700, (40, 40, 200))
DAN = Person("Dan", 2900, (190, 180, 40))
EVERYBODY = (ADA, BEN, CLEO, DAN)

FAR = min(dist(one.colour, other.colour) for one, other in combinations(EVERYBODY, 2)) / 2
"""What is nearer to one person's colour is nearer to nobody else's. Greys and a decoder's green of zeros are so far."""


def whose(colour: Colour | None) -> str | None:
    """The name of the person whose picture has this colour, whatever a codec has done to its first frame, or None."""
    return next((person.name for person in EVERYBODY if colour and dist(colour, person.colour) < FAR), None)


async def come(visit: Visit, url: str, person: Person, senses: Senses | None = None, **context: Any) -> Guest:
    """Follow an invite link, join, and be in the room with sound and picture."""
    guest = await visit(url, senses or person.senses, **context)
    await guest.join(person.name)
    await is_in(guest)
    return guest


async def waits(visit: Visit, url: str, person: Person) -> Guest:
    """Follow an invite link, knock, and be made to wait."""
    guest = await visit(url, person.senses)
    await guest.join(person.name)
    await reads(guest, "Waiting to be let in")
    return guest


async def come_as_host(visit: Visit, host_url: str, person: Person) -> Guest:
    """Follow the host's link: it asks for a login first, and goes on to the meeting after it."""
    host = await visit(host_url, person.senses)
    await log_in(host)
    await expect(host.page).to_have_url(host_url)
    await host.join(person.name)
    await is_in(host)
    return host


async def log_in(host: Guest) -> None:
    """Log in at the page that asks for it."""
    await host.page.get_by_test_id("username").fill(ADMIN_USER)
    await host.page.get_by_test_id("password").fill(ADMIN_PASSWORD)
    await host.press("log-in")


async def is_in(guest: Guest) -> None:
    """Wait until somebody is in the room and their media flow."""
    await guest.page.locator("conf-meeting[data-phase=connected]").wait_for()


async def hears(guest: Guest, *people: Person) -> None:
    """Wait until exactly these are heard, as loud as they speak, and of all others nothing."""

    async def does() -> bool:
        meter = await guest.hear()
        return all(_is_heard(meter, person.hz, person in people) for person in EVERYBODY)

    await guest.until(does, f"sound of exactly {[person.name for person in people]}")


async def hears_tone(guest: Guest, hz: float, *, is_heard: bool = True) -> None:
    """Wait until a tone is heard as loud as it was sent, or not at all."""

    async def does() -> bool:
        return _is_heard(await guest.hear(), hz, is_heard)

    await guest.until(does, f"{'tone' if is_heard else 'silence'} at {hz:g} Hz")


async def sees(guest: Guest, *people: Person) -> None:
    """Wait until there are pictures of exactly these, each under its name."""

    async def does() -> bool:
        seen = await guest.seen()
        return seen.keys() == {person.name for person in people} and all(
            whose(colour) == name for name, colour in seen.items()
        )

    await guest.until(does, f"pictures of exactly {[person.name for person in people]}")


async def has_mistaken_nobody(guest: Guest) -> None:
    """Of all that was seen so far, no picture had another's name."""
    wrong = [tile for tile in await guest.sightings() if tile.colour and whose(tile.colour) != tile.name]
    assert not wrong, f"pictures under another's name: {wrong}"


async def lists(guest: Guest, *names: str, within_s: float = LIMIT_S) -> None:
    """Wait until the open list of people has exactly these names, in the order of their coming."""
    people = guest.page.locator("[data-testid=person] .person-name")
    await expect(people).to_have_text(list(names), timeout=within_s * 1000)


async def watch_list(guest: Guest, *names: str) -> None:
    """Open the list of people, and note whoever is in it from the moment in which these are."""
    await guest.press("toolbar-people")
    await lists(guest, *names)
    await guest.page.evaluate(WATCH_LIST)


async def has_always_listed(guest: Guest, *names: str) -> None:
    """Since the list is watched, exactly these were in it at every moment, and nothing was said of anybody."""
    assert await guest.page.evaluate("listsSeen") == [list(names)]
    assert await guest.page.evaluate("noticesSeen") == []


async def watch_door(guest: Guest) -> None:
    """Note from now on what the page says while it lets nobody press Join."""
    await guest.page.get_by_test_id("join").evaluate(WATCH_DOOR)


async def was_held_back(guest: Guest, words: str) -> None:
    """Wait until the door has said this to somebody who could not knock, and then until they may again."""

    async def has_been_said() -> bool:
        return bool(await guest.page.evaluate("words => heldBackWith.some(text => text.includes(words))", words))

    await guest.until(has_been_said, f"wait with the words {words!r}")
    await expect(guest.page.get_by_test_id("join")).to_be_enabled()


async def misses(guest: Guest, count: int) -> None:
    """Wait until exactly so many tiles say that somebody is reconnecting."""
    await expect(guest.page.locator("conf-tile:visible .away:visible")).to_have_count(count)


async def crash(guest: Guest) -> None:
    """Kill the process that shows the page, so that none of its scripts can say goodbye."""
    async with guest.page.expect_event("crash"):
        with pytest.raises(Error):
            await guest.open("chrome://crash")


async def reads(guest: Guest, words: str) -> None:
    """Wait until the page says this in its heading."""
    await expect(guest.page.get_by_role("heading", level=1)).to_contain_text(words)


def _is_heard(meter: ToneMeter, hz: float, wanted: bool) -> bool:
    """Whether a tone is as it should be: there at its level, or not there at all."""
    above_sent_db = meter.dbov(hz) - SENT_DBOV
    return abs(above_sent_db) <= HEARD_DB if wanted else above_sent_db <= -UNHEARD_DB
