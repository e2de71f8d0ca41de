"""Whose picture is where: for everybody by a host's word, or for oneself."""

from confserver.rooms.actor import Actor
from confserver.rooms.participant import HIDDEN
from confserver.rooms.room import Room
from mixer.capabilities import MAX_CELLS
from signaling.commands import Arrange, Place, Spotlight, View


def spotlight(room: Room, actor: Actor, wish: Spotlight) -> None:
    """One main picture for all, until it is another's or they leave."""
    if wish.participant_id is not None:
        room.people.find(wish.participant_id)
    room.state.spotlight_id = wish.participant_id
    room.people.settle(by=actor)


def place(room: Room, actor: Actor, wish: Place) -> None:
    """Whoever had the cell before is shown by speech."""
    participant = room.people.find(wish.participant_id)
    if wish.position is not None and wish.position != HIDDEN:
        for other in room.participants.values():
            if other.position == wish.position:
                other.position = None
    participant.position = wish.position
    room.people.settle(by=actor)


def arrange(room: Room, actor: Actor, wish: Arrange) -> None:
    """The first cells in this order; who is gone meanwhile is left out, who is hidden stays so unless named."""
    named = [each for each in dict.fromkeys(wish.participant_ids) if each in room.participants]
    cells = {participant_id: cell for cell, participant_id in enumerate(named[:MAX_CELLS])}
    for participant_id, participant in room.participants.items():
        if participant_id in named or participant.position != HIDDEN:
            participant.position = cells.get(participant_id)
    room.people.settle(by=actor)


def view(room: Room, actor: Actor, wish: View) -> None:
    """Nobody else notices."""
    if wish.pinned_id is not None:
        room.people.find(wish.pinned_id)
    room.media.pin(room.people.find(actor.id), wish.pinned_id)
