"""Real Chromium, real daemon, three people by invite link: each hears and sees exactly the other two."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.guest import Guest, Senses, Voice
from tests.peers.daemon import Daemon
from tests.peers.tracks import Colour, looks_like

SENT_DBOV = -20.0
PEOPLE: dict[str, tuple[float, Colour]] = {
    "Ada": (500, (200, 40, 40)),
    "Ben": (900, (40, 180, 40)),
    "Cleo": (1700, (40, 40, 200)),
}


async def _arrive(visit: Visit, url: str, name: str, pin: str = "") -> Guest:
    hz, colour = PEOPLE[name]
    guest = await visit(url, Senses({"headset": Voice(hz, SENT_DBOV)}, {"webcam": colour}))
    await guest.join(name, pin)
    return guest


@pytest.mark.timeout(180)
async def test_three_people_meet(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(capacity=3)
    guests = {name: await _arrive(visit, meeting["invite_url"], name) for name in PEOPLE}

    for name, guest in guests.items():
        others = {other: PEOPLE[other] for other in PEOPLE if other != name}

        async def hears_the_others(guest: Guest = guest, others: dict[str, tuple[float, Colour]] = others) -> bool:
            meter = await guest.hear()
            return all(abs(meter.dbov(hz) - SENT_DBOV) <= 3 for hz, _ in others.values())

        async def sees_the_others(guest: Guest = guest, others: dict[str, tuple[float, Colour]] = others) -> bool:
            seen = await guest.seen()
            return seen.keys() == others.keys() and all(
                looks_like(seen[other], colour) for other, (_, colour) in others.items()
            )

        await guest.until(hears_the_others, f"sound of the others at {name}'s")
        assert await guest.heard(PEOPLE[name][0]) < SENT_DBOV - 40
        await guest.until(sees_the_others, f"pictures of the others at {name}'s")

    for guest in guests.values():
        for tile in await guest.sightings():
            assert tile.colour is None or looks_like(tile.colour, PEOPLE[tile.name][1]), tile
