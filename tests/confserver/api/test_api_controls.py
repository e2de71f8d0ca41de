"""Steering a room over HTTP: each call asks the room for the command it stands for, in the name of who called."""

from typing import Any

import pytest

from confserver.api.controls import CONTROLS
from confserver.auth.identity import MeetingAccess
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.live import LiveParticipant
from signaling.commands import (
    Arrange,
    AskToUnmute,
    Ban,
    Chat,
    Command,
    GiveFloor,
    Lock,
    LowerHand,
    MakeChairman,
    MakeHost,
    Mute,
    MuteAll,
    Place,
    Remove,
    Rename,
    Spotlight,
    StopCamera,
)
from tests.confserver.conftest import Api, Refused

BOB = "p2"
ASKED: tuple[tuple[str, Any, Command], ...] = (
    ("/mute", None, MuteAll(is_muted=True, may_unmute=False)),
    ("/mute", {"may_unmute": True}, MuteAll(is_muted=True, may_unmute=True)),
    ("/unmute", None, MuteAll(is_muted=False)),
    ("/lock", None, Lock(is_locked=True)),
    ("/unlock", None, Lock(is_locked=False)),
    ("/spotlight", {"participant_id": BOB}, Spotlight(participant_id=BOB)),
    ("/spotlight", {"participant_id": None}, Spotlight(participant_id=None)),
    ("/lower_hands", None, LowerHand(participant_id=None)),
    ("/chat", {"text": "Hello\nall"}, Chat(text="Hello\nall")),
    ("/chat", {"text": "Hello", "to": BOB}, Chat(text="Hello", to=BOB)),
    ("/participants/layout", {"items": ["p2", "p1"]}, Arrange(participant_ids=("p2", "p1"))),
    ("/participants/p2/mute", None, Mute(participant_id=BOB, is_muted=True)),
    ("/participants/p2/unmute", None, Mute(participant_id=BOB, is_muted=False)),
    ("/participants/p2/ask_to_unmute", None, AskToUnmute(participant_id=BOB)),
    ("/participants/p2/stop_camera", None, StopCamera(participant_id=BOB, is_stopped=True)),
    ("/participants/p2/allow_camera", None, StopCamera(participant_id=BOB, is_stopped=False)),
    ("/participants/p2/position", {"position": -1}, Place(participant_id=BOB, position=-1)),
    ("/participants/p2/position", {"position": None}, Place(participant_id=BOB, position=None)),
    ("/participants/p2/rename", {"display_name": "Robert"}, Rename(participant_id=BOB, display_name="Robert")),
    ("/participants/p2/chairman", None, MakeChairman(participant_id=BOB)),
    ("/participants/p2/make_host", None, MakeHost(participant_id=BOB, is_host=True)),
    ("/participants/p2/make_guest", None, MakeHost(participant_id=BOB, is_host=False)),
    ("/participants/p2/give_floor", None, GiveFloor(participant_id=BOB, has_floor=True)),
    ("/participants/p2/take_floor", None, GiveFloor(participant_id=BOB, has_floor=False)),
    ("/participants/p2/lower_hand", None, LowerHand(participant_id=BOB)),
    ("/participants/p2/destroy", None, Remove(participant_id=BOB)),
    ("/participants/p2/ban", None, Ban(participant_id=BOB)),
)


async def occupied(api: Api) -> str:
    """The path of a meeting that Bob is in."""
    meeting = await api.create()
    api.rooms.people[meeting["id"]] = [LiveParticipant(BOB, "Bob", muted=False, chairman=False)]
    return f"/user/meetings/{meeting['id']}"


@pytest.mark.parametrize(("path", "body", "command"), ASKED)
async def test_a_call_is_a_command(api: Api, path: str, body: Any, command: Command) -> None:
    meeting = await occupied(api)
    assert await api.call("POST", meeting + path, body) == (204, None)
    assert api.rooms.told == [(Actor("user", api.user.id, "Ada Lovelace", Role.HOST), command)]


def test_every_control_is_tried() -> None:
    tried = {path.replace("/p2/", "/{participant_id}/") for path, _, _ in ASKED}
    assert tried == {control.path for control in CONTROLS}


async def test_a_program_steers_in_the_name_of_its_key(api: Api) -> None:
    meeting = await occupied(api)
    new = await api.context.auth.keys.create(api.user, "billing", MeetingAccess.FULL, None)
    assert (await api.call("POST", f"{meeting}/lock", token=new.secret))[0] == 204
    assert api.rooms.told[0][0] == Actor("key", new.key.id, "billing", Role.HOST)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/participants/p2/position", {"position": 9}, "position"),
        ("/participants/p2/position", {}, "position"),
        ("/participants/p2/position", None, None),
        ("/participants/p2/rename", {"display_name": "\u202e"}, "display_name"),
        ("/participants/layout", {"items": ["p"] * 201}, "items"),
        ("/mute", {"may_unmute": "yes"}, "may_unmute"),
        ("/chat", {"text": ""}, "text"),
        ("/spotlight", {}, "participant_id"),
        ("/participants/%20/mute", None, "participant_id"),
        (f"/participants/{'p' * 65}/mute", None, "participant_id"),
        ("/participants/invite", {"number": "sip:bob@example.com"}, "number"),
    ],
)
async def test_a_wrong_wish_is_refused_by_the_field(
    api: Api, refused: Refused, path: str, body: Any, field: str | None
) -> None:
    meeting = await occupied(api)
    status, code, detail = await refused(api.call("POST", meeting + path, body))
    assert (status, code, detail) == (
        (400, "VALIDATE_FAILED", field) if body is not None or field else (415, "UNSUPPORTED_MEDIA_TYPE", None)
    )
    assert api.rooms.told == []


async def test_who_is_not_there_is_not_found(api: Api, refused: Refused) -> None:
    meeting = await occupied(api)
    assert (await refused(api.call("POST", f"{meeting}/participants/p9/mute")))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "body"),
    [("/participants/invite", {"number": "+441494523500"}), ("/start_recording", None), ("/stop_recording", None)],
)
async def test_what_the_server_cannot_do_yet_it_says(api: Api, refused: Refused, path: str, body: Any) -> None:
    meeting = await occupied(api)
    assert (await refused(api.call("POST", meeting + path, body)))[:2] == (409, "NOT_SUPPORTED")
