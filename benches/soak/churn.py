"""Guests who come and go: one joins, and the one who has been there longest leaves or vanishes.

They speak in turns. It measures nothing.
"""

import asyncio
from collections import deque

from benches.load.crowd import Crowd
from benches.load.guest import Guest
from benches.load.invitation import Invitation
from benches.load.microphone import MicrophoneState
from tests.peers.daemon import Daemon

VANISH_EVERY = 10
"""So many leave before one goes without a word, as a browser does that crashes."""
MEETING_JOINS = 100
"""So many join a meeting before it is deleted and another one takes its place."""


class Churn:
    """`meetings` meetings at a time, `people` people in all of them together. `joins` counts those who came."""

    def __init__(self, daemon: Daemon, crowd: Crowd, meetings: int, people: int) -> None:
        self.joins = 0
        self._daemon = daemon
        self._crowd = crowd
        self._people = people
        self._wanted = meetings
        self._meetings: deque[tuple[str, Invitation]] = deque()
        self._speaker: Guest | None = None

    async def step(self, *, may_vanish: bool = True) -> None:
        """One joins; when that makes too many, one goes, now and then without a word. Raises JoinError."""
        self.joins += 1
        await self._renew_meetings()
        self._meetings.rotate(1)
        _, invitation = self._meetings[0]
        await self._crowd.join(invitation, f"Guest {self.joins}")
        self._speak(self._crowd.guests[-1])
        if len(self._crowd.guests) > self._people:
            leaver = self._crowd.guests.pop(0)
            is_crash = may_vanish and self.joins % VANISH_EVERY == 0
            await (leaver.vanish() if is_crash else leaver.leave())

    async def end(self) -> None:
        """All leave, all meetings are deleted."""
        await self._crowd.disperse()
        while self._meetings:
            await self._delete(self._meetings.popleft()[0])

    async def _renew_meetings(self) -> None:
        if self.joins % MEETING_JOINS == 0 and len(self._meetings) == self._wanted:
            await self._delete(self._meetings.pop()[0])
        while len(self._meetings) < self._wanted:
            meeting = await self._daemon.create_meeting(subject="A soak", mode="VIDEO", capacity=200)
            self._meetings.append((str(meeting["id"]), Invitation.from_url(str(meeting["invite_url"]))))

    async def _delete(self, meeting_id: str) -> None:
        await self._daemon.call("POST", f"/user/meetings/{meeting_id}/destroy")
        # Whoever was in it is told to go; their ends are ours to close.
        await asyncio.sleep(0)
        for guest in [guest for guest in self._crowd.guests if not guest.is_seated]:
            self._crowd.guests.remove(guest)
            await guest.leave()

    def _speak(self, guest: Guest) -> None:
        if self._speaker is not None:
            self._speaker.microphone.switch(MicrophoneState.MUTED)
        guest.microphone.switch(MicrophoneState.SPEAKING)
        self._speaker = guest
