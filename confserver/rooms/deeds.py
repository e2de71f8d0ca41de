"""What each command does to a live room, as one table.

Whether it is permitted has been asked before (`permissions`). Commands that reach beyond the room - the door, the
waiting room, the meeting itself - are done by the `registry`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from confserver.rooms import floor, hands, house_rules, roles, stage, talk
from confserver.rooms.actor import Actor
from confserver.rooms.room import Room
from signaling.commands import (
    Arrange,
    AskToUnmute,
    Chat,
    Command,
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
    Rename,
    SetControl,
    SetLayout,
    SetOwn,
    Spotlight,
    StopCamera,
    View,
)

DEEDS: Mapping[type[Command], Callable[[Room, Actor, Any], None]] = {
    SetOwn: floor.set_own,
    Mute: floor.mute,
    MuteAll: floor.mute_all,
    AskToUnmute: floor.ask_to_unmute,
    StopCamera: floor.stop_camera,
    GiveFloor: floor.give_floor,
    RaiseHand: hands.raise_hand,
    LowerHand: hands.lower_hand,
    Spotlight: stage.spotlight,
    Place: stage.place,
    Arrange: stage.arrange,
    View: stage.view,
    MakeHost: roles.make_host,
    MakeChairman: roles.make_chairman,
    Rename: roles.rename,
    Chat: talk.write,
    React: talk.react,
    Lock: house_rules.lock,
    SetLayout: house_rules.set_layout,
    SetControl: house_rules.set_control,
    MuteOnEntry: house_rules.mute_on_entry,
}
"""Each takes the room, who asks and the command."""


def perform(room: Room, actor: Actor, command: Command) -> None:
    """Raises RequestError with a code of docs/protocol.md."""
    DEEDS[type(command)](room, actor, command)
