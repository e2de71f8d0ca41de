"""docs/rest.md and its neighbours keep up with the API: every call and every field is in them."""

from pathlib import Path

import pytest

from confserver.api.install import OPERATIONS
from confserver.api.meeting_answers import MeetingDetail
from confserver.meetings.listing import MEETING_FIELDS

DOCS = Path(__file__).parents[3] / "docs"
REST = (DOCS / "rest.md").read_text()
TEXT = REST + (DOCS / "administration.md").read_text() + (DOCS / "events.md").read_text()
MEETING = "/user/meetings/{id}"


def is_written_down(path: str) -> bool:
    """In full, or as a variant (`.../last`) of its neighbour; below a meeting also without what leads there."""
    above, _, last = path.rpartition("/")
    return (
        f"/api{path}`" in TEXT
        or f"`{path.removeprefix(MEETING)}`" in TEXT
        or (f"/{last}`" in TEXT and any(f"{way}/" in TEXT for way in (f"/api{above}", above.removeprefix(MEETING))))
    )


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_every_call_is_written_down(path: str) -> None:
    written = path.replace("{meeting_id}", "{id}").replace("{participant_id}", "{pid}")
    mirrored = written.replace("/conference_rooms", "/user/meetings")
    assert is_written_down(written) or (written.startswith("/conference_rooms") and is_written_down(mirrored))


@pytest.mark.parametrize("field", sorted({*MeetingDetail.model_fields, *MEETING_FIELDS}))
def test_every_field_is_written_down(field: str) -> None:
    assert f"`{field}`" in REST
