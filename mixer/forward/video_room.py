"""The pictures of one room: who publishes which, who watches whom, and when that changes.

It connects up tracks to down tracks and decides neither ranks (`slots`) nor packets (`forwarder`).
"""

from collections.abc import Callable, Iterable

from mixer.base.drops import Drops
from mixer.events import SlotView
from mixer.forward.down_track import DownTrack
from mixer.forward.layers import best_layer
from mixer.forward.slots import Picture, prefer, rank
from mixer.forward.viewer import Viewer
from mixer.params import MediaLine, ParticipantParams, Purpose
from mixer.router.layer import Layer
from mixer.router.video_up_track import VideoUpTrack

SPEECH_REST_S = 0.150
"""The least time between two arrangements for the sake of who speaks."""

LAYER_INTERVAL_S = 0.100
"""How often it is looked whether a layer has died."""

OnSlots = Callable[[str, tuple[SlotView, ...]], None]
"""The endpoint, and its slots in the order of the layout."""


class VideoRoom:
    """Joining, leaving and publishing take effect at once, speech at a `poll`; `on_slots` is told of changes only."""

    def __init__(self, cells: int, on_slots: OnSlots, drops: Drops) -> None:
        self._cells = cells
        self._on_slots = on_slots
        self._drops = drops
        self._participants: dict[str, ParticipantParams] = {}
        self._published: dict[Picture, VideoUpTrack] = {}
        self._viewers: dict[str, Viewer] = {}
        self._pins: dict[str, str] = {}
        """Whom a participant wants to see, by their ids."""
        self._layers: dict[VideoUpTrack, Layer | None] = {}
        self._speaking: tuple[str, ...] = ()
        self._spoke_at: dict[str, float] = {}
        self._arranged_at = float("-inf")
        self._arrange_at = float("inf")
        self._look_at = float("-inf")

    def set_cells(self, cells: int, now: float) -> None:
        """Change how many pictures each viewer sees at most."""
        self._cells = cells
        self._arrange(now)

    def set_participant(self, participant: ParticipantParams, now: float) -> None:
        """Add a participant or replace what is known of them."""
        if self._participants.get(participant.participant_id) != participant:
            self._participants[participant.participant_id] = participant
            self._arrange(now)

    def set_pin(self, participant_id: str, pinned_id: str | None, now: float) -> None:
        """Whom a participant wants to see whoever speaks; None: nobody in particular."""
        if pinned_id is None:
            self._pins.pop(participant_id, None)
        else:
            self._pins[participant_id] = pinned_id
        self._arrange(now)

    def remove_participant(self, participant_id: str, now: float) -> None:
        """Forget a participant and what they publish."""
        self._participants.pop(participant_id, None)
        self._pins.pop(participant_id, None)
        self._spoke_at.pop(participant_id, None)
        self._speaking = tuple(speaker for speaker in self._speaking if speaker != participant_id)
        for picture in [picture for picture in self._published if picture.participant_id == participant_id]:
            self._withdraw(picture)
        self._arrange(now)

    def publish(self, participant_id: str, purpose: Purpose, track: VideoUpTrack, now: float) -> None:
        """Offer a track as that picture; it replaces one from another device of the participant."""
        picture = Picture(participant_id, purpose)
        if self._published.get(picture) is track:
            return
        self._withdraw(picture)
        self._published[picture] = track
        self._layers[track] = best_layer(track, now)
        track.on_layer_started = self._layer_started
        self._arrange(now)

    def unpublish(self, participant_id: str, purpose: Purpose, track: VideoUpTrack, now: float) -> None:
        """Take the track back, unless another has replaced it meanwhile."""
        picture = Picture(participant_id, purpose)
        if self._published.get(picture) is track:
            self._withdraw(picture)
            self._arrange(now)

    def add_viewer(
        self,
        endpoint_id: str,
        participant_id: str,
        slot_lines: tuple[MediaLine, ...],
        send: Callable[[bytes], None],
        now: float,
    ) -> tuple[DownTrack, ...]:
        """Send pictures to an endpoint through `send`, or change the slots of one that is known.

        Gives its down tracks in the order of the lines, each of which must have an ssrc.
        """
        viewer = self._viewers.setdefault(endpoint_id, Viewer(participant_id))
        viewer.configure(slot_lines, send, self._drops)
        self._arrange(now)
        return tuple(slot.down_track for slot in viewer.slots)

    def remove_viewer(self, endpoint_id: str) -> None:
        """Send an endpoint nothing more."""
        viewer = self._viewers.pop(endpoint_id, None)
        if viewer:
            viewer.close()

    def speaking(self, participant_ids: Iterable[str], now: float) -> None:
        """These speak now, loudest first, and nobody else."""
        speaking = tuple(speaker for speaker in participant_ids if speaker in self._participants)
        if speaking == self._speaking:
            return
        for participant_id in set(self._speaking).difference(speaking):
            self._spoke_at[participant_id] = now
        self._speaking = speaking
        self._arrange_at = max(now, self._arranged_at + SPEECH_REST_S)

    def poll(self, now: float) -> None:
        """Let time pass: arrange by speech, leave layers that have died. Call it every tick."""
        if now >= self._arrange_at:
            self._arrange(now)
        if now >= self._look_at:
            self._look_at = now + LAYER_INTERVAL_S
            for track in self._layers:
                self._choose_layer(track, now, is_asking=True)

    def _arrange(self, now: float) -> None:
        self._arranged_at = now
        self._arrange_at = float("inf")
        # Who speaks still comes before who has just stopped, and who is loudest before who falls in.
        still_speaking = {speaker: now + 1 + place for place, speaker in enumerate(reversed(self._speaking))}
        spoke_at = {**self._spoke_at, **still_speaking}
        ranking = rank(self._participants.values(), spoke_at)
        sources = {picture: track for picture, track in self._published.items() if self._is_on(picture)}
        for endpoint_id, viewer in self._viewers.items():
            wanted = prefer(ranking, self._pins.get(viewer.participant_id))
            if viewer.arrange(wanted, sources, self._cells, now):
                self._on_slots(endpoint_id, viewer.view)

    def _is_on(self, picture: Picture) -> bool:
        participant = self._participants.get(picture.participant_id)
        if participant is None:
            return False
        return participant.has_screen if picture.purpose is Purpose.SCREEN else participant.has_camera

    def _withdraw(self, picture: Picture) -> None:
        track = self._published.pop(picture, None)
        if track:
            del self._layers[track]
            track.on_layer_started = None

    def _layer_started(self, track: VideoUpTrack, now: float) -> None:
        # Its first packet is about to be handed on. If that begins a key frame nothing need be asked for, and if not,
        # each viewer that has to drop it asks.
        self._choose_layer(track, now, is_asking=False)

    def _choose_layer(self, track: VideoUpTrack, now: float, *, is_asking: bool) -> None:
        layer = best_layer(track, now)
        if layer is None or layer is self._layers[track]:
            return
        self._layers[track] = layer
        watching = [slot for viewer in self._viewers.values() for slot in viewer.slots if slot.source is track]
        for slot in watching:
            slot.aim(layer)
        if watching and is_asking:
            track.request_key_frame(layer, now)
