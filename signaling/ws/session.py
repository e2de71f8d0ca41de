"""One browser's connection, without a socket, a clock or a room.

Texts and times go in; accepted requests, frames to send, a closing and the next deadline come out. The handler performs
the requests in their order and reports what came of them.
"""

from collections import deque
from collections.abc import Mapping

from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import EndReason, RoomMessage, Waiting, Welcome
from signaling.ws.messages import (
    Answer,
    ClientMessage,
    Ended,
    ErrorMessage,
    Join,
    Leave,
    MessageError,
    Offer,
    Refusal,
    parse_message,
    render,
    render_shared,
)
from signaling.ws.rate_limit import RateLimit
from signaling.ws.states import CLOSINGS, TABLE, Action, Closing, Input, State

PING_EVERY_S = 5.0
SILENCE_LIMIT_S = 10.0
JOIN_LIMIT_S = 10.0
RETRY_LIMIT_S = 300.0
"""Somebody who was refused may have to look for the PIN, or to wait for the host."""

LASTING_REFUSALS = frozenset(
    {
        RefusalReason.NOT_FOUND,
        RefusalReason.NOT_ALLOWED,
        RefusalReason.REMOVED,
        RefusalReason.ENDED,
        RefusalReason.CANCELLED,
    }
)
"""Nothing that a person could look for mends them: the next `join` comes as soon as the first or not at all."""

INPUTS: Mapping[type[ClientMessage], Input] = {Join: Input.JOIN, Offer: Input.OFFER, Leave: Input.LEAVE}
"""Everything else is a command."""

NOT_YET_SEATED = frozenset({State.KNOCKING, State.WAITING})
MAX_REFUSALS = 10
MAX_OUTBOX = 256
MAX_INBOX = 32
"""Requests that wait for one that takes time; each may be an offer of half a megabyte."""

MESSAGES_PER_S = 50.0
MESSAGE_BURST = 100.0
SURPLUS_PER_S = 10.0
SURPLUS_BURST = 50.0
"""Pings and pongs, of which nobody needs many, and messages beyond their limit: who goes on with them is closed."""

ORDINARY_LENGTH = 16 * 1024
"""A longer message counts for as many as fit into it: to read half a megabyte of JSON takes 30 ms."""

OFFER_COST = 5.0
"""An offer counts for so many more: the daemon and the media worker read it and may build a peer connection for it."""


class Ping:
    """A ping of the WebSocket layer, where a text would be."""


PING = Ping()


class Session:
    """All times are monotonic seconds. `closing` is set once; then `next_frame` gives what is still to be said."""

    def __init__(self, now: float) -> None:
        self.state = State.CONNECTED
        self.closing: Closing | None = None
        self._inbox: deque[ClientMessage] = deque()
        self._outbox: deque[str | Ping] = deque()
        self._early: deque[str] = deque()
        self._refusals = 0
        self._heard_at = now
        self._ping_at = now + PING_EVERY_S
        self._join_by = now + JOIN_LIMIT_S
        self._limit = RateLimit(MESSAGES_PER_S, MESSAGE_BURST, now)
        self._surplus = RateLimit(SURPLUS_PER_S, SURPLUS_BURST, now)

    @property
    def deadline(self) -> float:
        """When `tick` wants to be called."""
        deadlines = [self._ping_at, self._heard_at + SILENCE_LIMIT_S]
        return min([*deadlines, self._join_by] if self.state is State.CONNECTED else deadlines)

    def tick(self, now: float) -> None:
        """Heartbeat and time limits."""
        if now >= self._heard_at + SILENCE_LIMIT_S:
            self.close(Closing.SLOW)
        elif self.state is State.CONNECTED and now >= self._join_by:
            self.close(Closing.PROTOCOL)
        if now >= self._ping_at and self.closing is None:
            self._ping_at = now + PING_EVERY_S
            self._outbox.append(PING)

    def hear(self, now: float) -> None:
        """A ping or pong from the client."""
        self._heard_at = now
        self._bear(now)

    def receive(self, text: str, now: float) -> None:
        """A text from the client."""
        self._heard_at = now
        if not self._limit.allows(now, max(1.0, len(text) / ORDINARY_LENGTH)):
            self._exceed(now)
            return
        try:
            message = parse_message(text)
        except MessageError as error:
            self._complain(error.error)
            if not error.is_message:
                self.close(Closing.PROTOCOL)
            return
        if isinstance(message, Offer) and not self._limit.allows(now, OFFER_COST):
            self._exceed(now)
            return
        self._take(message)

    def receive_binary(self) -> None:
        """The client sent bytes, which mean nothing here."""
        self._complain(ErrorMessage("bad_message", "Messages are text."))
        self.close(Closing.PROTOCOL)

    def seated(self, welcome: Welcome) -> None:
        """The outcome of a `join`: a seat."""
        if self._step(Input.SEATED) is Action.WELCOME:
            self._send(render(welcome))
            self._outbox.extend(self._early)
            self._early.clear()

    def made_to_wait(self, waiting: Waiting) -> None:
        """The outcome of a `join`: a place in the waiting room."""
        if self._step(Input.MADE_TO_WAIT) is Action.ANNOUNCE:
            self._send(render(waiting))

    def refused(self, refused: Refused, now: float) -> None:
        """The outcome of a `join`: none."""
        self._refusals += 1
        self._join_by = now + (JOIN_LIMIT_S if refused.reason in LASTING_REFUSALS else RETRY_LIMIT_S)
        is_last = self._refusals >= MAX_REFUSALS
        if self._step(Input.REFUSED_TOO_OFTEN if is_last else Input.REFUSED) is Action.REFUSE:
            self._send(render(Refusal(refused.reason, refused.retry_after_s, refused.word)))
            self._early.clear()
            self._inbox.clear()  # what they asked of their place in the waiting room, which is gone
            self.closing = Closing.REFUSED if is_last else None

    def answered(self, offer: Offer, sdp: str) -> None:
        """The outcome of an `offer`."""
        self._send(render(Answer(offer.id, sdp)))

    def failed(self, request: ClientMessage, error: RequestError) -> None:
        """The outcome of any request that the room does not grant."""
        request_id = request.id if isinstance(request, Offer) else None
        self._complain(ErrorMessage(error.code, error.message, request.type, request_id))

    def notify(self, message: RoomMessage) -> None:
        """What the room tells the client; it waits for the welcome when the seat is not yet known here."""
        self._queue(render_shared(message), self._early if self.state in NOT_YET_SEATED else self._outbox)

    def end(self, reason: EndReason) -> None:
        """The room closes the seat."""
        self._send(render(Ended(reason)))
        self.close(CLOSINGS[reason])

    def close(self, closing: Closing) -> None:
        """Without effect when it is closed already."""
        if self._step(Input.CLOSE) is Action.CLOSE:
            self._close(closing)

    def next_request(self) -> ClientMessage | None:
        """What the client asked for and may, in its order."""
        return self._inbox.popleft() if self._inbox else None

    def next_frame(self) -> str | Ping | None:
        """What is to be sent, in its order."""
        return self._outbox.popleft() if self._outbox else None

    def _step(self, happened: Input) -> Action:
        action, self.state = TABLE[self.state, happened]
        return action

    def _take(self, message: ClientMessage) -> None:
        match self._step(INPUTS.get(type(message), Input.COMMAND)):
            case Action.ACCEPT if len(self._inbox) < MAX_INBOX:
                self._inbox.append(message)
            case Action.ACCEPT:
                self._complain(ErrorMessage("too_many", "Too many requests wait for their turn.", message.type))
            case Action.COMPLAIN:
                self._complain(ErrorMessage("out_of_turn", f"Not while {self.state}.", message.type))
            case Action.CLOSE:
                self._close(Closing.LEFT)

    def _close(self, closing: Closing) -> None:
        self.closing = closing
        self._inbox.clear()

    def _exceed(self, now: float) -> None:
        """A message beyond the limit is answered and not obeyed."""
        self._complain(ErrorMessage("too_many", "Too many messages; slow down."))
        self._bear(now)

    def _bear(self, now: float) -> None:
        """With what costs us and is of no use to anybody, up to a point."""
        if not self._surplus.allows(now):
            self.close(Closing.PROTOCOL)

    def _complain(self, error: ErrorMessage) -> None:
        self._send(render(error))

    def _send(self, text: str) -> None:
        self._queue(text, self._outbox)

    def _queue(self, text: str, queue: deque[str] | deque[str | Ping]) -> None:
        """Add to what is to be sent. A client that does not read is closed, and what waited for it is dropped."""
        if len(self._outbox) + len(self._early) >= MAX_OUTBOX:
            self._outbox.clear()
            self._early.clear()
            self.close(Closing.SLOW)
        if self.closing is None:
            queue.append(text)
