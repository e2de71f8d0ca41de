"""What people write to one another, and the signs they show: bounded, and to nobody whom it does not concern.

It is plain text, kept in memory while the room lasts and nowhere else; whether events of it are stored is decided by
who listens to them.
"""

import time
from collections import deque
from collections.abc import Callable

from confserver.errors import TooManyRequests
from confserver.http.pace import Pace
from confserver.rooms.actor import Actor
from confserver.rooms.participant import Participant
from signaling.errors import RequestError
from signaling.ports import ChatMessage

MOST_MESSAGES = 100
PER_S, AT_ONCE = 5.0, 20
"""Of one person, messages and signs and hands together: each goes to everybody."""


class ChatLog:
    """The last messages of a room, and how much each person may still say. Ids count up from 1.

    `clock` gives Unix seconds, `monotonic` seconds that never jump.
    """

    def __init__(self, clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.next_id = 1
        self._clock = clock
        self._monotonic = monotonic
        self._messages: deque[ChatMessage] = deque(maxlen=MOST_MESSAGES)
        self._pace = Pace(PER_S, AT_ONCE)

    def take_turn(self, actor: Actor) -> None:
        """Somebody wants everybody's attention. Raises RequestError `too_many`."""
        try:
            self._pace.take(actor.id, self._monotonic())
        except TooManyRequests:
            raise RequestError("too_many", "Too many messages; please wait a moment.") from None

    def note(self, actor: Actor, to_id: str | None, text: str) -> ChatMessage:
        """A message as it will be told; one of the API is from nobody who is in, under the name of who asked."""
        from_id = actor.id if actor.kind == "participant" else ""
        message = ChatMessage(self.next_id, from_id, actor.name, to_id, text, self._clock())
        self.next_id += 1
        self._messages.append(message)
        return message

    def of(self, participant: Participant) -> tuple[ChatMessage, ...]:
        """What they were party to since they came in."""
        own = participant.participant_id
        return tuple(
            message
            for message in self._messages
            if message.id >= participant.chat_from
            and (message.to_id is None or own in (message.from_id, message.to_id))
        )
