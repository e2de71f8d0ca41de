"""What pages of other sites may do: nothing, unless the operator names them."""

import pytest

from confserver.config import HttpSettings
from confserver.http.headers import content_security_policy
from tests.confserver.http.conftest import serving

SETTINGS = HttpSettings(allowed_origins=("https://intranet.example",))


def asked(method: str, path: str, origin: str, **headers: str) -> bytes:
    fields = {"Host": "x", "Connection": "close", "Origin": origin, **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def test_a_named_site_may_call_the_api_and_read_refusals() -> None:
    async with serving(SETTINGS) as front:
        preflight = asked("OPTIONS", "/api/join/key", "https://intranet.example", Access_Control_Request_Method="GET")
        status, answer = await front.answer(preflight)
        assert status == 204
        assert "Access-Control-Allow-Origin: https://intranet.example\r\n" in answer
        assert "Access-Control-Allow-Headers: Authorization, Content-Type\r\n" in answer
        assert "Allow-Credentials" not in answer
        for path, expected in (("/api/join/key", 200), ("/api/nothing", 404)):
            status, answer = await front.answer(asked("GET", path, "https://intranet.example"))
            assert status == expected
            assert "Access-Control-Allow-Origin: https://intranet.example\r\n" in answer
            assert "Vary: Origin\r\n" in answer


@pytest.mark.parametrize("path", ["/api/login", "/"], ids=["to log in", "to read pages"])
async def test_but_not(path: str) -> None:
    async with serving(SETTINGS) as front:
        preflight = asked("OPTIONS", path, "https://intranet.example", Access_Control_Request_Method="GET")
        for request in (preflight, asked("GET", path, "https://intranet.example")):
            assert "Access-Control" not in (await front.answer(request))[1]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://intranet.example.evil.example"])
async def test_no_other_site_may(origin: str) -> None:
    async with serving(SETTINGS) as front:
        preflight = asked("OPTIONS", "/api/join/key", origin, Access_Control_Request_Method="GET")
        for request in (preflight, asked("GET", "/api/join/key", origin)):
            assert "Access-Control" not in (await front.answer(request))[1]


async def test_answers_of_the_api_are_kept_by_nobody() -> None:
    async with serving() as front:
        for path in ("/api/join/key", "/api/nothing"):
            assert "Cache-Control: no-store\r\n" in (await front.answer(asked("GET", path, "")))[1]


@pytest.mark.parametrize(
    ("settings", "ancestors"),
    [
        (HttpSettings(), "frame-ancestors 'none'"),
        (
            HttpSettings(frame_ancestors=("https://intranet.example", "https://*.example.org")),
            "frame-ancestors https://intranet.example https://*.example.org",
        ),
    ],
)
async def test_who_may_embed_the_pages(settings: HttpSettings, ancestors: str) -> None:
    assert content_security_policy(settings.frame_ancestors).endswith(f"; {ancestors}")
    async with serving(settings) as front:
        assert f"; {ancestors}\r\n" in (await front.answer(asked("GET", "/", "")))[1]
