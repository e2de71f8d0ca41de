"""How a live room looks to the API."""

from confserver.rooms.live import LiveParticipant, RoomStatus
from confserver.rooms.participant import Participant
from confserver.rooms.room import Room


def status_of(room: Room | None, *, is_locked: bool) -> RoomStatus:
    """ON_CALL with somebody in it, else ONLINE: a meeting can be joined at any time."""
    participants = room.participants.values() if room else ()
    return RoomStatus(
        status="ON_CALL" if participants else "ONLINE",
        locked=is_locked,
        muted=bool(participants) and all(participant.is_muted for participant in participants),
        recording=False,
    )


def participant_of(participant: Participant) -> LiveParticipant:
    """One who is in."""
    return LiveParticipant(
        id=participant.participant_id,
        display_name=participant.display_name,
        muted=participant.is_muted,
        chairman=participant.is_chairman,
        position=participant.position,
        role=participant.role.value,
    )
