"""A person in a room: their name, role and state, and the device through which they take part.

It holds state and says how it looks to others; what may change it is decided by `room`.
"""

from dataclasses import dataclass

from confserver.rooms.admission import Role
from mixer.params import ParticipantParams
from signaling.ports import ParticipantView, SeatListener
from signaling.sdp.negotiate import Negotiated


@dataclass(frozen=True, slots=True)
class SeatEndpoint:
    """The one peer connection of a seat, and what was negotiated last."""

    endpoint_id: str
    negotiated: Negotiated


@dataclass(slots=True)
class Participant:
    """One seat that is taken. `order` ascends by time of joining; `endpoint` while the media plane holds one."""

    participant_id: str
    display_name: str
    role: Role
    listener: SeatListener
    order: int
    is_self_muted: bool = False
    is_muted_by_host: bool = False
    has_camera: bool = False
    has_screen: bool = False
    position: int | None = None
    endpoint: SeatEndpoint | None = None

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
