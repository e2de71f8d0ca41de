"""The edge: whatever is sent, the answer is JSON in the documented form, and the description fits the calls."""

import re
from typing import Any

import pytest

from confserver.api.edge import MOST_BODY_BYTES
from confserver.api.install import OPERATIONS
from tests.confserver.conftest import WEEKLY, Api, Refused


async def test_unknown_addresses_and_methods(api: Api, refused: Refused) -> None:
    assert (await refused(api.call("GET", "/nothing")))[:2] == (404, "NOT_FOUND")
    assert (await refused(api.call("DELETE", "/user/meetings")))[:2] == (405, "METHOD_NOT_ALLOWED")
    async with api.client.delete("/api/user/meetings") as response:
        assert response.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "VALIDATE_FAILED"),
        (b"", "application/json", 400, "VALIDATE_FAILED"),
        (b"[]", "application/json", 400, "VALIDATE_FAILED"),
        (b"\xff", "application/json", 400, "VALIDATE_FAILED"),
        (b"[" * 100_000, "application/json", 400, "VALIDATE_FAILED"),
        (b"{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b" " * (MOST_BODY_BYTES + 1), "application/json", 413, "TOO_LARGE"),
    ],
)
async def test_bodies_that_are_none(
    api: Api, refused: Refused, body: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {api.token}"}

    async def send() -> tuple[int, Any]:
        async with api.client.post("/api/user/meetings", data=body, headers=headers) as response:
            return response.status, await response.json()

    assert (await refused(send()))[:2] == (status, code)


async def test_compressed_bodies_are_refused(api: Api) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", "Authorization": f"Bearer {api.token}"}
    async with api.client.post("/api/user/meetings", data=b"\x1f\x8b", headers=headers) as response:
        assert response.status == 415


async def test_a_body_in_endless_chunks_is_cut_off(api: Api) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 16_384

    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {api.token}"}
    async with api.client.post("/api/user/meetings", data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_every_wrong_field_is_told_at_once_and_no_input_repeated(api: Api) -> None:
    _, answer = await api.call("POST", "/user/meetings", {**WEEKLY, "room_pin": "secret", "capacity": 0})
    assert {item["detail"] for item in answer["errors"]} == {"room_pin", "capacity"}
    assert "secret" not in str(answer)


async def test_a_failure_of_the_server_tells_nothing_of_it(
    api: Api, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(type(api.services.meetings), "list_as", fail)
    status, answer = await api.call("GET", "/user/meetings")
    assert (status, answer["errors"][0]["code"]) == (500, "UNKNOWN")
    assert "secret" not in str(answer)


async def test_answers_are_not_cached(api: Api) -> None:
    async with api.client.get("/api/login", headers={"Authorization": f"Bearer {api.token}"}) as response:
        assert response.headers["Cache-Control"] == "no-store"


async def test_the_description_has_every_operation_with_its_limits(api: Api) -> None:
    _, document = await api.call("GET", "/openapi.json", token="")
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(operation.method, f"/api{operation.path}") for operation in OPERATIONS}
    ids = [call["operationId"] for methods in document["paths"].values() for call in methods.values()]
    assert len(set(ids)) == len(ids)
    schema = document["components"]["schemas"]["NewMeeting"]
    assert schema["properties"]["capacity"] | {"maximum": 200, "minimum": 1} == schema["properties"]["capacity"]
    assert schema["required"] == ["subject", "mode", "timezone"]
    changes = document["components"]["schemas"]["MeetingChanges"]
    assert "required" not in changes
    assert "mode" not in changes["properties"]


async def test_every_reference_of_the_description_leads_somewhere(api: Api) -> None:
    async with api.client.get("/api/openapi.json") as response:
        text = await response.text()
        names = set((await response.json())["components"]["schemas"])
    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) <= names
