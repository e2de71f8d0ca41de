"""The telephony platform's addresses on a house whose waiting rooms are real."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from confserver.auth.identity import User
from confserver.confd.accounts import GuestAccounts, Ingresses
from confserver.confd.edge import Window
from confserver.confd.install import install_confd
from confserver.confd.uuids import uuid_of
from confserver.services import Services
from tests.confserver.conftest import Api
from tests.confserver.rooms.house import House

PUBLIC_URL = "https://meet.example.com"


@dataclass
class Platform:
    """A client of theirs. `token`: whose calls these are; empty for a guest."""

    client: TestClient[web.Request, web.Application]
    house: House
    api: Api
    token: str

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = {"X-Auth-Token": self.token, **headers} if self.token else headers
        async with self.client.request(method, path, json=body, headers=sent) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    def with_token(self, token: str) -> "Platform":
        return replace(self, token=token)

    @property
    def tenant_uuid(self) -> str:
        return uuid_of(self.api.user.tenant.id)


@pytest.fixture
def house(services: Services, owner: User) -> House:
    return House(services, owner)


@pytest.fixture
async def platform(api: Api, house: House) -> AsyncIterator[Platform]:
    app = web.Application()
    store = api.services.store
    context = replace(api.context, live=house.registry)
    install_confd(app, Window(context, house.door, house.waiting, GuestAccounts(store), Ingresses(store, PUBLIC_URL)))
    async with TestClient(TestServer(app)) as client:
        yield Platform(client, house, api, api.token)
