"""What the tests of live rooms share."""

from types import SimpleNamespace

import pytest

from confserver.auth.identity import User
from confserver.services import Services
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House


@pytest.fixture
def house(services: Services, owner: User) -> House:
    return House(services, owner)


@pytest.fixture
def door_clock(monkeypatch: pytest.MonkeyPatch, house: House) -> Clock:
    """The clocks of the door, its seats and their book, moved by hand."""
    clock = Clock()
    invented = SimpleNamespace(monotonic=clock.monotonic, time=clock.monotonic)
    monkeypatch.setattr("confserver.rooms.door.time", invented)
    house.book._clock = clock.monotonic
    return clock
