"""Ada at a browser and Bob without one talk all the time, so that every pause is noticed; how long it was."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.browser.company import ADA, SENT_DBOV
from tests.browser.guest import Guest
from tests.peers.meeting_client import MeetingClient
from tests.peers.tone import Tone

BOB = Tone(1000.0, SENT_DBOV)


class Conversation:
    """Ada in her browser and Bob; each speaks all the time."""

    def __init__(self, ada: Guest, bob: MeetingClient) -> None:
        self._ada, self._bob = ada, bob

    async def hears(self) -> bool:
        """Whether Ada hears Bob as loud as he speaks."""
        return abs(await self._ada.heard(BOB.hz) - SENT_DBOV) <= 3

    async def is_heard(self) -> bool:
        """Whether Bob hears Ada."""
        return abs(self._bob.heard(ADA.hz) - SENT_DBOV) <= 3

    async def goes_on(self) -> None:
        for does, what in ((self.hears, "Bob's voice"), (self.is_heard, "Ada's voice")):
            await self._ada.until(does, what)

    async def pauses(self) -> tuple[float, float]:
        """From now, seconds until Ada is heard again, and until she hears again; both stop first."""
        began_at = time.monotonic()

        async def until_again(does: Callable[[], Awaitable[bool]]) -> float:
            async def does_not() -> bool:
                return not await does()

            await self._ada.until(does_not, "silence")
            await self._ada.until(does, "voice")
            return time.monotonic() - began_at

        heard_s, hears_s = await asyncio.gather(until_again(self.is_heard), until_again(self.hears))
        return heard_s, hears_s
