"""What clients of a business PBX send, in the order they send it, and what they rely on in the answers.

Data only. `{name}` in a path or body stands for what an earlier step has remembered. What an answer must hold is a
pattern: a value, a type, or `...` for anything; fields that are not named may be there, too.
"""

from dataclasses import dataclass, field
from typing import Any

TIME = "YYYY-MM-DDTHH:MM:SSZ"
"""Stands for any time in this form."""


@dataclass(frozen=True)
class Sent:
    """One request and its answer. `remembers`: under which names, which fields of the answer."""

    method: str
    path: str
    body: Any = None
    status: int = 200
    answer: Any = None
    remembers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Comes:
    """Meanwhile somebody enters by the invite link; their id is remembered under their name."""

    name: str


Step = Sent | Comes

CREATED = {"id": str, "extension_number": str}
DONE = {"status": 204}

LOGIN: tuple[Step, ...] = (
    Sent(
        "POST",
        "/login",
        {"username": "ada", "password": "correct horse", "domain": "default"},
        answer={
            "access_token": str,
            "refresh_token": str,
            "token_type": "Bearer",
            "expires_in": 3600,
            "role": "USER",
        },
    ),
    Sent("GET", "/login", answer={"username": "ada", "role": "USER"}),
    Sent(
        "POST",
        "/login",
        {"username": "ada", "password": "wrong"},
        401,
        {"errors": [{"code": "UNAUTHORIZED", "message": str, "detail": None}]},
    ),
    Sent("POST", "/logout", **DONE),
    Sent("GET", "/login", status=401, answer={"errors": [{"code": "UNAUTHORIZED", "message": str, "detail": None}]}),
)

DEFINITION: tuple[Step, ...] = (
    Sent(
        "POST",
        "/user/meetings",
        {
            "subject": "Quarterly review",
            "mode": "VIDEO",
            "control": "FREE",
            "width": 1280,
            "height": 720,
            "bitrate": 1024,
            "framerate": 15,
            "layout": "LAYOUT4",
            "language": "en-US",
            "capacity": 12,
            "room_pin": "123456",
            "admin_pin": "654321",
            "enable_recording": False,
            "enable_prompt": True,
            "timezone": "Europe/London",
            "scheduled_start_at": "2030-05-04T09:30:00Z",
            "scheduled_end_at": "2030-05-04T10:30:00Z",
            "internal_invitees": ["101", "102"],
            "external_invitees": "bob@example.com,cleo@example.org",
            "close_on_nobody": False,
            "outbound_caller_ids": [{"provider_id": "7", "caller_id": "+441494523500", "description": "Main"}],
            "custom_options": '{"room": "blue"}',
        },
        201,
        CREATED,
        {"id": "id", "number": "extension_number"},
    ),
    Sent(
        "GET",
        "/user/meetings/{id}",
        answer={
            "id": "{id}",
            "extension_number": "{number}",
            "subject": "Quarterly review",
            "mode": "VIDEO",
            "layout": "LAYOUT4",
            "room_pin": "123456",
            "scheduled_start_at": "2030-05-04T09:30:00Z",
            "created_at": TIME,
            "ownership": "ada",
            "domain": "default",
            "sbc_host": str,
            "sbc_port": int,
            "token": str,
        },
    ),
    Sent("POST", "/user/meetings/{id}", {"subject": "Annual review", "room_pin": None}, answer={"room_pin": None}),
    Sent(
        "GET",
        "/user/meetings?filter=subject eq 'Annual review' and mode eq 'VIDEO'&orderby=created_at desc&skip=0&top=10",
        answer={"count": 1, "items": [{"id": "{id}", "subject": "Annual review"}]},
    ),
    Sent("GET", "/user/meetings?search=annual&count=false", answer={"count": None, "items": [{"id": "{id}"}]}),
    Sent("GET", "/user/meetings?filter=startswith(subject,'Quarter')", answer={"count": 0, "items": []}),
    Sent(
        "POST",
        "/user/meetings",
        {"subject": "", "mode": "VIDEO", "timezone": "Europe/London"},
        400,
        {"errors": [{"code": "VALIDATE_FAILED", "message": str, "detail": "subject"}]},
    ),
    Sent("GET", "/user/meetings/{id}/status", answer={"status": "ONLINE", "locked": False, "muted": False}),
    Sent("POST", "/user/meetings/{id}/destroy", **DONE),
    Sent(
        "GET",
        "/user/meetings/{id}",
        status=404,
        answer={"errors": [{"code": "NOT_FOUND", "message": str, "detail": None}]},
    ),
)

MEETING: tuple[Step, ...] = (
    Sent(
        "POST",
        "/user/meetings",
        {"subject": "Stand-up", "mode": "VIDEO", "timezone": "Europe/London"},
        201,
        CREATED,
        {"id": "id"},
    ),
    Sent("GET", "/user/meetings/{id}/participants", answer={"items": []}),
    Comes("Bob"),
    Comes("Cleo"),
    Sent("GET", "/user/meetings/{id}/status", answer={"status": "ON_CALL", "recording": False}),
    Sent(
        "GET",
        "/user/meetings/{id}/participants",
        answer={
            "items": [
                {"id": "{Bob}", "display_name": "Bob", "muted": False, "chairman": False, "position": None},
                {"id": "{Cleo}", "display_name": "Cleo", "muted": False, "chairman": False, "position": None},
            ]
        },
    ),
    Sent("POST", "/user/meetings/{id}/participants/{Bob}/mute", **DONE),
    Sent("GET", "/user/meetings/{id}/participants/{Bob}", answer={"muted": True}),
    Sent("POST", "/user/meetings/{id}/participants/{Bob}/unmute", **DONE),
    Sent("POST", "/user/meetings/{id}/mute", **DONE),
    Sent("GET", "/user/meetings/{id}/status", answer={"muted": True}),
    Sent("POST", "/user/meetings/{id}/unmute", **DONE),
    Sent("GET", "/user/meetings/{id}/status", answer={"muted": False}),
    Sent("POST", "/user/meetings/{id}/participants/{Cleo}/position", {"position": 0}, **DONE),
    Sent("POST", "/user/meetings/{id}/participants/{Bob}/position", {"position": -1}, **DONE),
    Sent(
        "GET",
        "/user/meetings/{id}/participants",
        answer={"items": [{"id": "{Bob}", "position": -1}, {"id": "{Cleo}", "position": 0}]},
    ),
    Sent("POST", "/user/meetings/{id}/participants/layout", {"items": ["{Bob}", "{Cleo}"]}, **DONE),
    Sent(
        "GET",
        "/user/meetings/{id}/participants",
        answer={"items": [{"id": "{Bob}", "position": 0}, {"id": "{Cleo}", "position": 1}]},
    ),
    Sent("POST", "/user/meetings/{id}/participants/{Cleo}/chairman", **DONE),
    Sent("GET", "/user/meetings/{id}/participants/{Cleo}", answer={"chairman": True}),
    Sent("POST", "/user/meetings/{id}/lock", **DONE),
    Sent("GET", "/user/meetings/{id}/status", answer={"locked": True}),
    Sent("POST", "/user/meetings/{id}/unlock", **DONE),
    Sent(
        "POST",
        "/user/meetings/{id}/participants/invite",
        {"number": "+441494523500"},
        409,
        {"errors": [{"code": "NOT_SUPPORTED", "message": str, "detail": "number"}]},
    ),
    Sent(
        "POST",
        "/user/meetings/{id}/start_recording",
        status=409,
        answer={"errors": [{"code": "NOT_SUPPORTED", "message": str, "detail": None}]},
    ),
    Sent("POST", "/user/meetings/{id}/participants/{Bob}/destroy", **DONE),
    Sent("GET", "/user/meetings/{id}/participants", answer={"items": [{"id": "{Cleo}"}]}),
    Sent("POST", "/user/meetings/{id}/stop", **DONE),
    Sent("GET", "/user/meetings/{id}/status", answer={"status": "OFFLINE"}),
    Sent("POST", "/user/meetings/{id}/start", **DONE),
    Sent("GET", "/user/meetings/{id}/status", answer={"status": "ONLINE"}),
)

MIRROR: tuple[Step, ...] = (
    Sent(
        "POST",
        "/conference_rooms",
        {"subject": "All hands", "mode": "VIDEO", "timezone": "Europe/London"},
        201,
        CREATED,
        {"id": "id"},
    ),
    Sent("GET", "/conference_rooms", answer={"count": 1, "items": [{"id": "{id}"}]}),
    Sent("POST", "/conference_rooms/{id}", {"subject": "All feet"}, answer={"subject": "All feet"}),
    Comes("Bob"),
    Sent("POST", "/conference_rooms/{id}/participants/{Bob}/mute", **DONE),
    Sent("GET", "/conference_rooms/{id}/participants/{Bob}", answer={"muted": True}),
    Sent("GET", "/conference_rooms/{id}/recordings?top=10", answer={"count": 0, "items": []}),
    Sent(
        "POST",
        "/conference_rooms/{id}/recordings/1/set_read",
        status=404,
        answer={"errors": [{"code": "NOT_FOUND", "message": str, "detail": None}]},
    ),
    Sent(
        "GET",
        "/conference_servers",
        answer={"count": 1, "items": [{"id": str, "name": str, "enabled": True, "type": "INTERNAL"}]},
        remembers={"server": "items.0.id"},
    ),
    Sent(
        "GET",
        "/conference_servers/{server}/status",
        answer={"rooms_count": int, "participants_count": int, "cpu_usage": ..., "memory_usage": ..., "status": str},
    ),
    Sent("POST", "/conference_rooms/{id}/destroy", **DONE),
    Sent("GET", "/conference_rooms", answer={"count": 0, "items": []}),
)

STORIES = {"login": LOGIN, "definition": DEFINITION, "meeting": MEETING, "mirror": MIRROR}
