"""Puts the API into an aiohttp application: every operation, its description, and the edge around them.

It serves no page and no WebSocket.
"""

import json
from itertools import chain

from aiohttp import web

from confserver.api import call_records, events, join, lifecycle, login, meetings, rooms
from confserver.api.call_records import CallExport
from confserver.api.context import ApiContext
from confserver.api.edge import HEADERS, PREFIX, refuse, serve_operation
from confserver.api.events import EventFollowing
from confserver.api.openapi import describe

OPERATIONS = tuple(
    chain(
        login.OPERATIONS,
        meetings.OPERATIONS,
        rooms.OPERATIONS,
        lifecycle.OPERATIONS,
        lifecycle.operations(meetings.MEETING),
        join.OPERATIONS,
        events.OPERATIONS,
        call_records.OPERATIONS,
    )
)


def install_api(app: web.Application, context: ApiContext) -> None:
    """Adds everything below `/api`. Other routes there, such as the WebSocket's, get the same form of errors."""
    app.middlewares.append(refuse)
    for operation in OPERATIONS:
        app.router.add_route(operation.method, PREFIX + operation.path, serve_operation(operation, context))
    EventFollowing(context).add_routes(app)
    CallExport(context).add_routes(app)
    document = json.dumps(describe(OPERATIONS))

    async def show_description(_: web.Request) -> web.Response:
        return web.Response(text=document, content_type="application/json", headers=HEADERS)

    app.router.add_route("GET", f"{PREFIX}/openapi.json", show_description)
