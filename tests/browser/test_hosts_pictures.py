"""What a host's page does to pictures, seen by another guest: cameras, cells, how many there are."""

import pytest

from tests.browser.company import ADA, BEN, CLEO, DAN, come, come_as_host, sees
from tests.browser.conftest import Visit
from tests.browser.hosts import choose, lay_out, place, shows_first, three_of_them
from tests.peers.daemon import Daemon


@pytest.mark.timeout(180)
async def test_a_camera_is_stopped_and_allowed_again(daemon: Daemon, visit: Visit) -> None:
    _, host, ben, cleo = await three_of_them(daemon, visit)
    await sees(cleo, ADA, BEN)
    await host.press("toolbar-people")
    await choose(host, BEN, "stop_camera")
    await ben.is_told("A host has stopped your camera")
    await sees(cleo, ADA)
    await ben.page.keyboard.press("v")
    await ben.is_told("Only a host can allow it again")
    await sees(cleo, ADA)
    await choose(host, BEN, "allow_camera")
    await ben.is_told("You may start your camera again")
    await sees(cleo, ADA)
    await ben.page.keyboard.press("v")
    await sees(cleo, ADA, BEN)


@pytest.mark.timeout(180)
async def test_cells_are_given_taken_and_counted(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting()
    url = meeting["invite_url"]
    host = await come_as_host(visit, meeting["host_url"], ADA)
    await come(visit, url, BEN)
    cleo = await come(visit, url, CLEO)
    await come(visit, url, DAN)
    await sees(cleo, ADA, BEN, DAN)
    await host.press("toolbar-people")
    for first in (DAN, BEN):
        await place(host, first, "0")
        await shows_first(cleo, first)
    await place(host, DAN, "-1")
    await sees(cleo, ADA, BEN)
    await sees(host, BEN, CLEO)
    await lay_out(host, "LAYOUT1")
    await sees(cleo, BEN)
    await lay_out(host, "LAYOUT9")
    await sees(cleo, ADA, BEN)
    await place(host, DAN, "")
    await sees(cleo, ADA, BEN, DAN)
    await choose(host, DAN, "spotlight")
    await shows_first(cleo, DAN)
    await choose(host, DAN, "end_spotlight")
    await shows_first(cleo, BEN)
