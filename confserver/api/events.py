"""The stream of events over HTTP: replayed in pages, followed by Server-Sent Events or a WebSocket (docs/events.md).

Who sees every meeting of the tenant gets every event, anybody else those of their own meetings.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field

from confserver.api.context import ApiContext, Call
from confserver.api.edge import HEADERS, PREFIX, session_of
from confserver.api.operation import Operation
from confserver.auth.identity import Session
from confserver.errors import ConfserverError, TooManyRequests, Unauthorized
from confserver.meetings.fields import Time
from confserver.stream.event import Scope, StreamEvent
from confserver.stream.follow import Follower
from confserver.validation import parse_values

HEARTBEAT_S = 15.0
SEND_LIMIT_S = 30.0
"""Who takes nothing for so long is cut off, and may come back with the number they have reached."""

MOST_FOLLOWERS = 2_000
MAX_NUMBER = 2**53 - 1


class EventAnswer(BaseModel):
    """One event; `data` depends on its kind."""

    number: int
    kind: str
    at: Time
    meeting_id: str | None
    participant_id: str | None
    detail: str | None
    data: dict[str, Any]


class EventPage(BaseModel):
    """Events in order, and the number after which to ask for the next page."""

    items: tuple[EventAnswer, ...]
    next_after: int


class ReplayQuery(BaseModel):
    """After which number, and how many at most."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=MAX_NUMBER)] = 0
    top: Annotated[int, Field(ge=1, le=1000)] = 100


class FollowQuery(BaseModel):
    """After which number; without one only what is still to happen."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=MAX_NUMBER)] | None = None


def scope_of(session: Session) -> Scope:
    """What somebody may read."""
    return Scope(session.tenant.id, None if session.sees_all else session.user.id)


async def replay(call: Call) -> EventPage:
    """A page of the tenant's events."""
    return await _replay(call, scope_of(call.session))


async def replay_meeting(call: Call) -> EventPage:
    """A page of one meeting's events."""
    meeting = await call.visible_meeting()
    return await _replay(call, Scope(meeting.tenant_id, meeting_id=meeting.id))


async def _replay(call: Call, scope: Scope) -> EventPage:
    wanted: ReplayQuery = call.query
    events = await call.context.stream.page(scope, wanted.after, wanted.top)
    items = tuple(EventAnswer.model_validate(event.view()) for event in events)
    return EventPage(items=items, next_after=events[-1].number if events else wanted.after)


def operations(meeting: str) -> tuple[Operation, ...]:
    """Those of one meeting."""
    return (
        Operation("GET", f"{meeting}/events", "Replay a meeting", replay_meeting, query=ReplayQuery, answer=EventPage),
    )


OPERATIONS = (Operation("GET", "/events", "Replay what happened", replay, query=ReplayQuery, answer=EventPage),)


class EventFollowing:
    """The two ways to follow. Each connection checks again at every heartbeat that its session is still good."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._tasks: set[asyncio.Task[Any]] = set()

    def add_routes(self, app: web.Application) -> None:
        """Register both, and end them with the application."""
        app.router.add_get(f"{PREFIX}/events/stream", self.serve_sse)
        app.router.add_get(f"{PREFIX}/events/ws", self.serve_websocket)
        app.on_shutdown.append(self._shut_down)

    async def serve_sse(self, request: web.Request) -> web.StreamResponse:
        """Server-Sent Events (WHATWG HTML, section 9.2), each with its number as id."""
        after = _number(request.headers.get("Last-Event-ID"))
        async with self._following(request, after) as follower:
            response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
            await response.prepare(request)
            await response.write(f"retry: 2000\nid: {follower.reached}\n\n".encode())
            with contextlib.suppress(ConnectionError, TimeoutError, ConfserverError):
                async for events in self._batches(request, follower):
                    async with asyncio.timeout(SEND_LIMIT_S):
                        await response.write(_as_sse(events, follower.reached))
            return response

    async def serve_websocket(self, request: web.Request) -> web.StreamResponse:
        """One JSON object a message: an event, or `{"reached": number}` first and when nothing has happened."""
        async with self._following(request, None) as follower:
            socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=1024, timeout=2.0)
            await socket.prepare(request)
            sending = asyncio.create_task(self._send(request, socket, follower))
            try:
                while (await socket.receive()).type not in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED}:
                    pass  # nothing that a follower says means anything here
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            return socket

    @contextlib.asynccontextmanager
    async def _following(self, request: web.Request, after: int | None) -> AsyncIterator[Follower]:
        session = await session_of(request, self._context)
        query = parse_values(FollowQuery, dict(request.query))
        if len(self._tasks) >= MOST_FOLLOWERS:
            raise TooManyRequests("Too many follow the events already.", HEARTBEAT_S)
        task = asyncio.current_task()
        assert task is not None, "a request is served in a task"
        self._tasks.add(task)
        try:
            yield self._context.stream.follow(scope_of(session), query.after if after is None else after)
        finally:
            self._tasks.discard(task)

    async def _batches(self, request: web.Request, follower: Follower) -> AsyncIterator[Sequence[StreamEvent]]:
        """What happens; nothing, once in `HEARTBEAT_S` in which nothing did. Raises Unauthorized, Unavailable."""
        loop = asyncio.get_running_loop()
        check_at = loop.time() + HEARTBEAT_S
        while True:
            events: Sequence[StreamEvent] = ()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(check_at):
                    events = await follower.next()
            if loop.time() >= check_at:
                await session_of(request, self._context)
                check_at = loop.time() + HEARTBEAT_S
                yield events
            elif events:
                yield events

    async def _send(self, request: web.Request, socket: web.WebSocketResponse, follower: Follower) -> None:
        try:
            await socket.send_json({"reached": follower.reached})
            async for events in self._batches(request, follower):
                async with asyncio.timeout(SEND_LIMIT_S):
                    for event in events:
                        await socket.send_str(event.text)
                    if not events:
                        await socket.send_json({"reached": follower.reached})
        except Unauthorized:
            await socket.close(code=4001, message=b"unauthorized")
        except (ConnectionError, TimeoutError, ConfserverError):
            await socket.close(code=1013, message=b"come back")

    async def _shut_down(self, _: web.Application) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=2.0)


def _number(text: str | None) -> int | None:
    """What a browser gives back as the last id; anything else is no number of ours."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 16 else None


def _as_sse(events: Sequence[StreamEvent], reached: int) -> bytes:
    # An id without data moves the reader's number on without telling them anything.
    lines = [f"id: {event.number}\nevent: {event.kind}\ndata: {event.text}\n\n" for event in events]
    return "".join(lines or [f"id: {reached}\n\n"]).encode()
