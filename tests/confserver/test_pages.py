"""What a browser is given: pages under a strict policy, also where nothing is."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from confserver.http.headers import content_security_policy
from confserver.pages import add_pages

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    add_pages(app)
    async with TestClient(TestServer(app)) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/login", 200),
        ("/join/any-key", 200),
        ("/room/meeting/any-id", 200),
        ("/static/text/en.js", 200),
        ("/nowhere", 404),
        ("/static/nowhere.js", 404),
        (f"/static/{300 * 'a'}", 404),
        ("/static/../pages.py", 404),
        ("/static/%2e%2e/%2e%2e/pages.py", 404),
    ],
)
async def test_everything_goes_out_under_the_policy(client: Client, path: str, status: int) -> None:
    async with client.get(path) as response:
        assert response.status == status
        assert response.headers["Content-Security-Policy"] == content_security_policy()
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=(self)" in response.headers["Permissions-Policy"]


async def test_an_address_that_leads_nowhere_has_a_page(client: Client) -> None:
    async with client.get("/nowhere") as response:
        assert response.content_type == "text/html"
        assert "<html" in await response.text()


async def test_no_page_has_inline_code_or_asks_anybody_else(client: Client) -> None:
    for path in ("/", "/login", "/join/any-key", "/nowhere"):
        async with client.get(path) as response:
            page = await response.text()
        assert "<script>" not in page
        assert "style=" not in page
        assert "http://" not in page
        assert "https://" not in page
