"""One participant's hold on a room: what their page may ask for, and the answer to its offers.

It negotiates their endpoint; whether they may have what they ask for, and what becomes of it, is not decided here.
"""

import secrets
from collections.abc import Callable, Mapping

from confserver.rooms.participant import Participant, SeatEndpoint
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.room import Room
from mixer.capabilities import Capabilities
from mixer.params import EndpointParams, Purpose
from signaling.commands import Command
from signaling.errors import RequestError
from signaling.ports import LeaveReason, SeatListener, Welcome
from signaling.sdp.errors import SdpError
from signaling.sdp.negotiate import LocalDescription, answer
from signaling.sdp.parse import parse

SOUND = frozenset({Purpose.AUDIO, Purpose.SCREEN_AUDIO})

HOLD_S = 11.5
GOING_AWAY_HOLD_S = 4.5
"""How long a seat waits for somebody whose connection is gone: 12 s and 5 s as the others see it, less what the sweep
may be late. A page that said it is going away was reloaded, and is soon back, or closed."""


class RoomSeat:
    """Implements `signaling.ports.Seat`.

    It is good as long as `listener` sits there: neither after the seat was freed nor after a newer connection took it.
    `describe()` gives our side of a transport: ICE credentials never used, the worker's fingerprints and candidates.
    `clock` gives monotonic seconds.
    """

    def __init__(
        self,
        room: Room,
        participant: Participant,
        listener: SeatListener,
        welcome: Welcome,
        describe: Callable[[], LocalDescription],
        registry: RoomRegistry,
        clock: Callable[[], float],
    ) -> None:
        self.welcome = welcome
        self._listener = listener
        self._clock = clock
        self._room = room
        self._participant = participant
        self._describe = describe
        self._registry = registry

    @property
    def participant_id(self) -> str:
        """The id by which others know who sits here."""
        return self._participant.participant_id

    async def negotiate(self, offer_sdp: str, lines: Mapping[str, Purpose], is_new: bool) -> str:
        """Answer an offer and open the endpoint, renegotiate it or restart its ICE. Raises RequestError `bad_sdp`."""
        self._require_seat()
        before = self._participant.endpoint
        kept = None if is_new else before
        try:
            offer = parse(offer_sdp)
            previous = kept.negotiated if kept else None
            negotiated = answer(offer, self._allowed(lines), self._describe(), Capabilities(), _new_ssrc, previous)
        except SdpError as error:
            raise RequestError("bad_sdp", str(error)) from None
        if before is not None and kept is None:
            self._room.media.close_endpoint(before.endpoint_id)
        endpoint_id = kept.endpoint_id if kept else secrets.token_urlsafe(9)
        self._participant.endpoint = SeatEndpoint(endpoint_id, negotiated)
        self._room.media.open_endpoint(
            EndpointParams(endpoint_id, self.participant_id, negotiated.transport, negotiated.lines)
        )
        return negotiated.sdp

    def obey(self, command: Command) -> None:
        """Raises RequestError `not_allowed`, `no_such_participant` and others of docs/protocol.md."""
        self._require_seat()
        self._registry.steer(self._room.room_id, self._room.people.tenant_id, self._participant.actor(), command)

    def leave(self) -> None:
        """Free the seat; may be called again without effect."""
        if self._is_held:
            self._room.leave(self.participant_id, LeaveReason.LEFT)
            self._registry.close_if_empty(self._room.room_id)

    def disconnect(self, is_going_away: bool) -> None:
        """Hold the seat for a while; may be called again without effect."""
        if self._is_held:
            held_until = self._clock() + (GOING_AWAY_HOLD_S if is_going_away else HOLD_S)
            # The browser ends what a page shares of the screen as the page goes.
            self._room.disconnect(self._participant, held_until, has_screen=not is_going_away)

    @property
    def _is_held(self) -> bool:
        """Whether this connection still sits here: the room knows the participant, and they know the connection."""
        is_in = self._room.participants.get(self.participant_id) is self._participant
        return is_in and self._participant.listener is self._listener

    def _allowed(self, lines: Mapping[str, Purpose]) -> Mapping[str, Purpose]:
        """The m-lines that this room has a use for; the others are rejected in the answer."""
        if self._room.state.has_pictures:
            return lines
        return {mid: purpose for mid, purpose in lines.items() if purpose in SOUND}

    def _require_seat(self) -> None:
        if not self._is_held:
            raise RequestError("no_such_participant", "There is no such participant in this meeting.")


def _new_ssrc() -> int:
    return secrets.randbelow(2**32 - 1) + 1
