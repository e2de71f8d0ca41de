"""What hosts change of a meeting while it runs is stored with it, in the end, whatever is in the way."""

from typing import Any

import pytest

from confserver.errors import Conflict, Unavailable
from confserver.meetings.fields import Control, Layout
from confserver.meetings.meeting import Meeting
from confserver.rooms.edits import MeetingEdits
from signaling.commands import MuteOnEntry, SetControl, SetLayout
from signaling.ports import RoomChanged
from tests.confserver.rooms.gathering import meeting as unstored
from tests.confserver.rooms.house import House


async def stored(house: House, meeting: Meeting) -> tuple[Layout, Control, bool]:
    found = await house.services.meetings.by_id(meeting.id)
    assert found is not None
    return found.layout, found.control, found.mute_on_entry


async def test_layout_control_and_mute_on_entry_are_stored_also_of_a_meeting_nobody_is_in(house: House) -> None:
    meeting = await house.meeting()
    for command in (SetLayout(layout="LAYOUT2"), SetLayout(layout="LAYOUT4"), SetControl(control="MASTER")):
        house.steer(meeting, command)
    assert await house.edits_writer.flush()
    _, page = await house.enter(meeting)
    house.steer(meeting, MuteOnEntry(is_on=True))
    assert page.told == [RoomChanged(is_mute_on_entry=True)]
    assert await house.edits_writer.flush()
    assert await stored(house, meeting) == (Layout.LAYOUT4, Control.MASTER, True)


async def test_what_is_not_stored_yet_holds_for_a_room_that_opens_or_is_edited(house: House) -> None:
    meeting = await house.meeting()
    house.steer(meeting, SetLayout(layout="LAYOUT1"))
    seat, page = await house.enter(meeting)
    assert (seat.welcome.layout, seat.welcome.cells) == ("LAYOUT1", 1)
    renamed = await house.services.meetings.update(meeting.id, {"subject": "Daily"})
    await house.registry.meeting_changed(renamed)
    assert page.told == [RoomChanged(subject="Daily")]
    assert await house.edits_writer.flush()
    # From now on whoever edits the meeting has the last word.
    edited = await house.services.meetings.update(meeting.id, {"layout": "LAYOUT9"})
    await house.registry.meeting_changed(edited)
    assert page.told[-1] == RoomChanged(layout="LAYOUT9", cells=9)


@pytest.mark.parametrize("failure", [Unavailable("The disk is full.", 5.0), Conflict("At the same moment.")])
async def test_what_could_not_be_stored_is_due_again_and_the_last_word_counts(failure: Exception) -> None:
    written: list[dict[str, Any]] = []
    failures = [failure]

    async def update(meeting_id: str, fields: Any) -> None:
        if failures:
            edits.note("m", {"layout": Layout.LAYOUT3})  # while it is being written
            raise failures.pop()
        written.append(dict(fields))

    edits = MeetingEdits(update)
    edits.note("m", {"layout": Layout.LAYOUT2, "mute_on_entry": True})
    first = edits.take_changes()
    assert first is not None
    with pytest.raises(type(failure)):
        await edits.write(first)
    edits.changes_failed()
    assert edits.over(unstored()).layout is Layout.LAYOUT3
    again = edits.take_changes()
    assert again is not None
    await edits.write(again)
    assert written == [{"layout": Layout.LAYOUT3, "mute_on_entry": True}]
    assert edits.over(unstored()) == unstored()
    assert edits.take_changes() is None


async def test_of_a_deleted_meeting_nothing_is_stored_and_nothing_is_due(house: House) -> None:
    gone, other = await house.meeting(), await house.meeting()
    for meeting in (gone, other):
        house.steer(meeting, SetLayout(layout="LAYOUT2"))
    await house.services.meetings.delete(gone.id)
    assert await house.edits_writer.flush()
    assert house.edits.take_changes() is None
    assert (await stored(house, other))[0] is Layout.LAYOUT2
