"""Puts the API into an aiohttp application: every operation, its description, and the edge around them.

It serves no page and no WebSocket.
"""

import json
from dataclasses import replace
from functools import cache
from itertools import chain

from aiohttp import web

from confserver.api import (
    audit,
    bans,
    call_records,
    controls,
    events,
    join,
    keys,
    lifecycle,
    login,
    looks,
    meetings,
    recordings,
    rooms,
    servers,
    tokens,
    users,
    waiting,
)
from confserver.api.call_records import CallExport
from confserver.api.context import ApiContext
from confserver.api.edge import HEADERS, PREFIX, refuse, serve_operation
from confserver.api.events import EventFollowing
from confserver.api.looks import Logos
from confserver.api.openapi import describe
from confserver.api.operation import Operation
from confserver.api.rights import Audience

OF_A_MEETING = (rooms, controls, waiting, tokens, bans, lifecycle, events)
"""Whatever stands below the path of one meeting, wherever that is."""


def _of_meetings(path: str) -> tuple[Operation, ...]:
    of_each = (module.operations(f"{path}/{{meeting_id}}") for module in OF_A_MEETING)
    return (*meetings.operations(path), *chain.from_iterable(of_each))


def _mirror(path: str) -> tuple[Operation, ...]:
    """The same for those who see every meeting, and what only they have."""
    everything = (*_of_meetings(path), *recordings.operations(f"{path}/{{meeting_id}}"))
    return tuple(replace(operation, audience=Audience.STAFF) for operation in everything)


OPERATIONS = tuple(
    chain(
        login.OPERATIONS,
        _of_meetings("/user/meetings"),
        _mirror("/conference_rooms"),
        lifecycle.OPERATIONS,
        join.OPERATIONS,
        events.OPERATIONS,
        call_records.OPERATIONS,
        keys.OPERATIONS,
        users.OPERATIONS,
        audit.OPERATIONS,
        servers.OPERATIONS,
        looks.OPERATIONS,
    )
)


def install_api(app: web.Application, context: ApiContext) -> None:
    """Adds everything below `/api`. Other routes there, such as the WebSocket's, get the same form of errors."""
    app.middlewares.append(refuse)
    for operation in OPERATIONS:
        app.router.add_route(operation.method, PREFIX + operation.path, serve_operation(operation, context))
    EventFollowing(context).add_routes(app)
    CallExport(context).add_routes(app)
    Logos(context).add_routes(app)
    app.router.add_route("GET", f"{PREFIX}/openapi.json", _show_description)


async def _show_description(_: web.Request) -> web.Response:
    return web.Response(text=_description(), content_type="application/json", headers=HEADERS)


@cache
def _description() -> str:
    """The same until another version starts; no start waits for it."""
    return json.dumps(describe(OPERATIONS))
