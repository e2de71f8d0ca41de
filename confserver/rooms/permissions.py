"""Who may ask what of a room, as one table that every door uses.

Pure: it knows no room. What a permitted command does is in `deeds` and `registry`; what somebody may do to a meeting
by the API before a room comes into it, their session says (`confserver.auth.identity`).
"""

from collections.abc import Mapping
from enum import Enum

from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from signaling.commands import (
    Admit,
    Arrange,
    AskToUnmute,
    Ban,
    Chat,
    Command,
    Decline,
    End,
    GiveFloor,
    Lock,
    LowerHand,
    MakeChairman,
    MakeHost,
    Mute,
    MuteAll,
    MuteOnEntry,
    Place,
    RaiseHand,
    React,
    Readmit,
    Remove,
    Rename,
    SetControl,
    SetLayout,
    SetOwn,
    Spotlight,
    StopCamera,
    View,
)
from signaling.errors import RequestError


class Who(Enum):
    """SELF: whoever sits in the room, of themselves. ANYBODY: they, and who hosts it from outside. HOST: hosts, in the
    room or outside. CHAIRMAN: the one host in the room who owns the meeting for now, and hosts outside.
    """

    SELF = "Only somebody in the meeting may do that."
    ANYBODY = "Who may only look at a meeting may not do that."
    HOST = "Only a host may do that."
    CHAIRMAN = "Only the chairman may do that."


PERMISSIONS: Mapping[type[Command], Who] = {
    SetOwn: Who.SELF,
    RaiseHand: Who.SELF,
    React: Who.SELF,
    View: Who.SELF,
    Chat: Who.ANYBODY,
    Mute: Who.HOST,
    MuteAll: Who.HOST,
    AskToUnmute: Who.HOST,
    MuteOnEntry: Who.HOST,
    StopCamera: Who.HOST,
    Remove: Who.HOST,
    Ban: Who.HOST,
    Readmit: Who.HOST,
    Lock: Who.HOST,
    MakeHost: Who.HOST,
    MakeChairman: Who.CHAIRMAN,
    Spotlight: Who.HOST,
    Place: Who.HOST,
    Arrange: Who.HOST,
    SetLayout: Who.HOST,
    SetControl: Who.HOST,
    GiveFloor: Who.HOST,
    LowerHand: Who.HOST,
    Rename: Who.HOST,
    Admit: Who.HOST,
    Decline: Who.HOST,
    End: Who.HOST,
}


def permit(actor: Actor, command: Command, chairman_id: str | None) -> None:
    """Raises RequestError `not_allowed`. `chairman_id`: of the room concerned, if it is live and has one."""
    who = PERMISSIONS[type(command)]
    if not _is_one(actor, who):
        raise RequestError("not_allowed", who.value)
    shows_out_chairman = isinstance(command, Remove | Ban) and command.participant_id == chairman_id
    if shows_out_chairman and not _is_one(actor, Who.CHAIRMAN):
        raise RequestError("not_allowed", "Nobody in the meeting shows its chairman the door.")


def _is_one(actor: Actor, who: Who) -> bool:
    is_in, is_host = actor.kind == "participant", actor.role is Role.HOST
    match who:
        case Who.SELF:
            return is_in
        case Who.ANYBODY:
            return is_in or is_host
        case Who.HOST:
            return is_host
        case Who.CHAIRMAN:
            return is_host and (actor.is_chairman or not is_in)
