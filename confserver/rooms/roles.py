"""Who is a host, who the chairman, and what they are called."""

from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.room import Room
from signaling.commands import MakeChairman, MakeHost, Rename
from signaling.errors import RequestError


def make_host(room: Room, actor: Actor, wish: MakeHost) -> None:
    """Raises RequestError `not_allowed` for the chairman, who is a host as long as they are that."""
    participant = room.people.find(wish.participant_id)
    if participant.is_chairman and not wish.is_host:
        raise RequestError("not_allowed", "The chairman is a host; hand the meeting over first.")
    participant.role = Role.HOST if wish.is_host else Role.GUEST
    if participant.is_host and room.state.chairman_id is None:
        room.state.chairman_id = participant.participant_id
    room.people.settle(participant, by=actor)


def make_chairman(room: Room, actor: Actor, wish: MakeChairman) -> None:
    """Whoever had the chair stays a host."""
    participant = room.people.find(wish.participant_id)
    participant.role = Role.HOST
    room.state.chairman_id, room.state.is_chair_given = participant.participant_id, True
    room.state.spotlight_id = participant.participant_id
    room.people.settle(by=actor)


def rename(room: Room, actor: Actor, wish: Rename) -> None:
    """By a host; nobody's login says so, so it is not verified."""
    participant = room.people.find(wish.participant_id)
    participant.rename(room.name_for(participant, wish.display_name))
    room.people.settle(participant, by=actor)
