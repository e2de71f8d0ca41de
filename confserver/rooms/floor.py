"""Who is heard and seen: what people say of their own devices, and what hosts do about it.

Nobody's microphone, camera or screen is ever turned on by somebody else: taking a host's word back only allows it.
"""

from confserver.rooms import hands
from confserver.rooms.actor import Actor
from confserver.rooms.room import Room
from signaling.commands import AskToUnmute, GiveFloor, Mute, MuteAll, SetOwn, StopCamera
from signaling.errors import RequestError
from signaling.ports import AskedToUnmute


def set_own(room: Room, actor: Actor, wish: SetOwn) -> None:
    """Raises RequestError `muted_by_host`, `camera_stopped`."""
    participant = room.people.find(actor.id)
    if wish.is_muted is False and participant.is_muted_by_host:
        raise RequestError("muted_by_host", "A host muted you; only a host can undo that.")
    if wish.has_camera and participant.is_camera_stopped:
        raise RequestError("camera_stopped", "A host stopped your camera; only a host can undo that.")
    if wish.is_muted is not None:
        participant.is_self_muted = wish.is_muted
    if wish.has_camera is not None:
        participant.turn_camera(wish.has_camera)
    if wish.has_screen is not None:
        participant.turn_screen(wish.has_screen)
    if wish.display_name is not None:
        participant.rename(room.name_for(participant, wish.display_name))
    room.people.settle(participant, by=actor)


def mute(room: Room, actor: Actor, wish: Mute) -> None:
    """Taken back, it leaves them muted if they had muted themselves."""
    participant = room.people.find(wish.participant_id)
    participant.is_muted_by_host = wish.is_muted
    room.people.settle(participant, by=actor)


def mute_all(room: Room, actor: Actor, wish: MuteAll) -> None:
    """Hosts are spared. Who may unmute themselves is muted as if by themselves."""
    for participant in room.participants.values():
        if not wish.is_muted:
            participant.is_muted_by_host = False
        elif participant.is_host:
            continue
        elif wish.may_unmute:
            participant.is_self_muted = True
        else:
            participant.is_muted_by_host = True
    room.people.settle(by=actor)


def ask_to_unmute(room: Room, actor: Actor, wish: AskToUnmute) -> None:
    """Whoever is asked may do it: a host's mute becomes their own."""
    participant = room.people.find(wish.participant_id)
    if participant.is_muted_by_host:
        participant.is_muted_by_host, participant.is_self_muted = False, True
        room.people.settle(participant, by=actor)
    room.people.tell(participant, AskedToUnmute(actor.name))


def stop_camera(room: Room, actor: Actor, wish: StopCamera) -> None:
    """Allowed again, it stays off until they turn it on."""
    participant = room.people.find(wish.participant_id)
    participant.is_camera_stopped = wish.is_stopped
    participant.turn_camera(participant.has_camera)
    room.people.settle(participant, by=actor)


def give_floor(room: Room, actor: Actor, wish: GiveFloor) -> None:
    """Who is given what they asked for has no hand raised any more. Hosts have the floor anyhow."""
    participant = room.people.find(wish.participant_id)
    participant.has_been_given_floor = wish.has_floor
    if wish.has_floor:
        hands.lower(room, (participant,), actor)
    room.people.settle(participant, by=actor)
