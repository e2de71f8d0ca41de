"""A room with one rule for each thing a door may meet, and a memory of what was asked of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from mixer.params import Purpose
from signaling.commands import Command, Lock, Remove
from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import Knock, Look, ParticipantView, SeatListener, Waiting, Welcome

ADA = ParticipantView("p1", "Ada", "host", False, False, True, False)
WELCOME = Welcome("p1", "host", "Weekly", 4, False, "FREE", 9, (ADA,), "seat-token", True, False)
WAITING = Waiting("w1", "host_must_admit", "Weekly", "Ada", Look(), "seat-token")


class FakeSeat:
    """Answers an offer when `may_answer` is set; removes nobody but `p2`; breaks when locked.

    `gone`: how its holder first went: `left`, `going away` or `lost`.
    """

    participant_id = "p1"
    welcome = WELCOME

    def __init__(self, listener: SeatListener) -> None:
        self.listener = listener
        self.asked: list[tuple[Any, ...]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def negotiate(self, offer_sdp: str, lines: Mapping[str, Purpose], is_new: bool) -> str:
        self.asked.append(("negotiate", dict(lines), is_new))
        await self.may_answer.wait()
        if not offer_sdp.startswith("v=0"):
            raise RequestError("bad_sdp", "a description starts with v=0")
        return "v=0\r\nanswer"

    def obey(self, command: Command) -> None:
        match command:
            case Remove() if command.participant_id != "p2":
                raise RequestError("no_such_participant", "There is no such participant in this meeting.")
            case Lock():
                raise ZeroDivisionError
        wanted = command.model_dump(exclude_none=True)
        self.asked.append((wanted.pop("type"), wanted))

    def leave(self) -> None:
        self._go("left")

    def disconnect(self, is_going_away: bool) -> None:
        self._go("going away" if is_going_away else "lost")

    def _go(self, how: str) -> None:
        if not self.gone.done():
            self.gone.set_result(how)


class FakeDoor:
    """Lets in whoever has the PIN 1234; keeps whoever has none waiting until `may_enter` is set."""

    def __init__(self) -> None:
        self.knocks: list[Knock] = []
        self.seats: list[FakeSeat] = []
        self.may_enter = asyncio.Event()

    async def enter(self, knock: Knock, listener: SeatListener) -> None:
        self.knocks.append(knock)
        if knock.pin is None:
            await self.may_enter.wait()
        elif knock.pin != "1234":
            raise Refused(RefusalReason.WRONG_PIN, 1.5)
        seat = FakeSeat(listener)
        self.seats.append(seat)
        listener.admitted(seat)
