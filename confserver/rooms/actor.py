"""Who issues a command: somebody in the room, a user of the API, a program with a key.

A value that says who it is; what they may do is decided by `permissions`.
"""

from dataclasses import dataclass
from typing import Literal

from confserver.rooms.admission import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`id`: of the participant, the user or the key; `name`: as others read it. `is_chairman`: of this room.

    Whoever may host a meeting by the API is `Role.HOST` here, whoever may only look at it `Role.GUEST`.
    """

    kind: Literal["participant", "user", "key"]
    id: str
    name: str
    role: Role
    is_chairman: bool = False

    @property
    def signature(self) -> dict[str, str]:
        """How events tell who did it: a name alone may be that of two."""
        return {"by": self.name, "by_id": self.id}
