"""One open WebSocket: frames to and from a session, its accepted requests to the room.

It decides nothing about the protocol (`session`) nor about rooms (`signaling.ports`). Three things go on side by side:
frames are read, frames are written, and at most one request that takes time is waited for; the requests behind it keep
their order. One timer serves the session's deadlines.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from aiohttp import WSCloseCode, WSMsgType, web

from signaling.commands import Command
from signaling.errors import Refused, RequestError
from signaling.ports import Door, EndReason, Knock, Negotiator, RoomMessage, Seat, WaitingPlace
from signaling.sources import source_of
from signaling.ws.messages import ClientMessage, Join, Leave, Offer
from signaling.ws.session import Ping, Session
from signaling.ws.states import Closing

CLOSE_LIMIT_S = 2.0
"""How long a client may take to read what is still said to it when it is closed."""

logger = logging.getLogger(__name__)


class Connection:
    """Serves `socket`, the upgraded `request`, until either side closes it.

    To the room it is the `SeatListener` of what it holds; it never calls back from within the room's calls.
    `on_seated` is called when it holds one.
    """

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        door: Door,
        clock: Callable[[], float],
        on_seated: Callable[[], None],
    ) -> None:
        self._request = request
        self._socket = socket
        self._door = door
        self._clock = clock
        self._on_seated = on_seated
        self._session = Session(clock())
        self._seat: Seat | None = None
        self._place: WaitingPlace | None = None
        self._pending: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_closing = False
        self._has_news = asyncio.Event()

    async def run(self) -> None:
        """Returns when the socket is closed; then nothing is left running, and a seat not left waits for its holder."""
        writer = asyncio.create_task(self._write())
        self._settle()
        try:
            await self._read()
        finally:
            self._session.close(Closing.GONE)
            self._settle()
            await self._give_back()
            await asyncio.wait({writer})
            self._set_timer(None)
            # The seat knows us, too: all that a guest has used would wait for the collector, among what is used.
            self._seat = self._place = None

    def notify(self, message: RoomMessage) -> None:
        """What the room says."""
        self._session.notify(message)
        self._settle()

    def admitted(self, seat: Seat) -> None:
        """A seat, at once or after a wait."""
        self._seat, self._place = seat, None
        self._on_seated()
        self._session.seated(seat.welcome)
        self._settle()

    def made_to_wait(self, place: WaitingPlace) -> None:
        """A place in the waiting room."""
        self._place = place
        self._on_seated()
        self._session.made_to_wait(place.waiting)
        self._settle()

    def refused(self, refusal: Refused) -> None:
        """No seat after a wait."""
        self._place = None
        self._session.refused(refusal, self._clock())
        self._settle()

    def close(self, reason: EndReason) -> None:
        """The room, or the server, has ended it."""
        self._session.end(reason)
        self._settle()

    async def _read(self) -> None:
        while True:
            frame = await self._socket.receive()
            match frame.type:
                case WSMsgType.TEXT:
                    self._session.receive(frame.data, self._clock())
                case WSMsgType.BINARY:
                    self._session.receive_binary()
                case WSMsgType.PING:
                    self._session.hear(self._clock())
                    if self._session.closing is None:
                        await self._socket.pong(frame.data)
                case WSMsgType.PONG:
                    self._session.hear(self._clock())
                case _:
                    return
            self._proceed()
            # Frames that have arrived together are read without waiting; everybody else gets their turn in between.
            await asyncio.sleep(0)

    async def _write(self) -> None:
        try:
            while self._session.closing is None:
                self._has_news.clear()  # first, so that no news of the time it takes to send is missed
                await self._flush()
                await self._has_news.wait()
            await self._flush()
            closing = self._session.closing
            if closing is not Closing.GONE:
                await self._socket.close(code=closing.code, message=closing.reason.encode())
        except ConnectionError:
            self._session.close(Closing.GONE)

    async def _flush(self) -> None:
        while (frame := self._session.next_frame()) is not None:
            if isinstance(frame, Ping):
                await self._socket.ping()
            else:
                await self._socket.send_str(frame)

    def _proceed(self) -> None:
        """Perform what was accepted, up to something that takes time."""
        while self._pending is None and (request := self._session.next_request()) is not None:
            self._perform(request)
        self._settle()

    def _settle(self) -> None:
        """After anything that happened: wake the writer, set the timer."""
        self._has_news.set()
        loop = asyncio.get_running_loop()
        if self._session.closing is None:
            self._set_timer(loop.call_later(max(0.0, self._session.deadline - self._clock()), self._tick))
        elif not self._is_closing:
            self._is_closing = True
            self._set_timer(loop.call_later(CLOSE_LIMIT_S, self._abort))

    def _tick(self) -> None:
        self._session.tick(self._clock())
        self._settle()

    def _abort(self) -> None:
        """The client neither reads nor closes: end the connection under it, and with it `_read` and `_write`."""
        if self._request.transport is not None:
            self._request.transport.abort()

    def _set_timer(self, timer: asyncio.TimerHandle | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = timer

    def _perform(self, request: ClientMessage) -> None:
        match request:
            case Join():
                self._wait_for(self._enter(request))
            case Offer():
                self._wait_for(self._negotiate(request))
            case _:
                try:
                    self._ask(request)
                except RequestError as error:
                    self._session.failed(request, error)
                except Exception:
                    self._crash()

    def _wait_for(self, work: Coroutine[None, None, None]) -> None:
        self._pending = asyncio.create_task(work)
        self._pending.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._pending = None
        self._proceed()

    async def _enter(self, request: Join) -> None:
        knock = Knock(
            access_key=request.access_key,
            meeting_id=request.meeting_id,
            display_name=request.display_name,
            pin=request.pin,
            token=request.token,
            is_muted=request.is_muted,
            has_camera=request.has_camera,
            source=source_of(self._request.remote),
            seat_token=request.seat_token,
            number=request.number,
            join_token=request.join_token,
            device=request.device,
        )
        try:
            await self._door.enter(knock, self)
        except Refused as refused:
            self._session.refused(refused, self._clock())
        except Exception:
            self._crash()

    async def _negotiate(self, request: Offer) -> None:
        try:
            self._session.answered(request, await self._held.negotiate(request.sdp, request.purposes, request.new))
        except RequestError as error:
            self._session.failed(request, error)
        except Exception:
            self._crash()

    def _ask(self, request: Leave | Command) -> None:
        """What is done at once. Raises RequestError."""
        if isinstance(request, Leave):
            self._held.leave()
            self._session.close(Closing.LEFT)
        else:
            assert self._seat is not None, "only the holder of a seat has a command accepted"
            self._seat.obey(request)

    @property
    def _held(self) -> Negotiator:
        held = self._seat or self._place
        assert held is not None, "only the holder of a seat or a place has such a request accepted"
        return held

    def _crash(self) -> None:
        """Our fault: say so in the log, and let the client come back to a fresh start."""
        logger.exception("a request of a client failed unexpectedly")
        self._session.close(Closing.INTERNAL)

    async def _give_back(self) -> None:
        """End what is pending; the seat waits for its holder, unless they have left it."""
        if self._pending is not None:
            self._pending.cancel()
            await asyncio.wait({self._pending})
        if self._seat is not None or self._place is not None:
            has_gone = self._session.closing is Closing.GONE
            self._held.disconnect(has_gone and self._socket.close_code == WSCloseCode.GOING_AWAY)
