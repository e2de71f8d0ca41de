"""What a monitoring system reads: figures that follow the meetings, and nothing that says whose they are."""

from collections.abc import AsyncIterator
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from confserver.auth.identity import User
from confserver.http.refusals import Refusal, Refusals
from confserver.loop_watch import LoopWatch
from confserver.metrics import Metrics
from confserver.services import Services
from mixer.client import MediaPlane
from mixer.events import EndpointConnected, EndpointLost
from mixer.params import OpenEndpoint
from signaling.errors import Refused
from signaling.ports import EndReason
from tests.confserver.rooms.house import House
from tests.signaling.sdp.captures import capture, publishing

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""By name and labels."""


class Monitoring:
    """Looks at a server from outside."""

    def __init__(self, house: House, client: TestClient[web.Request, web.Application]) -> None:
        self.house = house
        self._client = client

    async def scrape(self) -> tuple[Figures, str]:
        """The figures, and the text they were read from."""
        async with self._client.get("/metrics") as response:
            assert response.status == 200
            text = await response.text()
        families = text_string_to_metric_families(text)
        samples = [sample for family in families for sample in family.samples]
        return {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}, text

    async def figure(self, figure: str, **labels: str) -> float:
        """One figure, 0 if there is none by that name."""
        return (await self.scrape())[0].get((f"confserver_{figure}", frozenset(labels.items())), 0.0)

    async def events(self, kind: str, detail: str) -> float:
        """How often something has happened in rooms."""
        return await self.figure("room_events_total", kind=kind, detail=detail)

    async def status(self, path: str) -> int:
        async with self._client.get(path) as response:
            return response.status


@pytest.fixture
async def monitoring(services: Services, owner: User) -> AsyncIterator[Monitoring]:
    house, app = House(services, owner), web.Application()
    refusals = Refusals({Refusal.SLOW_READER: 2})
    media, loop = cast(MediaPlane, house.media), LoopWatch()
    for at in (0.0, 5.0):
        loop.beat(at)
    Metrics(house.events, media, lambda: house.door.is_open, refusals, loop).add_routes(app)
    async with TestClient(TestServer(app)) as client:
        yield Monitoring(house, client)


async def test_figures_follow_who_comes_and_goes(monitoring: Monitoring) -> None:
    house = monitoring.house
    one, other = await house.meeting(capacity=2), await house.meeting()
    ada, _ = await house.enter(one, "Ada")
    await house.enter(one, "Bob")
    await house.enter(other, "Cleo")
    assert await monitoring.figure("rooms") == 2
    assert await monitoring.figure("participants") == 3
    with pytest.raises(Refused):
        await house.enter(one, "Dan")
    assert await monitoring.events("knock.refused", "full") == 1
    assert await monitoring.figure("participants") == 3
    ada.leave()
    ada.leave()
    assert await monitoring.figure("participants") == 2
    assert await monitoring.events("participant.left", "left") == 1
    house.registry.close_all(EndReason.SHUTDOWN)
    assert await monitoring.figure("rooms") == 0
    assert await monitoring.figure("participants") == 0
    assert await monitoring.events("participant.joined", "guest") == 3


async def test_what_the_web_server_refused_is_told_by_reason(monitoring: Monitoring) -> None:
    assert await monitoring.figure("http_refusals_total", reason="slow reader") == 2


async def test_media_workers_are_asked_at_each_scrape(monitoring: Monitoring) -> None:
    media = monitoring.house.media
    media.figures = {"audio.encodes": 7.0, "drop.stun.no-integrity": 2.0}
    media.workers[0].restarts = 3
    assert await monitoring.figure("media", worker="0", name="audio.encodes") == 7
    assert await monitoring.figure("media", worker="0", name="drop.stun.no-integrity") == 2
    assert await monitoring.figure("media_worker_restarts") == 3
    media.figures = {}
    assert await monitoring.figure("media", worker="0", name="audio.encodes") == 0
    assert await monitoring.figure("rooms") == 0


async def test_a_loop_that_stood_still_is_a_figure(monitoring: Monitoring) -> None:
    assert await monitoring.figure("loop_stalls") == 1


async def test_no_figure_says_whose_it_is(monitoring: Monitoring) -> None:
    house, offer = monitoring.house, capture("chromium-av")
    meeting = await house.meeting(subject="Mergers", room_pin="4711")
    seat, _ = await house.enter(meeting, "Ada Lovelace", pin="4711")
    with pytest.raises(Refused):
        await house.enter(meeting, "Eve", pin="1111", source="203.0.113.77")
    await seat.negotiate(offer, publishing(offer), is_new=False)
    (endpoint,) = [command.endpoint for _, command in house.media.told if isinstance(command, OpenEndpoint)]
    house.registry.hear(EndpointConnected(meeting.id, endpoint.endpoint_id))
    house.registry.hear(EndpointLost(meeting.id, endpoint.endpoint_id, "consent-expired"))
    seat.set_own(display_name="Ada King")
    figures, text = await monitoring.scrape()
    assert {dict(labels)["kind"] for name, labels in figures if name == "confserver_room_events_total"} == {
        "room.opened", "participant.joined", "participant.updated", "media.connected", "media.lost", "knock.refused",
    }  # fmt: skip
    names = ("Ada", "Eve", "Mergers", "203.0.113")
    ids = (meeting.id, meeting.access_key, seat.participant_id, endpoint.endpoint_id)
    assert [told for told in (*names, *ids) if told in text] == []


async def test_it_lives_while_it_starts_and_is_ready_while_people_can_come_in(monitoring: Monitoring) -> None:
    for is_open, status in ((False, 503), (True, 200), (False, 503)):
        monitoring.house.door.is_open = is_open
        assert await monitoring.status("/readyz") == status
        assert await monitoring.status("/healthz") == 200
