"""Tells live rooms, and who waits for one, what happened to their meetings in another process (`meeting delete`).

It asks the database one question each time it is called; calling it every few seconds is the caller's business.
"""

from confserver.meetings.service import Meetings
from confserver.rooms.live import LiveRooms


class Changes:
    """Compares the revisions of live meetings with those seen before."""

    def __init__(self, meetings: Meetings, live: LiveRooms) -> None:
        self._meetings = meetings
        self._live = live
        self._revisions: dict[str, int] = {}

    async def apply(self) -> None:
        """Ends the rooms whose meeting is gone, and tells the others of a changed definition."""
        live_ids = frozenset(self._live.followed_ids)
        if not live_ids:
            self._revisions = {}
            return
        before, self._revisions = self._revisions, await self._meetings.revisions(live_ids)
        for meeting_id in live_ids - self._revisions.keys():
            await self._live.end(meeting_id, "deleted")
        for meeting_id, revision in self._revisions.items():
            if before.get(meeting_id) not in (None, revision):
                meeting = await self._meetings.by_id(meeting_id)
                if meeting is not None:
                    await self._live.meeting_changed(meeting)
