"""Four people and two cells: who speaks gets a slot, quickly, and nobody is ever seen under another's name."""

from dataclasses import replace
from statistics import median

import pytest
from playwright.async_api import expect

from tests.browser.company import ADA, BEN, CLEO, DAN, Person, come, has_mistaken_nobody, is_in, sees, whose
from tests.browser.conftest import Visit
from tests.browser.guest import Guest, Tile
from tests.peers.daemon import Daemon

pytestmark = pytest.mark.alone

SHOWN_WITHIN_MS = 500.0
"""From the server's word that a slot carries another's picture until that picture is on screen under its name."""

# Notes when the server says who is in the slots, by the clock of the sightings.
LISTEN_IN = """() => {
  window.told = [];
  window.WebSocket = class extends WebSocket {
    constructor(...wish) {
      super(...wish);
      this.addEventListener("message", ({ data }) => {
        const { type, slots } = JSON.parse(data);
        if (type === "slots") told.push({ at_ms: performance.now(), ids: slots.map(slot => slot.participant_id) });
      });
    }
  };
}"""


async def watch(visit: Visit, url: str, person: Person) -> Guest:
    """Join as somebody who keeps an eye on the server's words as well."""
    guest = await visit(url, person.senses)
    await guest.page.evaluate(LISTEN_IN)
    await guest.join(person.name)
    await is_in(guest)
    return guest


async def switched_within_ms(viewer: Guest, speaker: Guest, person: Person) -> float:
    """Let somebody out of view speak until they are seen: how long after the server had said so."""
    before_ms = await viewer.page.evaluate("performance.now()")
    await speaker.speak("headset", is_speaking=True)

    async def sighting() -> Tile | None:
        """The first since then in which they are seen under their name."""
        new = (tile for tile in await viewer.sightings() if (tile.at_ms or 0) > before_ms and tile.picture == "live")
        return next((tile for tile in new if tile.name == whose(tile.colour) == person.name), None)

    await viewer.until(sighting, f"picture of {person.name}, who speaks")
    await speaker.speak("headset", is_speaking=False)
    shown = await sighting()
    assert shown
    assert shown.at_ms
    told = await viewer.page.evaluate("told")
    told_ms = next(word["at_ms"] for word in told if word["at_ms"] > before_ms and shown.participant_id in word["ids"])
    return shown.at_ms - float(told_ms)


@pytest.mark.timeout(180)
async def test_who_speaks_gets_a_slot_at_once_and_under_the_right_name(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting(layout="LAYOUT2"))["invite_url"]
    silent = [replace(person, is_talking=False) for person in (ADA, BEN, CLEO, DAN)]
    viewer = await watch(visit, url, silent[0])
    others = {person.name: await come(visit, url, person) for person in silent[1:]}
    guests = [viewer, *others.values()]

    await sees(viewer, BEN, CLEO)
    for guest in guests:
        await expect(guest.page.locator("conf-tile:visible")).to_have_count(2)

    took_ms: list[float] = []
    for _ in range(2):
        await expect(viewer.page.locator("conf-tile.is-speaking:visible")).to_have_count(0)
        # Each is out of view when they begin, and in their turn nobody of those who spoke before comes first.
        took_ms += [await switched_within_ms(viewer, others[person.name], person) for person in (DAN, CLEO, BEN)]
    assert median(took_ms) <= SHOWN_WITHIN_MS, took_ms

    for guest in guests:
        await expect(guest.page.locator("conf-tile:visible")).to_have_count(2)
        await has_mistaken_nobody(guest)
