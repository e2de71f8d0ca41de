"""Many guests on one schedule: each is asked for its packets every 20 ms, in turns spread evenly over that time.

It decides nothing about a guest. A turn that comes late is made up at once, and counted.
"""

import asyncio
from time import monotonic

import aiohttp

from benches.load.guest import Guest, JoinTimes
from benches.load.invitation import Invitation
from benches.load.microphone import MicrophoneState, make_sounds
from benches.load.pictures import Clip
from mixer.transport.certificate import Certificate

TICK_S = 0.020
TURNS = 9
"""Odd, so that every other guest still has a turn of its own."""
TURN_S = TICK_S / TURNS
LATE_S = 0.005
"""Later than this, the load itself may be what a figure shows."""


class Crowd:
    """Guests who share one HTTP session, one certificate and one schedule; `async with` opens and closes it.

    `guests` are those who joined, in order; guest number n ticks in turn n % TURNS.
    """

    def __init__(self) -> None:
        self.guests: list[Guest] = []
        self.late_turns = 0
        self._certificate = Certificate()
        self._http = aiohttp.ClientSession()
        self._schedule: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Crowd":
        make_sounds()
        self._schedule = asyncio.create_task(self._keep_schedule())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.disperse()
        if self._schedule is not None:
            self._schedule.cancel()
            await asyncio.gather(self._schedule, return_exceptions=True)
        await self._http.close()

    async def join(
        self, invitation: Invitation, name: str, clip: Clip | None = None, *, waits_for_sound: bool = False
    ) -> JoinTimes:
        """One more guest, with a muted microphone. Raises JoinError, and nobody has joined."""
        guest = Guest(name, self._certificate, clip)
        guest.microphone.switch(MicrophoneState.MUTED)
        self.guests.append(guest)
        try:
            return await guest.join(self._http, invitation, waits_for_sound=waits_for_sound)
        except BaseException:
            self.guests.remove(guest)
            await guest.leave()
            raise

    async def disperse(self) -> None:
        """All leave."""
        leaving, self.guests = self.guests, []
        await asyncio.gather(*(guest.leave() for guest in leaving))

    async def _keep_schedule(self) -> None:
        due_at = monotonic()
        turn = 0
        while True:
            due_at += TURN_S
            delay_s = due_at - monotonic()
            self.late_turns += delay_s < -LATE_S
            await asyncio.sleep(max(0.0, delay_s))
            now = monotonic()
            for guest in self.guests[turn::TURNS]:
                guest.tick(now)
            turn = (turn + 1) % TURNS
