"""A connection in the waiting room: its holder hears the tenant's music and nothing of the meeting.

By construction: it knows no room, and its media are the lobby's. Who is let in is not decided here.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from confserver.meetings.meeting import Meeting
from mixer.params import Purpose
from signaling.errors import Refused, RequestError
from signaling.ports import EndReason, Knock, SeatListener, Waiting

Lines = Mapping[str, Purpose]


class WaitingMedia(Protocol):
    """What somebody who waits hears; of the meeting, nothing."""

    async def negotiate(self, meeting: Meeting, place_id: str, sdp: str, lines: Lines, is_new: bool) -> str:
        """The answer to an offer. Raises RequestError `bad_sdp`."""
        ...

    def close(self, meeting_id: str, place_id: str) -> None:
        """The place is gone; without effect if it had no media."""
        ...


class Place:
    """Implements `signaling.ports.WaitingPlace`, until it `is_gone`.

    `on_gone` is told when its holder left, or, with True, when only their connection is gone.
    """

    def __init__(
        self,
        waiting: Waiting,
        meeting: Meeting,
        knock: Knock,
        listener: SeatListener,
        media: WaitingMedia,
        on_gone: "Callable[[Place, bool], None]",
    ) -> None:
        self.waiting = waiting
        self.meeting = meeting
        self.knock = knock
        self.listener = listener
        self.is_gone = False
        self._media = media
        self._on_gone = on_gone

    @property
    def waiting_id(self) -> str:
        """Of the entry that it belongs to."""
        return self.waiting.waiting_id

    async def negotiate(self, offer_sdp: str, lines: Mapping[str, Purpose], is_new: bool) -> str:
        """Raises RequestError `bad_sdp`, or `out_of_turn` when nobody waits here any more."""
        if self.is_gone:
            raise RequestError("out_of_turn", "Nobody waits here any more.")
        return await self._media.negotiate(self.meeting, self.waiting_id, offer_sdp, lines, is_new)

    def leave(self) -> None:
        """Give the place up."""
        self._go(is_held=False)

    def disconnect(self, is_going_away: bool) -> None:
        """The place is held for a few seconds, however the connection ended."""
        self._go(is_held=True)

    def say(self, waiting: Waiting) -> None:
        """They wait for something else now."""
        self.waiting = waiting
        self.listener.made_to_wait(self)

    def refuse(self, refusal: Refused) -> None:
        """There is no seat for them."""
        self.is_gone = True
        self.listener.refused(refusal)

    def close(self, reason: EndReason) -> None:
        """The server stops, or a newer connection waits in its stead."""
        self.is_gone = True
        self.listener.close(reason)

    def _go(self, is_held: bool) -> None:
        if not self.is_gone:
            self.is_gone = True
            self._on_gone(self, is_held)
