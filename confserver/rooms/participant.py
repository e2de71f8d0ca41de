"""A person in a room: their name, role and state, and the device through which they take part.

It holds state and says how it looks to others, to the media plane and to the book of seats; what may change it is
decided by `permissions`.
"""

from dataclasses import dataclass, field

from confserver.meetings.fields import Control
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.marks import Marks
from confserver.rooms.room_state import RoomState
from confserver.rooms.seat_book import SeatRecord
from mixer.params import ParticipantParams
from signaling.ports import ParticipantView, SeatListener, Slots
from signaling.sdp.negotiate import Negotiated

HIDDEN = -1
"""The position of a participant whom nobody sees."""


@dataclass(frozen=True, slots=True)
class SeatEndpoint:
    """The one peer connection of a seat, and what was negotiated last."""

    endpoint_id: str
    negotiated: Negotiated


@dataclass(slots=True, eq=False)
class Participant:
    """One seat that is taken, like no other. `order` ascends by time of joining; `room` is the state of their room.

    `listener`: their connection, None while they are reconnecting; then the seat is held until `held_until`
    (monotonic seconds). `endpoint`: while the media plane holds one; `slots`: what it was last meant to show.
    `marks`: what tells them again; `pinned_id`: whom they want to see themselves; `chat_from`: the first message
    that was written when they were in.
    """

    participant_id: str
    display_name: str
    role: Role
    listener: SeatListener | None
    order: int
    room: RoomState = field(repr=False)
    marks: Marks = field(default_factory=Marks, repr=False)
    is_verified: bool = False
    is_self_muted: bool = False
    is_muted_by_host: bool = False
    is_camera_stopped: bool = False
    has_camera: bool = False
    has_screen: bool = False
    has_been_given_floor: bool = False
    position: int | None = None
    pinned_id: str | None = None
    chat_from: int = 0
    held_until: float = 0.0
    endpoint: SeatEndpoint | None = None
    slots: Slots | None = None

    @classmethod
    def of(cls, seat: SeatRecord, order: int, listener: SeatListener | None, room: RoomState) -> "Participant":
        """Whoever sits down on a seat, new or remembered; their camera is off."""
        return cls(
            participant_id=seat.seat_id,
            display_name=seat.display_name,
            role=seat.role,
            listener=listener,
            order=order,
            room=room,
            marks=seat.marks,
            is_verified=seat.is_verified,
            is_self_muted=seat.is_self_muted,
            is_muted_by_host=seat.is_muted_by_host,
            is_camera_stopped=seat.is_camera_stopped,
            has_been_given_floor=seat.has_floor,
            position=seat.position,
        )

    @property
    def is_host(self) -> bool:
        """Whether they may steer the room."""
        return self.role is Role.HOST

    @property
    def is_chairman(self) -> bool:
        """Whether they own the meeting for now."""
        return self.room.chairman_id == self.participant_id

    @property
    def is_muted(self) -> bool:
        """What the others hear: nothing, by either kind of mute."""
        return self.is_self_muted or self.is_muted_by_host

    @property
    def has_floor(self) -> bool:
        """Whether they would be heard and seen under MASTER."""
        return self.is_host or self.has_been_given_floor

    def turn_camera(self, is_on: bool) -> None:
        """On only where there are pictures and no host has stopped theirs."""
        self.has_camera = is_on and self.room.has_pictures and not self.is_camera_stopped

    def turn_screen(self, is_on: bool) -> None:
        """On only where there are pictures."""
        self.has_screen = is_on and self.room.has_pictures

    def rename(self, display_name: str) -> None:
        """By themselves or a host: nobody's login says that this is their name."""
        self.is_verified = self.is_verified and display_name == self.display_name
        self.display_name = display_name

    def actor(self) -> Actor:
        """Who issues their commands."""
        return Actor("participant", self.participant_id, self.display_name, self.role, self.is_chairman)

    def view(self) -> ParticipantView:
        """How others see them."""
        return ParticipantView(
            id=self.participant_id,
            display_name=self.display_name,
            role=self.role.value,
            is_muted=self.is_muted,
            is_muted_by_host=self.is_muted_by_host,
            has_camera=self.has_camera,
            has_screen=self.has_screen,
            is_reconnecting=self.listener is None,
            is_chairman=self.is_chairman,
            is_verified=self.is_verified,
            is_camera_stopped=self.is_camera_stopped,
            has_floor=self.has_floor,
            hand=self.room.hand_of(self.participant_id),
            position=self.position,
        )

    def params(self) -> ParticipantParams:
        """What the media plane must know. Who has no floor under MASTER is neither heard nor seen."""
        is_kept_back = self.room.control is Control.MASTER and not self.has_floor
        return ParticipantParams(
            participant_id=self.participant_id,
            order=self.order,
            is_muted=self.is_muted or is_kept_back,
            is_silenced=self.is_muted_by_host or is_kept_back,
            has_camera=self.has_camera and not is_kept_back,
            has_screen=self.has_screen and not is_kept_back,
            position=HIDDEN if is_kept_back else self._place(),
        )

    def record(self, meeting_id: str, *, is_present: bool = True, is_removed: bool = False) -> SeatRecord:
        """What is to be remembered of their seat."""
        return SeatRecord(
            seat_id=self.participant_id,
            meeting_id=meeting_id,
            display_name=self.display_name,
            role=self.role,
            order=self.order,
            is_self_muted=self.is_self_muted,
            is_muted_by_host=self.is_muted_by_host,
            is_camera_stopped=self.is_camera_stopped,
            has_floor=self.has_been_given_floor,
            is_verified=self.is_verified,
            marks=self.marks,
            position=self.position,
            is_present=is_present,
            is_removed=is_removed,
        )

    def _place(self) -> int | None:
        """Their cell: that of the spotlit is the first, which moves the pinned behind it."""
        if self.room.spotlight_id == self.participant_id:
            return 0
        is_moved = self.room.spotlight_id is not None and self.position is not None and self.position != HIDDEN
        return self.position + 1 if is_moved and self.position is not None else self.position
