"""One call that changed something or tried to, as a value.

It holds names of fields, never what stood in them: bodies carry PINs and passwords.
"""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Self

from confserver.store.models import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`action`: method and route; `target_id`: whom or what of the meeting; `fields`: those of the body, by commas.

    `key_name`: the program's key, if one was used. `status` and `code`: of the answer; `code` None for success.
    """

    tenant_id: str
    at: datetime
    username: str
    key_name: str | None
    action: str
    meeting_id: str | None
    target_id: str | None
    fields: str
    source: str
    status: int
    code: str | None

    @classmethod
    def from_row(cls, row: AuditRow) -> Self:
        """The entry of a row."""
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})

    def to_row(self) -> AuditRow:
        """A row for it; the database numbers them."""
        return AuditRow(**asdict(self))
