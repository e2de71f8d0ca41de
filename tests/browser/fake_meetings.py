"""A host's meetings before a stand-in server: what the page asks of the REST API, and what it is told.

It keeps no rule of the real one; what it is to refuse, the test says.
"""

from typing import Any

from aiohttp import web

Message = dict[str, Any]

OWN_ROOM = "own"


def meeting(meeting_id: str, subject: str, url: str = "", **fields: Any) -> Message:
    """A meeting as docs/rest.md describes one, as far as pages look at it."""
    return {
        "id": meeting_id,
        "subject": subject,
        "mode": "VIDEO",
        "layout": "LAYOUT0",
        "capacity": 9,
        "room_pin": None,
        "admin_pin": None,
        "waiting_room": "OFF",
        "start_by": "ANYONE",
        "mute_on_entry": False,
        "end_with_last_host": False,
        "scheduled_start_at": None,
        "scheduled_end_at": None,
        "starts_at": None,
        "extension_number": "110200800",
        "state": "READY",
        "invite_url": f"{url or 'http://localhost'}/join/key-of-{meeting_id}",
        "host_url": f"{url or 'http://localhost'}/room/meeting/{meeting_id}",
        **fields,
    }


class FakeMeetings:
    """`stored`, newest first; `asked` is every request: method and path, and its query or body.

    `refusals` are used up first, one by each POST, as lists of `errors`."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.stored: list[Message] = []
        self.own_room = meeting(OWN_ROOM, "Ada Lovelace")
        self.asked: list[tuple[str, Message]] = []
        self.refusals: list[list[Message]] = []

    def add_to(self, app: web.Application) -> None:
        """Answer below `/api/user`."""
        app.router.add_get("/api/user/room", self._room)
        app.router.add_get("/api/user/meetings", self._list)
        app.router.add_post("/api/user/meetings", self._create)
        app.router.add_post("/api/user/meetings/{meeting_id}", self._change)
        app.router.add_post("/api/user/meetings/{meeting_id}/{wish}", self._wish)

    def asked_for(self, path: str) -> list[Message]:
        """Queries or bodies of one kind of request, such as `GET /meetings`."""
        return [content for asked, content in self.asked if asked == path]

    async def _room(self, request: web.Request) -> web.Response:
        self._note(request, {})
        return web.json_response(self.own_room)

    async def _list(self, request: web.Request) -> web.Response:
        query = self._note(request, dict(request.query))
        word = query.get("search", "").lower()
        found = [each for each in self.stored if word in each["subject"].lower()]
        skip, top = int(query["skip"]), int(query["top"])
        return web.json_response({"count": len(found), "items": found[skip : skip + top]})

    async def _create(self, request: web.Request) -> web.Response:
        body = self._note(request, await request.json())
        if self.refusals:
            return self._refuse()
        self.stored.insert(0, {**meeting(f"new{len(self.stored)}", ""), **body})
        return web.json_response({"id": self.stored[0]["id"]}, status=201)

    async def _change(self, request: web.Request) -> web.Response:
        body = self._note(request, await request.json())
        if self.refusals:
            return self._refuse()
        changed = next(each for each in [self.own_room, *self.stored] if each["id"] == request.match_info["meeting_id"])
        changed |= body
        return web.json_response(changed)

    async def _wish(self, request: web.Request) -> web.Response:
        self._note(request, await request.json() if request.can_read_body else {})
        return self._refuse() if self.refusals else web.Response(status=204)

    def _note(self, request: web.Request, content: Message) -> Message:
        assert request.headers["Authorization"] == f"Bearer {self._token}"
        self.asked.append((f"{request.method} {request.path.removeprefix('/api/user')}", content))
        return content

    def _refuse(self) -> web.Response:
        errors = self.refusals.pop(0)
        return web.json_response({"errors": errors}, status=403 if errors[0]["code"] == "FORBIDDEN" else 400)
