"""What one video line of a client shows, and whose picture that is by the generation in the frame's timestamp.

It decodes nothing; docs/protocol.md, "Slots: whose picture is it?", is what it follows.
"""

from dataclasses import dataclass, field
from typing import Any

from aiortc import RTCRtpTransceiver

from tests.peers.tracks import Colour

GENERATION_MASK = 7


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest frame of a slot: its colour, and the participant whose name belongs to it by its generation."""

    colour: Colour
    generation: int
    participant_id: str | None


@dataclass
class Slot:
    """One receive-only video line: what was announced for it by generation, and what has arrived."""

    transceiver: RTCRtpTransceiver
    intended: dict[str, Any] = field(default_factory=dict)
    participants: dict[int, str | None] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    """Every change of picture, oldest first; frames that look like the one before are not repeated."""
    frames: int = 0

    def announce(self, entry: dict[str, Any]) -> None:
        """Take one entry of a `slots` message."""
        self.intended = entry
        if entry["generation"] is not None:
            self.participants[entry["generation"]] = entry["participant_id"]

    def show(self, colour: Colour, rtp_timestamp: int) -> None:
        """Take a decoded frame."""
        generation = rtp_timestamp & GENERATION_MASK
        picture = Picture(colour, generation, self.participants.get(generation))
        self.frames += 1
        if not self.pictures or self.pictures[-1] != picture:
            self.pictures.append(picture)
