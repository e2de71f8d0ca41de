"""One numbered event of a tenant's stream, as a value and as its readers see it (docs/events.md).

It is no copy of a live room's state: it says what happened, and when.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class StreamEvent:
    """`number` counts up by one within the tenant; `at` is Unix seconds; `owner_id` is the owner of the meeting.

    `meeting_id` and `owner_id` are empty where no meeting is meant; `data` is what JSON can hold.
    """

    tenant_id: str
    number: int
    kind: str
    meeting_id: str
    at: float
    owner_id: str = ""
    participant_id: str | None = None
    detail: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def view(self) -> dict[str, Any]:
        """What a reader gets; the tenant is their own."""
        return {
            "number": self.number,
            "kind": self.kind,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "meeting_id": self.meeting_id or None,
            "participant_id": self.participant_id,
            "detail": self.detail,
            "data": dict(self.data),
        }

    @cached_property
    def text(self) -> str:
        """The same as JSON on one line, made once for all who follow."""
        return json.dumps(self.view(), separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events of a tenant somebody may and wants to read; None: whosever, of whichever meeting."""

    tenant_id: str
    owner_id: str | None = None
    meeting_id: str | None = None

    def has(self, event: StreamEvent) -> bool:
        """Whether it is one of them."""
        return (
            event.tenant_id == self.tenant_id
            and self.owner_id in (None, event.owner_id)
            and self.meeting_id in (None, event.meeting_id)
        )
