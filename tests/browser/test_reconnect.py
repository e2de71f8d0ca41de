"""Those who vanish leave no ghost, and those who stay come back by themselves when a part of the server dies."""

import os
import signal
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.browser.company import ADA, BEN, CLEO, DAN, come, crash, hears, is_in, lists, misses, sees
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon, running_daemon

pytestmark = pytest.mark.alone

CLOSED_GONE_WITHIN_S = 8.0
CRASHED_GONE_WITHIN_S = 25.0


async def has_new_sound(guest: Guest) -> bool:
    """Whether the sound is that of another peer connection than the one noted as `soundBefore`."""
    return bool(await guest.page.evaluate("document.querySelector('audio').srcObject !== soundBefore"))


@pytest.mark.timeout(180)
async def test_closed_and_crashed_tabs_leave_no_ghosts(daemon: Daemon, visit: Visit) -> None:
    url = (await daemon.create_meeting(capacity=3))["invite_url"]
    ada, ben, cleo = [await come(visit, url, person) for person in (ADA, BEN, CLEO)]
    await ada.page.keyboard.press("p")
    await hears(ada, BEN, CLEO)
    await sees(ada, BEN, CLEO)

    await ben.page.close()
    await lists(ada, ADA.name, CLEO.name, within_s=CLOSED_GONE_WITHIN_S)
    await hears(ada, CLEO)
    await sees(ada, CLEO)

    await crash(cleo)
    await misses(ada, 1)
    await lists(ada, ADA.name, within_s=CRASHED_GONE_WITHIN_S)
    await hears(ada)
    await sees(ada)
    await come(visit, url, DAN)
    await hears(ada, DAN)
    await sees(ada, DAN)


@pytest.mark.timeout(180)
async def test_all_come_back_when_the_media_worker_dies(tmp_path: Path, visit: Visit) -> None:
    with running_daemon(tmp_path) as daemon:
        url = (await daemon.create_meeting())["invite_url"]
        people = (ADA, BEN, CLEO)
        guests = {person: await come(visit, url, person) for person in people}
        for person, guest in guests.items():
            await hears(guest, *(other for other in people if other is not person))
            await guest.page.evaluate("window.soundBefore = document.querySelector('audio').srcObject")

        (worker,) = psutil.Process(daemon.process.pid).children()
        os.kill(worker.pid, signal.SIGKILL)

        for person, guest in guests.items():
            others = [other for other in people if other is not person]
            await guest.until(partial(has_new_sound, guest), "sound of a new peer connection")
            await is_in(guest)
            await hears(guest, *others)
            await sees(guest, *others)
            await guest.page.keyboard.press("p")
            await lists(guest, *(one.name for one in people))
