"""What the tests of live rooms share."""

import pytest

from confserver.auth.identity import User
from confserver.services import Services
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House


@pytest.fixture
def house(services: Services, owner: User) -> House:
    return House(services, owner)


@pytest.fixture
def door_clock(house: House) -> Clock:
    """The clocks of the door, its seats and their book, moved by hand."""
    house.clock.by_hand = Clock()
    return house.clock.by_hand
