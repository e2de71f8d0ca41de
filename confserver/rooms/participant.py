"""A person in a room: their name, role and state, and the device through which they take part.

It holds state and says how it looks to others; what may change it is decided by `room`.
"""

from dataclasses import dataclass

from confserver.rooms.admission import Role
from confserver.rooms.seat_book import SeatRecord
from mixer.params import ParticipantParams
from signaling.ports import ParticipantView, SeatListener, Slots
from signaling.sdp.negotiate import Negotiated


@dataclass(frozen=True, slots=True)
class SeatEndpoint:
    """The one peer connection of a seat, and what was negotiated last."""

    endpoint_id: str
    negotiated: Negotiated


@dataclass(slots=True)
class Participant:
    """One seat that is taken. `order` ascends by time of joining.

    `listener`: their connection, None while they are reconnecting; then the seat is held until `held_until`
    (monotonic seconds). `endpoint`: while the media plane holds one; `slots`: what it was last meant to show.
    """

    participant_id: str
    display_name: str
    role: Role
    listener: SeatListener | None
    order: int
    is_self_muted: bool = False
    is_muted_by_host: bool = False
    has_camera: bool = False
    has_screen: bool = False
    position: int | None = None
    held_until: float = 0.0
    endpoint: SeatEndpoint | None = None
    slots: Slots | None = None

    @classmethod
    def of(
        cls, seat: SeatRecord, order: int, listener: SeatListener | None, *, has_camera: bool = False
    ) -> "Participant":
        """Whoever sits down on a seat, new or remembered."""
        return cls(
            participant_id=seat.seat_id,
            display_name=seat.display_name,
            role=seat.role,
            listener=listener,
            order=order,
            is_self_muted=seat.is_self_muted,
            is_muted_by_host=seat.is_muted_by_host,
            has_camera=has_camera,
            position=seat.position,
        )

    @property
    def is_muted(self) -> bool:
        """What the others hear: nothing, by either kind of mute."""
        return self.is_self_muted or self.is_muted_by_host

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
        )

    def params(self) -> ParticipantParams:
        """What the media plane must know."""
        return ParticipantParams(
            participant_id=self.participant_id,
            order=self.order,
            is_muted=self.is_muted,
            is_silenced=self.is_muted_by_host,
            has_camera=self.has_camera,
            has_screen=self.has_screen,
            position=self.position,
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
            position=self.position,
            is_present=is_present,
            is_removed=is_removed,
        )
