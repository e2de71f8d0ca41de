"""The slots of one viewing endpoint: what each carries, and how that is told.

It ranks nobody: `slots` does. docs/protocol.md, "Slots".
"""

from collections.abc import Callable, Mapping

from mixer.base.drops import Drops
from mixer.capabilities import GENERATIONS
from mixer.events import SlotView
from mixer.forward.down_track import DownTrack
from mixer.forward.layers import best_layer
from mixer.forward.slots import Cell, Picture, Ranking, assign
from mixer.params import MediaLine
from mixer.router.layer import Layer
from mixer.router.video_up_track import VideoUpTrack


class Slot:
    """A down track and the picture it is meant to show. `generation` is None while no picture is to be expected."""

    def __init__(self, down_track: DownTrack) -> None:
        self.down_track = down_track
        self.picture: Picture | None = None
        self.source: VideoUpTrack | None = None
        self.generation: int | None = None
        self._last_generation = -1

    def carry(self, picture: Picture | None, source: VideoUpTrack | None, now: float) -> bool:
        """Show `picture` from now on, which comes from `source`; without a source nothing is sent at once.

        Tells whether that is a change.
        """
        if picture == self.picture and source is self.source:
            return False
        self.picture = picture
        if source is not self.source:
            self._change_source(source, now)
        return True

    def aim(self, layer: Layer) -> None:
        """Show the picture through that layer of its source."""
        if self.generation is not None:
            self.down_track.show(layer, self.generation)

    @property
    def view(self) -> SlotView:
        """What the page is told of this slot."""
        participant_id, purpose = self.picture or (None, None)
        return SlotView(self.down_track.line.mid, participant_id, purpose, self.generation)

    def _change_source(self, source: VideoUpTrack | None, now: float) -> None:
        self.source = source
        if source is None:
            self.generation = None
            self.down_track.stop()
            return
        self.generation = self._last_generation = (self._last_generation + 1) % GENERATIONS
        layer = best_layer(source, now)
        if layer is None:
            self.down_track.hold()
        else:
            self.aim(layer)
            self.down_track.key_frame_wanted(now)


class Viewer:
    """One endpoint that is sent pictures. `view` is what it was told last, in the order of the layout."""

    def __init__(self, participant_id: str) -> None:
        self.participant_id = participant_id
        self.slots: tuple[Slot, ...] = ()
        self.view: tuple[SlotView, ...] = ()
        self._placed: tuple[Cell, ...] | None = None

    def configure(self, lines: tuple[MediaLine, ...], send: Callable[[bytes], None], drops: Drops) -> None:
        """Replace the slots; one that keeps its ssrc goes on undisturbed."""
        known = {slot.down_track.stream.ssrc: slot for slot in self.slots}
        slots = []
        for line in lines:
            slot = known.pop(line.ssrc, None) if line.ssrc is not None else None
            if slot is None:
                slot = Slot(DownTrack(line, send, drops))
            slot.down_track.line = line
            slots.append(slot)
        self.slots = tuple(slots)
        self._placed = None
        for slot in known.values():
            slot.down_track.stop()

    def arrange(self, ranking: Ranking, sources: Mapping[Picture, VideoUpTrack], cells: int, now: float) -> bool:
        """Give each slot its picture; tells whether `view` has changed by that."""
        placed = assign(ranking, self.participant_id, [slot.picture for slot in self.slots], cells)
        pictures = {cell.slot: cell.picture for cell in placed}
        has_changed = placed != self._placed
        for index, slot in enumerate(self.slots):
            picture = pictures.get(index)
            has_changed |= slot.carry(picture, sources.get(picture) if picture else None, now)
        if has_changed:
            self._placed = placed
            empty = (slot for index, slot in enumerate(self.slots) if index not in pictures)
            self.view = tuple(slot.view for slot in (*(self.slots[cell.slot] for cell in placed), *empty))
        return has_changed

    def close(self) -> None:
        """Send nothing more."""
        for slot in self.slots:
            slot.down_track.stop()
