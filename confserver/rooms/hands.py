"""Raised hands: who asks for the word, in the order in which they asked."""

from collections.abc import Collection

from confserver.events import RoomEventKind
from confserver.rooms.actor import Actor
from confserver.rooms.participant import Participant
from confserver.rooms.room import Room
from signaling.commands import LowerHand, RaiseHand


def raise_hand(room: Room, actor: Actor, wish: RaiseHand) -> None:
    """Up behind all others, or down. Raises RequestError `too_many`."""
    participant = room.people.find(actor.id)
    if wish.is_raised is (actor.id in room.state.hands):
        return
    room.chat.take_turn(actor)
    if not wish.is_raised:
        lower(room, (participant,), actor)
        return
    room.state.hands.append(actor.id)
    room.people.settle(participant)
    _publish(room, participant, actor, is_raised=True)


def lower_hand(room: Room, actor: Actor, wish: LowerHand) -> None:
    """Of one, or of everybody."""
    if wish.participant_id is None:
        lower(room, [room.people.find(each) for each in room.state.hands], actor)
    else:
        lower(room, (room.people.find(wish.participant_id),), actor)


def lower(room: Room, whose: Collection[Participant], actor: Actor) -> None:
    """Who asked later moves up. Without effect on those who have no hand raised."""
    queue = [room.people.find(each) for each in room.state.hands]
    lowered = [each for each in queue if each in whose]
    room.state.hands = [each.participant_id for each in queue if each not in lowered]
    if lowered:
        room.people.settle(*queue, by=actor)
    for participant in lowered:
        _publish(room, participant, actor, is_raised=False)


def _publish(room: Room, participant: Participant, actor: Actor, *, is_raised: bool) -> None:
    room.people.publish(RoomEventKind.HAND, participant, data={"is_raised": is_raised}, by=actor)
