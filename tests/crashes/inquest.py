"""After a crash: is anything half there, or different from what the server had promised?

It changes nothing but the ledger, which learns how things that were open have ended.
"""

import asyncio
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from confserver.store.folder import COMPANIONS, DATABASE
from tests.crashes.life import Life, Meeting
from tests.crashes.visitor import Refused, Visitor

SETTLED_S = 0.5
"""Locks, seats and mutes are written behind the rooms' back; what was acknowledged longer ago than this must last."""
RETURN_LIMIT_S = 11.0
"""A seat is held for 12 s."""
FIRST = "First meeting"


def examine_files(data_dir: Path) -> list[str]:
    """Faults of the database as the killed process left it; looked at in a copy, so that the next start finds it so."""
    with tempfile.TemporaryDirectory() as folder:
        for companion in COMPANIONS:
            path = data_dir / f"{DATABASE}{companion}"
            if path.exists():
                shutil.copy(path, folder)
        with closing(sqlite3.connect(Path(folder) / DATABASE)) as copy:
            broken = [str(row[0]) for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
            lost = copy.execute("PRAGMA foreign_key_check").fetchall()
            orphans = [f"{table}: row {row} has lost its {parent}" for table, row, parent, _ in lost]
    return broken + orphans


async def examine_meetings(life: Life, killed_at: float) -> list[str]:
    """Faults of what the API tells, against what it had promised by `killed_at`."""
    listed = {item["subject"]: item for item in (await life.daemon.call("GET", "/user/meetings"))["items"]}
    whole = await life.daemon.call("GET", f"/user/meetings/{listed[FIRST]['id']}")
    faults = [f"{subject} came from nowhere" for subject in listed if subject != FIRST and not _known(life, subject)]
    for _, subject in life.ledger.keys("exists"):
        faults += _compare(life, ("exists", subject), subject in listed, killed_at)
    for meeting in life.meetings:
        if meeting.subject not in listed:
            await life.close_meeting(meeting)
    life.meetings = [_adopted(life, subject, item) for subject, item in listed.items() if subject != FIRST]
    for meeting in life.meetings:
        read = await life.daemon.call("GET", f"/user/meetings/{meeting.id}")
        if read.keys() != whole.keys():
            faults.append(f"{meeting.subject} lacks {whole.keys() ^ read.keys()}")
        faults += _compare(life, ("capacity", meeting.id), read["capacity"], killed_at)
        status = await life.daemon.call("GET", f"/user/meetings/{meeting.id}/status")
        faults += _compare(life, ("locked", meeting.id), status["locked"], killed_at)
        people = (await life.daemon.call("GET", f"/user/meetings/{meeting.id}/participants"))["items"]
        for person in people:
            if life.ledger.possible(("muted", person["id"]), killed_at):
                faults += _compare(life, ("muted", person["id"]), person["muted"], killed_at)
    return faults


async def examine_seats(life: Life, killed_at: float) -> list[str]:
    """Everybody comes back to their seat, but for the removed; and the links of those who were never in work too."""
    faults = []
    for meeting in life.meetings:
        returning = [*meeting.visitors, *meeting.removed]
        meeting.visitors, meeting.removed = [], []
        found = await asyncio.gather(*(_examine_seat(life, meeting, visitor, killed_at) for visitor in returning))
        faults += [fault for each in found for fault in each]
        (is_locked,) = life.ledger.possible(("locked", meeting.id), killed_at)
        stranger = life.new_visitor(meeting)
        try:
            await stranger.enter()
            outcome = "in"
        except Refused as refusal:
            outcome = refusal.reason
        await stranger.leave()
        if outcome != ("locked" if is_locked else "in"):
            faults.append(f"the link of {meeting.subject}: {outcome}, though locked is {is_locked}")
    return faults


async def _examine_seat(life: Life, meeting: Meeting, visitor: Visitor, killed_at: float) -> list[str]:
    seat_id, settled_at = visitor.seat_id, killed_at - SETTLED_S
    may_be_removed = life.ledger.possible(("removed", seat_id), settled_at)
    may_be_seated = life.ledger.possible(("seated", seat_id), settled_at)
    try:
        is_resumed = await visitor.come_back(RETURN_LIMIT_S)
    except Refused as refusal:
        life.gone(seat_id)
        is_expected = (refusal.reason == "removed" and True in may_be_removed) or False in may_be_seated
        return [] if is_expected else [f"{visitor.name}, seated: refused as {refusal.reason}"]
    meeting.visitors.append(visitor)
    faults = []
    if may_be_removed == [True]:
        faults.append(f"{visitor.name}, removed: came back")
    if not is_resumed and False not in may_be_seated:
        faults.append(f"{visitor.name}: came back to another seat")
    is_muted = life.ledger.possible(("muted", seat_id), killed_at)
    life.gone(seat_id)
    life.seated(visitor)
    if is_resumed:
        life.ledger.settle(("muted", seat_id), is_muted[-1])
    await visitor.connect()
    return faults


def _known(life: Life, subject: str) -> bool:
    return ("exists", subject) in life.ledger.keys("exists")


def _compare(life: Life, key: tuple[str, str], found: object, killed_at: float) -> list[str]:
    kind, _ = key
    settled_before = killed_at - SETTLED_S if kind in {"locked", "muted"} else killed_at
    possible = life.ledger.possible(key, settled_before)
    life.ledger.settle(key, found)
    return [] if not possible or found in possible else [f"{key}: {found!r}, promised was one of {possible}"]


def _adopted(life: Life, subject: str, item: dict[str, str]) -> Meeting:
    """The meeting as life knows it; one whose making was cut off it only gets to know now."""
    for meeting in life.meetings:
        if meeting.subject == subject:
            return meeting
    return Meeting(subject, item["id"], item["access_key"])
