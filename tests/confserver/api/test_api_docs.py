"""docs/rest.md keeps up with the API: every call and every field is in it."""

from pathlib import Path

import pytest

from confserver.api.install import OPERATIONS
from confserver.api.meeting_answers import MeetingDetail

REST = (Path(__file__).parents[3] / "docs" / "rest.md").read_text()


def is_written_down(path: str) -> bool:
    """In full, or as a variant (`.../last`) of its neighbour."""
    above, _, last = path.rpartition("/")
    return f"/api{path}`" in REST or (f"/api{above}/" in REST and f"/{last}`" in REST)


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_every_call_is_written_down(path: str) -> None:
    assert is_written_down(path.replace("{meeting_id}", "{id}").replace("{participant_id}", "{pid}"))


@pytest.mark.parametrize("field", sorted(MeetingDetail.model_fields))
def test_every_field_is_written_down(field: str) -> None:
    assert f"`{field}`" in REST
