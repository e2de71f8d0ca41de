"""The API in front of rooms that are real."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from confserver.api.install import install_api
from tests.confserver.conftest import Api
from tests.confserver.rooms.house import House


@dataclass(frozen=True)
class Pbx:
    """A client of the API, and the house whose rooms it steers."""

    api: Api
    house: House


@pytest.fixture
async def pbx(api: Api) -> AsyncIterator[Pbx]:
    """The owner of the house calls."""
    house, app = House(api.services, api.user), web.Application()
    context = replace(api.context, live=house.registry, lifetimes=house.lifetimes)
    install_api(app, context)
    async with TestClient(TestServer(app)) as client:
        yield Pbx(replace(api, client=client, context=context), house)
