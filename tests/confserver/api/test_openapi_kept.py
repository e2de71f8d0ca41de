"""The API keeps to its own description: whatever fits its schemas or misses them, nothing breaks, and every answer is
as it was described.

A few examples of each call in every run; `make long` tries many more.
"""

import asyncio
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from confserver.auth.identity import Role
from tests.confserver.api.conftest import Pbx

CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LAST = ("/logout", "/destroy", "/cancel", "/stop", "/lock")
"""Calls after which there is less to find: they are tried last, in this order backwards."""

MIRROR = "/conference_rooms"
MOST_ADDRESS = 8000

AnyOperation = APIOperation[Any, Any, Any, Any]
Known = dict[str, str]
"""What stands in a path where it should lead somewhere."""


async def test_every_answer_is_as_described(pbx: Pbx) -> None:
    """Without the mirror, behind which are the same."""
    assert await tried(pbx, examples=3, is_mirror=False) > 200


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_many_answers_are_as_described(pbx: Pbx) -> None:
    assert await tried(pbx, examples=100, is_mirror=True) > 10_000


async def tried(pbx: Pbx, examples: int, is_mirror: bool) -> int:
    """How many calls an administrator has made, many of them about a meeting that people are in."""
    admin = await pbx.api.as_user("root", Role.ADMIN)
    meeting = await pbx.house.meeting(capacity=50)
    seats = [await pbx.house.enter(meeting, name) for name in ("Bob", "Cleo", "Dora")]
    known = {"meeting_id": meeting.id, "participant_id": seats[0][0].welcome.participant_id, "server_id": "media-1"}
    document = (await admin.call("GET", "/openapi.json", token=""))[1]
    if not is_mirror:
        document["paths"] = {path: calls for path, calls in document["paths"].items() if MIRROR not in path}
    url = str(pbx.api.client.make_url(""))
    return await asyncio.to_thread(try_all, document, url, admin.token, known, examples)


def try_all(document: dict[str, Any], url: str, token: str, known: Known, examples: int) -> int:
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()]
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        return sum(try_one(operation, url, session, known, examples) for operation in sorted(operations, key=when))


def when(operation: AnyOperation) -> int:
    return max((len(LAST) - number for number, end in enumerate(LAST) if operation.path.endswith(end)), default=0)


def is_a_request(case: Case, url: str) -> bool:
    """A longer line is refused by the web server, before there is an API that could have described it."""
    sent = case.as_transport_kwargs(base_url=url)
    address = requests.Request(sent["method"], sent["url"], params=sent.get("params")).prepare().url
    return len(address or "") < MOST_ADDRESS


def try_one(operation: AnyOperation, url: str, session: requests.Session, known: Known, examples: int) -> int:
    tried = 0

    @given(st.data())
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def one(data: st.DataObject) -> None:
        nonlocal tried
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        leads = {name: known[name] for name in known if f"{{{name}}}" in operation.path and data.draw(st.booleans())}
        case: Case = data.draw(operation.as_strategy(mode, path_parameters=leads or None))
        assume(is_a_request(case, url))
        case.validate_response(case.call(base_url=url, session=session), checks=CHECKS)
        tried += 1

    one()
    return tried
