"""Fields of a meeting: each in its range, and whatever is thrown at them only ValidateFailed comes back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confserver.errors import ValidateFailed
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.fields import Layout
from confserver.validation import parse_json
from tests.confserver.conftest import WEEKLY

OUT_OF_RANGE: list[tuple[str, Any]] = [
    ("subject", ""),
    ("subject", "   "),
    ("subject", "x" * 65),
    ("subject", 5),
    ("subject", "One\nTwo"),
    ("subject", "Nothing\x00"),
    ("mode", "SMELL"),
    ("control", "NOBODY"),
    ("width", 143),
    ("width", 1921),
    ("height", "720"),
    ("height", True),
    ("bitrate", 127),
    ("bitrate", 10_241),
    ("framerate", 4),
    ("framerate", 31),
    ("layout", "LAYOUT5"),
    ("language", "english please"),
    ("capacity", 0),
    ("capacity", 201),
    ("capacity", None),
    ("room_pin", "12"),
    ("room_pin", "1234567"),
    ("room_pin", "12a"),
    ("room_pin", 1234),
    ("room_pin", "\u0661\u0662\u0663"),
    ("admin_pin", "12"),
    ("enable_recording", "yes"),
    ("timezone", "Mars/Olympus"),
    ("timezone", "../etc/passwd"),
    ("scheduled_start_at", "2027-05-04 09:30"),
    ("scheduled_start_at", "2027-05-04T09:30:00"),
    ("scheduled_start_at", 1_800_000_000),
    ("scheduled_end_at", "0001-01-01T00:00:00+14:00"),
    ("internal_invitees", "7"),
    ("internal_invitees", ["7"] * 201),
    ("external_invitees", "not an address"),
    ("outbound_caller_ids", [{"provider_id": "p"}]),
    ("outbound_caller_ids", [{"provider_id": "p", "caller_id": "x" * 65}]),
    ("custom_options", "{"),
    ("custom_options", {"colour": "blue"}),
    ("max_duration", 0),
    ("colour", "blue"),
    ("id", "mine"),
]


@pytest.mark.parametrize(("field", "value"), OUT_OF_RANGE)
def test_a_value_out_of_range_is_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValidateFailed) as caught:
        parse_json(MeetingDefinition, json.dumps({**WEEKLY, field: value}).encode())
    assert [(fault.detail or "").split(".")[0] for fault in caught.value.faults] == [field]


def test_a_layout_knows_its_cells() -> None:
    assert [layout.cells for layout in Layout] == [9, 1, 2, 3, 4, 6, 9]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from(sorted(MeetingDefinition.model_fields)), JSON))
def test_any_json_is_a_definition_or_a_refusal(fields: dict[str, Any]) -> None:
    try:
        definition = parse_json(MeetingDefinition, json.dumps({**WEEKLY, **fields}).encode())
    except ValidateFailed:
        return
    assert parse_json(MeetingDefinition, definition.model_dump_json().encode()) == definition


@given(st.binary(max_size=200))
def test_bytes_that_are_no_definition_are_refused(text: bytes) -> None:
    with pytest.raises(ValidateFailed):
        parse_json(MeetingDefinition, text)
