"""Saying something without a voice: messages and signs. How much of it is bounded by `chat`."""

from confserver.events import RoomEventKind
from confserver.rooms.actor import Actor
from confserver.rooms.room import Room
from signaling.commands import Chat, React
from signaling.ports import Reaction


def write(room: Room, actor: Actor, wish: Chat) -> None:
    """To everybody, or to one and to whom it is from. Raises RequestError `too_many`."""
    to = room.people.find(wish.to) if wish.to is not None else None
    room.chat.take_turn(actor)
    author = room.participants.get(actor.id) if actor.kind == "participant" else None
    message = room.chat.note(actor, wish.to, wish.text)
    if to is None:
        room.people.broadcast(message)
    else:
        for party in {each.participant_id: each for each in (to, author) if each is not None}.values():
            room.people.tell(party, message)
    said = {"message_id": message.id, "from": message.from_id, "from_name": message.from_name}
    data = {**said, "to": message.to_id, "text": message.text}
    room.people.publish(RoomEventKind.CHAT, author, data=data, by=actor)


def react(room: Room, actor: Actor, wish: React) -> None:
    """Everybody sees it, for a moment. Raises RequestError `too_many`."""
    participant = room.people.find(actor.id)
    room.chat.take_turn(actor)
    room.people.broadcast(Reaction(actor.id, wish.reaction))
    room.people.publish(RoomEventKind.REACTION, participant, data={"reaction": wish.reaction})
