"""A few meetings with people who come, talk and go, and hosts who make, change, lock and delete them, all at random.

It notes in a ledger what the server promised, and judges nothing (`tests.crashes.inquest`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic

import aiohttp

from mixer.transport.certificate import Certificate
from tests.crashes.ledger import Ledger
from tests.crashes.visitor import Refused, Visitor
from tests.peers.daemon import Daemon

MOST_MEETINGS = 5
MOST_VISITORS = 10
TALK_PACKETS = 5
PACKET_S = 0.02
GONE = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError, TimeoutError)
"""What a client sees of a server that was killed."""

Action = Callable[[], Awaitable[None]]


@dataclass
class Meeting:
    """One that exists, or may: `id` and `access_key` are known once somebody has read it."""

    subject: str
    id: str
    access_key: str
    visitors: list[Visitor] = field(default_factory=list)
    removed: list[Visitor] = field(default_factory=list)


class Life:
    """`go_on` until told to stop or the server is gone; `meetings` and `ledger` tell what ought to be."""

    def __init__(self, daemon: Daemon, http: aiohttp.ClientSession, random: Random) -> None:
        self.daemon = daemon
        self.ledger = Ledger()
        self.meetings: list[Meeting] = []
        self._http = http
        self._random = random
        self._certificate = Certificate()
        self._made = 0
        self._visitors_made = 0
        self._stop = False
        self._actions: list[Action] = [
            *[self._talk] * 8,
            *[self._join] * 6,
            *[self._mute] * 4,
            *[self._lock] * 3,
            *[self._leave, self._change, self._make] * 2,
            *[self._remove, self._delete],
        ]

    @property
    def visitors(self) -> list[Visitor]:
        """Everybody who is in a room."""
        return [visitor for meeting in self.meetings for visitor in meeting.visitors]

    async def begin(self) -> None:
        """Two meetings and somebody in each, so that a crash finds something to break."""
        for _ in range(2):
            await self._make()
            await self._join_meeting(self.meetings[-1])

    async def go_on(self) -> None:
        """One thing after another until `stop`, or until the server does not answer."""
        self._stop = False
        try:
            while not self._stop:
                await self._random.choice(self._actions)()
        except GONE:
            return

    def stop(self) -> None:
        """After what is being done now."""
        self._stop = True

    def new_visitor(self, meeting: Meeting) -> Visitor:
        """Somebody who has the link and has not used it yet."""
        self._visitors_made += 1
        return Visitor(self._http, self._certificate, meeting.access_key, f"Visitor {self._visitors_made}")

    def seated(self, visitor: Visitor) -> None:
        """Note what a welcome promises."""
        for kind in ("muted", "removed", "seated"):
            self.ledger.settle((kind, visitor.seat_id), False)
        self.ledger.ask(("seated", visitor.seat_id), True).acknowledged_at = visitor.seated_at

    def gone(self, seat_id: str) -> None:
        """Nothing is promised to this seat any more."""
        for kind in ("muted", "removed", "seated"):
            self.ledger.forget((kind, seat_id))

    async def close_meeting(self, meeting: Meeting) -> None:
        """It does not exist any more; everybody hangs up."""
        for visitor in (*meeting.visitors, *meeting.removed):
            self.gone(visitor.seat_id)
            await visitor.vanish()

    async def close(self) -> None:
        """Everybody hangs up."""
        for meeting in self.meetings:
            await self.close_meeting(meeting)

    async def _promised(self, key: tuple[str, str], value: object, path: str, **body: object) -> None:
        entry = self.ledger.ask(key, value)
        await self.daemon.call("POST", f"/user/meetings/{path}", body or None)
        entry.acknowledged_at = monotonic()

    async def _make(self) -> None:
        if len(self.meetings) >= MOST_MEETINGS:
            return
        self._made += 1
        subject = f"Meeting {self._made}"
        self.ledger.settle(("exists", subject), False)
        entry = self.ledger.ask(("exists", subject), True)
        created = await self.daemon.create_meeting(subject=subject, mode="AUDIO", room_pin=None, capacity=9)
        entry.acknowledged_at = monotonic()
        self.ledger.settle(("locked", created["id"]), False)
        self.ledger.settle(("capacity", created["id"]), 9)
        self.meetings.append(Meeting(subject, created["id"], created["access_key"]))

    async def _change(self) -> None:
        meeting = self._random.choice(self.meetings)
        capacity = self._random.randint(50, 200)
        await self._promised(("capacity", meeting.id), capacity, meeting.id, capacity=capacity)

    async def _delete(self) -> None:
        if len(self.meetings) > 2:
            meeting = self._random.choice(self.meetings)
            await self._promised(("exists", meeting.subject), False, f"{meeting.id}/destroy")
            self.meetings.remove(meeting)
            await self.close_meeting(meeting)

    async def _lock(self) -> None:
        meeting = self._random.choice(self.meetings)
        is_locked = self._random.random() < 0.5
        await self._promised(("locked", meeting.id), is_locked, f"{meeting.id}/{'lock' if is_locked else 'unlock'}")

    async def _join(self) -> None:
        if len(self.visitors) < MOST_VISITORS:
            await self._join_meeting(self._random.choice(self.meetings))

    async def _join_meeting(self, meeting: Meeting) -> None:
        visitor = self.new_visitor(meeting)
        try:
            await visitor.enter()
        except Refused as refusal:
            if refusal.reason not in {"locked", "full"}:
                raise
            return
        meeting.visitors.append(visitor)
        self.seated(visitor)
        await visitor.connect()

    async def _talk(self) -> None:
        for _ in range(TALK_PACKETS):
            for visitor in self.visitors:
                visitor.talk()
            await asyncio.sleep(PACKET_S)

    async def _leave(self) -> None:
        meeting = self._random.choice(self.meetings)
        if len(meeting.visitors) > 1:
            visitor = meeting.visitors.pop()
            self.gone(visitor.seat_id)
            await visitor.leave()

    async def _mute(self) -> None:
        meeting = self._random.choice(self.meetings)
        if meeting.visitors:
            seat_id = self._random.choice(meeting.visitors).seat_id
            is_muted = self._random.random() < 0.5
            path = f"{meeting.id}/participants/{seat_id}/{'mute' if is_muted else 'unmute'}"
            await self._promised(("muted", seat_id), is_muted, path)

    async def _remove(self) -> None:
        meeting = self._random.choice(self.meetings)
        if len(meeting.visitors) > 1:
            visitor = self._random.choice(meeting.visitors)
            path = f"{meeting.id}/participants/{visitor.seat_id}/destroy"
            await self._promised(("removed", visitor.seat_id), True, path)
            meeting.visitors.remove(visitor)
            meeting.removed.append(visitor)
