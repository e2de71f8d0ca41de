"""The tables of the database, a file for each subject.

Rows hold what is stored, not what is meant: `confserver.meetings`, `confserver.rooms` and `confserver.auth` turn them
into values. A change here needs a migration beside it; a test compares the two. Importing this makes all tables known.
"""

from confserver.store.models.access import AuditRow, ConferenceServerRow, ProgramKeyRow
from confserver.store.models.accounts import SessionRow, TenantRow, UserRow
from confserver.store.models.base import Base
from confserver.store.models.confd import GuestAccountRow, IngressRow
from confserver.store.models.door import BanRow, JoinTokenRow, WaitingRow
from confserver.store.models.events import CallRecordRow, EventRow, StreamRow
from confserver.store.models.looks import LookRow
from confserver.store.models.meetings import CounterRow, LifecycleRow, MeetingRow, RetiredNumberRow
from confserver.store.models.rooms import RoomRow, SeatRow
from confserver.store.models.search import MeetingScopeRow, MeetingTextRow

__all__ = [
    "AuditRow",
    "BanRow",
    "Base",
    "CallRecordRow",
    "ConferenceServerRow",
    "CounterRow",
    "EventRow",
    "GuestAccountRow",
    "IngressRow",
    "JoinTokenRow",
    "LifecycleRow",
    "LookRow",
    "MeetingRow",
    "MeetingScopeRow",
    "MeetingTextRow",
    "ProgramKeyRow",
    "RetiredNumberRow",
    "RoomRow",
    "SeatRow",
    "SessionRow",
    "StreamRow",
    "TenantRow",
    "UserRow",
    "WaitingRow",
]
