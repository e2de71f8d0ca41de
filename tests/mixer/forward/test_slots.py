"""Who is shown in which slot: screens, the pinned, who spoke last; nobody to themselves."""

from hypothesis import given
from hypothesis import strategies as st

from mixer.forward.sequence_map import SequenceMap
from mixer.forward.slots import Cell, Picture, assign, rank
from mixer.params import ParticipantParams, Purpose


def camera(participant_id: str) -> Picture:
    return Picture(participant_id, Purpose.CAMERA)


def person(participant_id: str, order: int, position: int | None = None, has_screen: bool = False) -> ParticipantParams:
    return ParticipantParams(participant_id, order, position=position, has_screen=has_screen)


def names(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.picture.participant_id for cell in cells]


ROOM = [person(name, order) for order, name in enumerate("abcdef")]


def test_screens_then_the_pinned_then_who_spoke_last_then_who_came_first() -> None:
    people = [
        person("a", 0), person("b", 1), person("c", 2, position=4), person("d", 3, has_screen=True),
        person("e", 4, position=0), person("f", 5), person("g", 6, position=-1, has_screen=True),
    ]  # fmt: skip
    pictures, leading = rank(people, {"f": 5.0, "b": 3.0, "g": 9.0})
    assert pictures == (Picture("d", Purpose.SCREEN), *map(camera, "ecfbad"))
    assert leading == 3


def test_nobody_sees_themselves_nor_their_own_screen() -> None:
    people = [person("a", 0, has_screen=True), person("b", 1)]
    assert assign(rank(people, {}), "a", [None] * 9, 9) == (Cell(0, camera("b")),)
    assert names(assign(rank(people, {}), "b", [None] * 9, 9)) == ["a", "a"]


def test_no_more_than_the_cells_and_no_more_than_the_slots() -> None:
    assert names(assign(rank(ROOM, {}), "a", [None] * 9, 2)) == ["b", "c"]
    assert names(assign(rank(ROOM, {}), "a", [None] * 3, 9)) == ["b", "c", "d"]


def test_who_stays_keeps_the_slot_and_who_comes_takes_the_place_of_who_goes() -> None:
    current = [camera("b"), camera("c"), camera("d")]
    cells = assign(rank(ROOM, {"f": 5.0, "d": 4.0, "b": 3.0}), "a", current, 3)
    assert cells == (Cell(0, camera("b")), Cell(1, camera("f")), Cell(2, camera("d")))


def test_speech_alone_moves_nobody_who_is_seen_already() -> None:
    current = [camera("b"), camera("c"), camera("d"), camera("e"), camera("f")]
    for speaker in "bcdef":
        assert names(assign(rank(ROOM, {speaker: 1.0}), "a", current, 9)) == list("bcdef")


def test_a_screen_and_the_pinned_lead_the_layout_wherever_their_slot_is() -> None:
    people = [person("a", 0), person("b", 1), person("c", 2, position=0), person("d", 3, has_screen=True)]
    current = [camera("b"), camera("c"), camera("d"), None]
    cells = assign(rank(people, {}), "a", current, 9)
    assert cells == (
        Cell(3, Picture("d", Purpose.SCREEN)), Cell(1, camera("c")), Cell(0, camera("b")), Cell(2, camera("d")),
    )  # fmt: skip


people = st.lists(
    st.builds(
        ParticipantParams,
        participant_id=st.sampled_from("abcdefghijkl"),
        order=st.integers(0, 20),
        has_screen=st.booleans(),
        position=st.one_of(st.none(), st.integers(-1, 8)),
    ),
    unique_by=lambda participant: participant.participant_id,
)
Room = tuple[list[ParticipantParams], dict[str, float], int]
rooms = st.tuples(people, st.dictionaries(st.sampled_from("abcdefghijkl"), st.floats(0, 100)), st.integers(1, 9))


@given(st.lists(rooms, max_size=8), st.integers(0, 9))
def test_over_any_history_the_rules_hold(
    history: list[tuple[list[ParticipantParams], dict[str, float], int]], slots: int
) -> None:
    current: list[Picture | None] = [None] * slots
    for participants, spoke_at, count in history:
        ranking = rank(participants, spoke_at)
        cells = assign(ranking, "a", current, count)
        others = [picture for picture in ranking.pictures if picture.participant_id != "a"]
        assert {cell.picture for cell in cells} == set(others[: min(count, slots)])
        assert len({cell.slot for cell in cells}) == len(cells)
        for cell in cells:
            if cell.picture in current:
                assert current[cell.slot] == cell.picture, "who stays keeps the slot"
        shown = {cell.slot: cell.picture for cell in cells}
        current = [shown.get(slot) for slot in range(slots)]


@given(st.lists(st.booleans(), max_size=100))
def test_skipping_closes_every_gap(skipped: list[bool]) -> None:
    sequence = SequenceMap()
    sequence.anchor(1000, 7)
    mapped = []
    for seq, is_skipped in enumerate(skipped, 1000):
        if is_skipped:
            sequence.skip(seq)
        else:
            mapped.append(sequence.map(seq))
    assert mapped == list(range(7, 7 + len(mapped)))
