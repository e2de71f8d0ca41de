"""What holds for everybody in a room: the part of its meeting that a room needs, and what hosts have made of it.

State and how it looks from outside; what may change it is decided by `permissions`, what it means for one participant
by `participant`.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from confserver.meetings.fields import Control, Layout, Mode
from confserver.meetings.meeting import Meeting
from confserver.rooms.seat_book import RoomRecord
from signaling.ports import RoomChanged


@dataclass(slots=True)
class RoomState:
    """One for each live room; `hands` are the ids of who asks for the word, the first to ask first.

    `chairman_id`: the one host who owns the meeting for now; `is_chair_given`: because somebody handed it over.
    """

    subject: str
    mode: Mode
    layout: Layout
    control: Control
    is_mute_on_entry: bool
    is_locked: bool = False
    chairman_id: str | None = None
    is_chair_given: bool = False
    spotlight_id: str | None = None
    hands: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, meeting: Meeting, record: RoomRecord) -> "RoomState":
        """A room that opens, with what is remembered of the one before it."""
        return cls(
            subject=meeting.subject,
            mode=meeting.mode,
            layout=meeting.layout,
            control=meeting.control,
            is_mute_on_entry=meeting.mute_on_entry,
            is_locked=record.is_locked,
            chairman_id=record.chairman_id,
            is_chair_given=record.is_chair_given,
            spotlight_id=record.spotlight_id,
        )

    def follow(self, meeting: Meeting) -> None:
        """The stored meeting was edited."""
        self.subject = meeting.subject
        self.layout = meeting.layout
        self.control = meeting.control
        self.is_mute_on_entry = meeting.mute_on_entry

    @property
    def cells(self) -> int:
        """How many pictures a viewer gets at most; a meeting of mode AUDIO has none."""
        return 0 if self.mode is Mode.AUDIO else self.layout.cells

    @property
    def has_pictures(self) -> bool:
        """Whether anybody may be seen here at all."""
        return self.cells > 0

    def hand_of(self, participant_id: str) -> int | None:
        """Their place among those who ask for the word, 1 first."""
        return self.hands.index(participant_id) + 1 if participant_id in self.hands else None

    def view(self) -> RoomChanged:
        """All of what pages are told."""
        return RoomChanged(
            is_locked=self.is_locked,
            subject=self.subject,
            cells=self.cells,
            layout=self.layout.value,
            control=self.control.value,
            spotlight_id=self.spotlight_id or "",
            is_mute_on_entry=self.is_mute_on_entry,
        )

    def record(self, meeting_id: str) -> RoomRecord:
        """What is to be remembered when the room is gone."""
        return RoomRecord(meeting_id, self.is_locked, self.chairman_id, self.is_chair_given, self.spotlight_id)


def differences(before: Any, after: Any) -> dict[str, Any]:
    """Of two values of one dataclass: by name, what the fields hold now that held something else."""
    names = (each.name for each in fields(after))
    return {name: value for name in names if (value := getattr(after, name)) != getattr(before, name)}
