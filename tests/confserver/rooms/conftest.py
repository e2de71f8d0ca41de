"""What the tests of live rooms share."""

import pytest

from confserver.auth.identity import User
from confserver.services import Services
from tests.confserver.rooms.house import House


@pytest.fixture
def house(services: Services, owner: User) -> House:
    return House(services, owner)
