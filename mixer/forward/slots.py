"""Whom a viewer sees: ranks the pictures of a room and gives each its slot.

Pure: it forwards nothing and keeps nothing. What a client is told of it is in docs/protocol.md, "Slots".
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from mixer.params import ParticipantParams, Purpose

HIDDEN = -1
"""The position of a participant whom nobody sees."""


class Picture(NamedTuple):
    """What a cell may show; a camera's cell also stands for a participant without a camera."""

    participant_id: str
    purpose: Purpose


class Cell(NamedTuple):
    """A picture in the slot with this index."""

    slot: int
    picture: Picture


class Ranking(NamedTuple):
    """The pictures of a room, most wanted first; the first `leading` have a place of their own in the layout."""

    pictures: tuple[Picture, ...]
    leading: int


def rank(participants: Iterable[ParticipantParams], spoke_at: Mapping[str, float]) -> Ranking:
    """Screens, then the pinned by position, then who spoke last, then who came first; `spoke_at` in seconds by id."""
    shown = sorted((person for person in participants if person.position != HIDDEN), key=lambda person: person.order)
    screens = [Picture(person.participant_id, Purpose.SCREEN) for person in shown if person.has_screen]
    pinned = sorted(
        (person.position, person.order, person.participant_id) for person in shown if person.position is not None
    )
    others = sorted(
        (-spoke_at.get(person.participant_id, float("-inf")), person.order, person.participant_id)
        for person in shown
        if person.position is None
    )
    cameras = [Picture(participant_id, Purpose.CAMERA) for _, _, participant_id in (*pinned, *others)]
    return Ranking((*screens, *cameras), len(screens) + len(pinned))


def prefer(ranking: Ranking, participant_id: str | None) -> Ranking:
    """The ranking of a viewer who wants to see this participant before all others."""
    first = tuple(picture for picture in ranking.pictures if picture.participant_id == participant_id)
    if not first:
        return ranking
    others = tuple(picture for picture in ranking.pictures if picture.participant_id != participant_id)
    led = sum(picture in first for picture in ranking.pictures[: ranking.leading])
    return Ranking((*first, *others), ranking.leading - led + len(first))


def assign(ranking: Ranking, viewer_id: str, current: Sequence[Picture | None], cells: int) -> tuple[Cell, ...]:
    """The cells of one viewer in the order of their layout, at most `cells` and never one's own picture.

    `current` is what each slot shows now, and its length how many slots there are. Who stays keeps the slot, so that
    pictures neither switch nor wander: behind the leading ones the layout follows the slots, and whoever is new appears
    where the one was who is gone.
    """
    others = (item for item in enumerate(ranking.pictures) if item[1].participant_id != viewer_id)
    wanted = {picture: place for place, picture in islice(others, min(cells, len(current)))}
    kept = {picture: slot for slot, picture in enumerate(current) if picture in wanted}
    taken = set(kept.values())
    free = (slot for slot in range(len(current)) if slot not in taken)
    placed = [Cell(kept[picture] if picture in kept else next(free), picture) for picture in wanted]
    return tuple(sorted(placed, key=lambda cell: (min(wanted[cell.picture], ranking.leading), cell.slot)))
