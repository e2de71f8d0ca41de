"""What holds for the room as a whole: its lock, its layout, who may speak, how guests come in."""

from confserver.meetings.fields import Control, Layout
from confserver.rooms.actor import Actor
from confserver.rooms.room import Room
from signaling.commands import Lock, MuteOnEntry, SetControl, SetLayout


def lock(room: Room, actor: Actor, wish: Lock) -> None:
    """Who is in stays in."""
    room.state.is_locked = wish.is_locked
    room.people.settle(by=actor)


def set_layout(room: Room, actor: Actor, wish: SetLayout) -> None:
    """So many cells for everybody from now on."""
    room.state.layout = Layout(wish.layout)
    room.media.resize()
    room.people.settle(by=actor)


def set_control(room: Room, actor: Actor, wish: SetControl) -> None:
    """Floors that were given before are still given."""
    room.state.control = Control(wish.control)
    room.people.settle(by=actor)


def mute_on_entry(room: Room, actor: Actor, wish: MuteOnEntry) -> None:
    """It concerns those who come, nobody who is in."""
    room.state.is_mute_on_entry = wish.is_on
    room.people.settle(by=actor)
