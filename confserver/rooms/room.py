"""A room: the live instance of a meeting. Who comes, goes, is gone for a moment and comes back.

It admits nobody (`admission`), lets nobody steer it (`permissions`, `deeds`) and touches no packet. How a change
reaches the others is the business of `people`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from confserver.events import RoomEventKind, RoomEvents
from confserver.meetings.meeting import Meeting
from confserver.rooms import chair
from confserver.rooms.actor import Actor
from confserver.rooms.chat import ChatLog
from confserver.rooms.names import guest_name
from confserver.rooms.participant import Participant
from confserver.rooms.people import People
from confserver.rooms.room_media import RoomMedia
from confserver.rooms.room_state import RoomState
from confserver.rooms.seat_book import SeatBook, SeatRecord
from mixer.params import Command, RemoveParticipant, RoomParams
from signaling.ports import EndReason, Joined, LeaveReason, Left, SeatListener, Welcome


class Room:
    """`people` are those who are in, `media` what the media plane holds of them, `chat` what they wrote.

    Who is reconnecting is a participant like any other, without a page. Times are monotonic seconds.
    """

    def __init__(
        self,
        meeting: Meeting,
        max_speakers: int,
        obey: Callable[[Command], None],
        events: RoomEvents,
        book: SeatBook,
    ) -> None:
        self.people = People(meeting, obey, events, book)
        self.people.publish(RoomEventKind.ROOM_OPENED)
        self.media = RoomMedia(RoomParams(meeting.id, self.state.cells, max_speakers), self.people)
        self.chat = ChatLog()
        self._owner_id = meeting.owner_id
        self._owner_name = meeting.host_name
        self._capacity = meeting.capacity
        self._book = book
        self._next_order = 0

    @property
    def room_id(self) -> str:
        """The id of its meeting."""
        return self.people.meeting_id

    @property
    def state(self) -> RoomState:
        """What holds for everybody."""
        return self.people.state

    @property
    def participants(self) -> Mapping[str, Participant]:
        """Who is in, by id, in the order of their coming."""
        return self.people.present

    @property
    def has_host(self) -> bool:
        """Whether a host is in."""
        return bool(self.people.hosts)

    def enter(self, seat: SeatRecord, listener: SeatListener, *, has_camera: bool) -> Participant:
        """Seat somebody who was admitted, to a new seat or one that was theirs before; everybody else is told."""
        order, self._next_order = self._next_order, self._next_order + 1
        participant = Participant.of(seat, order, listener, self.state)
        participant.chat_from = self.chat.next_id
        participant.turn_camera(has_camera)
        seen_anew = chair.offer(self.people, participant, self._owner_id) if participant.is_host else ()
        self.people.broadcast(Joined(participant.view()))
        self._add(participant)
        self.people.settle(participant, *seen_anew)
        return participant

    def restore(self, seats: Iterable[SeatRecord], held_until: float) -> None:
        """Hold the seats of those who sat there when the server stopped."""
        for seat in seats:
            participant = Participant.of(seat, seat.order, None, self.state)
            participant.held_until = held_until
            self._next_order = max(self._next_order, seat.order + 1)
            self._add(participant)
        for remembered in (self.state.chairman_id, self.state.spotlight_id):
            if remembered is not None and remembered not in self.participants:
                chair.vacate(self.people, remembered)
        self.people.settle()

    def disconnect(self, participant: Participant, held_until: float, *, has_screen: bool) -> None:
        """A participant's connection is gone, the seat waits for them. `has_screen`: it may still be shown."""
        participant.listener = None
        participant.held_until = held_until
        participant.has_screen = participant.has_screen and has_screen
        self.people.settle(participant)

    def resume(self, participant: Participant, seat: SeatRecord, listener: SeatListener, *, has_camera: bool) -> None:
        """Somebody came back in time, or in a newer tab, which wins. The others are told if anything has changed."""
        replaced, participant.listener = participant.listener, listener
        participant.display_name = seat.display_name
        participant.is_verified = seat.is_verified
        participant.is_self_muted = seat.is_self_muted
        participant.marks = seat.marks
        participant.turn_camera(has_camera)
        participant.has_screen = participant.has_screen and participant.endpoint is not None
        self.people.note_again(participant)
        self.people.settle(participant)
        if replaced is not None:
            replaced.close(EndReason.REPLACED)
        self.media.catch_up(participant, listener)

    def free_lost(self, now: float) -> None:
        """Free the seats of those who have not come back in time."""
        for participant in tuple(self.participants.values()):
            if participant.listener is None and now >= participant.held_until:
                self.leave(participant.participant_id, LeaveReason.LOST)

    def leave(self, participant_id: str, reason: LeaveReason, by: Actor | None = None) -> None:
        """Free a seat; without effect if it is free. Only who leaves by themselves is forgotten."""
        participant = self.people.drop(participant_id)
        if participant is None:
            return
        self.media.forget(participant)
        if reason is LeaveReason.LEFT:
            self._book.forget_seat(self.room_id, participant_id)
        else:
            is_removed = reason is LeaveReason.REMOVED
            self._book.note(participant.record(self.room_id, is_present=False, is_removed=is_removed))
        self.people.obey(RemoveParticipant(self.room_id, participant_id))
        self.people.broadcast(Left(participant_id, reason))
        self.people.publish(RoomEventKind.PARTICIPANT_LEFT, participant, reason.value, _identity(participant), by)
        if chair.vacate(self.people, participant_id):
            self.people.settle()

    def remove(self, participant_id: str, by: Actor | None = None) -> None:
        """Out, and told so. Raises RequestError `no_such_participant`."""
        participant = self.people.find(participant_id)
        self.leave(participant_id, LeaveReason.REMOVED, by)
        if participant.listener is not None:
            participant.listener.close(EndReason.REMOVED)

    def name_for(self, participant: Participant, wanted: str) -> str:
        """What somebody who wants this name is called: no guest passes for a host, or for the owner, unmarked."""
        is_theirs = participant.is_host or wanted == participant.display_name
        return wanted if is_theirs else self.guest_name_for(wanted)

    def guest_name_for(self, wanted: str) -> str:
        """The same of a guest, in or about to come in, as the hosts are now."""
        return guest_name(wanted, (self._owner_name, *(host.display_name for host in self.people.hosts)))

    def follow(self, meeting: Meeting) -> None:
        """The stored meeting was edited."""
        self._capacity = meeting.capacity
        self.state.follow(meeting)
        self.media.resize()
        self.people.settle()

    def welcome(self, participant: Participant, seat_token: str, *, is_resumed: bool, **for_hosts: Any) -> Welcome:
        """The room as somebody finds it who has just been seated. `for_hosts`: what only they are told of the door."""
        return Welcome(
            participant_id=participant.participant_id,
            role=participant.role.value,
            subject=self.state.subject,
            cells=self.state.cells,
            is_locked=self.state.is_locked,
            control=self.state.control.value,
            capacity=self._capacity,
            participants=tuple(other.view() for other in self.participants.values()),
            seat_token=seat_token,
            is_resumed=is_resumed,
            has_media=participant.endpoint is not None,
            layout=self.state.layout.value,
            spotlight_id=self.state.spotlight_id,
            is_mute_on_entry=self.state.is_mute_on_entry,
            chat=self.chat.of(participant) if is_resumed else (),
            **for_hosts,
        )

    def close(self, reason: EndReason, by: Actor | None = None) -> None:
        """Everybody is told and out, the media plane forgets the room. `by`: whoever ended it for all."""
        for participant in tuple(self.participants.values()):
            self.people.drop(participant.participant_id)
            if participant.listener is not None:
                participant.listener.close(reason)
            self.people.publish(RoomEventKind.PARTICIPANT_LEFT, participant, reason.value, _identity(participant), by)
        self.media.close()
        self.people.publish(RoomEventKind.ROOM_CLOSED, detail=reason.value, by=by)

    def _add(self, participant: Participant) -> None:
        self.people.add(participant)
        kind, role = RoomEventKind.PARTICIPANT_JOINED, participant.role.value
        self.people.publish(kind, participant, role, _identity(participant))


def _identity(participant: Participant) -> dict[str, Any]:
    """What events tell of who came or went."""
    return {
        "display_name": participant.display_name,
        "role": participant.role.value,
        "via": "browser",
        "seat_id": participant.participant_id,
    }
