"""How a live room looks to the API."""

from confserver.rooms.live import LiveParticipant, RoomStatus
from confserver.rooms.participant import Participant
from confserver.rooms.room import Room
from confserver.rooms.room_state import RoomState


def status_of(room: Room | None, state: RoomState, *, waiting: int) -> RoomStatus:
    """ON_CALL with somebody in it, else ONLINE: a meeting can be joined at any time. `state`: of the room, or of the
    one that would be opened now.
    """
    participants = room.participants.values() if room else ()
    return RoomStatus(
        status="ON_CALL" if participants else "ONLINE",
        locked=state.is_locked,
        muted=bool(participants) and all(participant.is_muted for participant in participants),
        recording=False,
        spotlight_id=state.spotlight_id,
        control=state.control,
        layout=state.layout,
        mute_on_entry=state.is_mute_on_entry,
        waiting=waiting,
    )


def participant_of(participant: Participant) -> LiveParticipant:
    """One who is in, as the others see them."""
    view = participant.view()
    return LiveParticipant(
        id=view.id,
        display_name=view.display_name,
        muted=view.is_muted,
        chairman=view.is_chairman,
        position=view.position,
        role=view.role,
        hand=view.hand,
        muted_by_host=view.is_muted_by_host,
        camera=view.has_camera,
        camera_stopped=view.is_camera_stopped,
        floor=view.has_floor,
        screen=view.has_screen,
        reconnecting=view.is_reconnecting,
        verified=view.is_verified,
    )
