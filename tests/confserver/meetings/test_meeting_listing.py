"""Lists of meetings on a real database: what is found, in which order, on which page, and how many there are."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from confserver.auth.identity import User
from confserver.errors import ValidateFailed
from confserver.listing.page import ListQuery, Page
from confserver.meetings.definition import MeetingDefinition
from confserver.meetings.listing import MEETING_FIELDS, MeetingQuery
from confserver.services import Services
from confserver.store.folder import DATABASE

MEETINGS = (
    {"subject": "Board", "mode": "AUDIO", "capacity": 20, "scheduled_start_at": "2027-05-04T09:30:00Z"},
    {"subject": "Weekly board", "mode": "VIDEO", "capacity": 9, "max_duration": 60},
    {"subject": 'A "quoted" 100% thing', "mode": "VIDEO", "capacity": 5, "mute_on_entry": True},
    {"subject": "Überblick", "mode": "VIDEO", "capacity": 9, "scheduled_start_at": "2027-05-05T09:30:00Z"},
)


@pytest.fixture
async def made(services: Services, owner: User) -> Sequence[str]:
    """The numbers of the meetings above, and one of somebody else in another tenant."""
    stranger = await services.accounts.add(await services.accounts.ensure_tenant("elsewhere"), "eve", "x" * 8)
    await services.meetings.create(stranger, definition(subject="Board of strangers"))
    return [(await services.meetings.create(owner, definition(**fields))).extension_number for fields in MEETINGS]


def definition(**fields: object) -> MeetingDefinition:
    return MeetingDefinition.model_validate({"mode": "VIDEO", "timezone": "UTC", **fields})


async def find(services: Services, owner: User, of_owner: bool = False, **asked: object) -> tuple[int, list[int]]:
    """The count, and which of the meetings above are on the page."""
    page = Page.of(ListQuery.model_validate(asked), MEETING_FIELDS)
    count, found = await services.meetings.list(MeetingQuery(owner.tenant.id, owner.id if of_owner else None, page))
    subjects = [fields["subject"] for fields in MEETINGS]
    return count, [subjects.index(meeting.subject) for meeting in found]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mode eq AUDIO", [0]),
        ("mode ne 'AUDIO' and capacity ge 9", [1, 3]),
        ("capacity gt 9 or mute_on_entry eq true", [0, 2]),
        ("max_duration eq null", [0, 2, 3]),
        ("max_duration ne 60", [0, 2, 3]),
        ("max_duration lt 61", [1]),
        ("scheduled_start_at ge 2027-05-05T11:30:00+02:00", [3]),
        ("contains(subject,'BOARD')", [0, 1]),
        ("startswith(subject,'board')", [0]),
        ("endswith(subject,'board')", [0, 1]),
        ("contains(subject,'%')", [2]),
        ("contains(subject,'\"quoted\"')", [2]),
        ("contains(subject,'nowhere')", []),
        ("ownership eq 'ada' and not_there eq 1 or capacity eq 5", None),
        ("ownership eq 'ada' and capacity eq 5", [2]),
        ("ownership eq 'eve'", []),
        ("(capacity eq 5 or capacity eq 20) and (mode eq VIDEO or mode eq AUDIO)", [0, 2]),
    ],
)
@pytest.mark.parametrize("of_owner", [False, True])
async def test_filters(services: Services, owner: User, text: str, found: list[int] | None, of_owner: bool) -> None:
    if found is None:
        with pytest.raises(ValidateFailed, match="names a field that is not among"):
            await find(services, owner, of_owner, filter=text)
    else:
        assert await find(services, owner, of_owner, filter=text) == (len(found), found)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("capacity eq 'nine'", "is not a number"),
        ("capacity eq true", "is not a number"),
        ("subject eq 7", "is not a text"),
        ("mute_on_entry eq 1", "is not true or false"),
        ("scheduled_start_at gt 'soon'", "is not an RFC 3339 time"),
        ("scheduled_start_at gt '2027-05-05T11:30:00'", "is not an RFC 3339 time"),
        ("capacity gt null", "uses gt with null"),
        ("contains(capacity,'9')", "which is no text"),
        ("room_pin eq '1234'", "not among"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(
    services: Services, owner: User, text: str, complaint: str
) -> None:
    with pytest.raises(ValidateFailed, match=complaint):
        await find(services, owner, filter=text)


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("of_owner", [False, True])
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", [0, 1, 2, 3]),
        ("BOARD", [0, 1]),
        ("eekly b", [1]),
        ("überBLICK", [3]),
        ("bo", [0, 1]),
        ("%", [2]),
        ('"quo', [2]),
        ('" OR tenant : "', []),
        ("nowhere", []),
        ("\0\0\0", []),
        ("strangers", []),
    ],
)
async def test_search(services: Services, owner: User, search: str, found: list[int], of_owner: bool) -> None:
    assert await find(services, owner, of_owner, search=search) == (len(found), found)
    assert await find(services, owner, of_owner, search=search, orderby="subject desc", filter="capacity gt 0") == (
        len(found),
        sorted(found, key=lambda index: str(MEETINGS[index]["subject"]), reverse=True),
    )


async def test_search_for_a_number(services: Services, owner: User, made: Sequence[str]) -> None:
    assert await find(services, owner, search=made[2]) == (1, [2])
    assert await find(services, owner, filter=f"extension_number eq '{made[1]}'") == (1, [1])


@pytest.mark.usefixtures("made")
async def test_order_and_pages(services: Services, owner: User) -> None:
    assert await find(services, owner, orderby="capacity desc, subject") == (4, [0, 1, 3, 2])
    assert await find(services, owner, orderby="capacity, subject desc", skip=1, top=2) == (4, [3, 1])
    assert await find(services, owner, skip=1, top=2) == (4, [1, 2])
    assert await find(services, owner, search="board", skip=1, top=2) == (2, [1])
    assert await find(services, owner, skip=9) == (4, [])


@pytest.mark.parametrize("text", ["room_pin", "subject up", "subject asc asc", ",", "a" * 200, "id,id,id,id"])
async def test_an_order_that_makes_no_sense_is_refused(services: Services, owner: User, text: str) -> None:
    with pytest.raises(ValidateFailed) as refusal:
        await find(services, owner, orderby=text)
    assert refusal.value.detail == "orderby"


async def test_what_is_renamed_and_deleted_is_found_as_it_is_now(
    services: Services, owner: User, made: Sequence[str]
) -> None:
    first = await services.meetings.by_extension(made[0])
    second = await services.meetings.by_extension(made[1])
    assert first is not None
    assert second is not None
    await services.meetings.update(first.id, {"subject": "Überblick"})
    await services.meetings.delete(second.id)
    assert await find(services, owner, search="board") == (0, [])
    assert await find(services, owner, search="überblick") == (2, [3, 3])
    assert (await find(services, owner))[0] == 3


async def test_who_has_no_meetings_finds_none(services: Services, owner: User) -> None:
    assert await find(services, owner) == (0, [])
    assert await find(services, owner, search="board", filter="capacity gt 0", orderby="subject") == (0, [])


@pytest.mark.usefixtures("made")
async def test_a_page_is_found_by_an_index_and_so_is_its_count(services: Services, tmp_path: Path) -> None:
    """However few there are: what is read is planned for a hundred thousand."""
    plans = {
        "SELECT count(*) FROM meetings WHERE tenant_id = 'x' AND mode IS 'VIDEO'": "COVERING INDEX ix_meetings_list",
        "SELECT id FROM meetings WHERE tenant_id = 'x' ORDER BY subject LIMIT 100": "ix_meetings_subject",
        "SELECT id FROM meetings WHERE tenant_id = 'x' AND scheduled_start_at > 'x'": "ix_meetings_schedule",
        "SELECT id FROM meetings WHERE tenant_id = 'x' AND id IN (SELECT meeting_id FROM meeting_texts WHERE number IN "
        "(SELECT rowid FROM meeting_search WHERE meeting_search MATCH 'xyz'))": "INDEX sqlite_autoindex_meetings_1",
    }
    database = sqlite3.connect(tmp_path / "data" / DATABASE)
    for statement, index in plans.items():
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert index in plan[0], plan
    database.close()
