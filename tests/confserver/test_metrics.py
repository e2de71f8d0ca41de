"""What a monitoring system reads: figures that follow the meetings, and nothing that says whose they are."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from confserver.auth.identity import User
from confserver.config import HttpSettings
from confserver.http.edge import Edge
from confserver.http.install import install_edge
from confserver.http.networks import Networks
from confserver.http.refusals import Refusal
from confserver.loop_watch import LoopWatch
from confserver.metrics import REUSE_S, Metrics
from confserver.pages import add_pages
from confserver.services import Services
from mixer.client import MediaPlane
from mixer.events import EndpointConnected, EndpointLost
from mixer.params import OpenEndpoint
from signaling.commands import SetOwn
from signaling.errors import Refused
from signaling.ports import EndReason
from tests.confserver.conftest import Clock
from tests.confserver.rooms.house import House
from tests.signaling.sdp.captures import capture, publishing

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""By name and labels."""

STRANGER = "203.0.113.9"


class Monitoring:
    """Looks at a server from outside, each time when what it was told before is stale."""

    def __init__(self, house: House, client: TestClient[web.Request, web.Application], clock: Clock) -> None:
        self.house = house
        self.clock = clock
        self._client = client

    async def scrape(self) -> tuple[Figures, str]:
        """The figures, and the text they were read from."""
        self.clock.now += REUSE_S
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

    async def answer(self, path: str, client: str = "") -> tuple[int, str]:
        """Status and text for somebody on this machine, or for the client that a proxy on it names."""
        headers = {"X-Forwarded-For": client} if client else {}
        async with self._client.get(path, headers=headers) as response:
            return response.status, await response.text()


@pytest.fixture
async def monitoring(services: Services, owner: User, clock: Clock) -> AsyncIterator[Monitoring]:
    house, app = House(services, owner), web.Application()
    settings = HttpSettings(trusted_proxies=("127.0.0.1",), metrics_from=("127.0.0.0/8", "10.7.0.0/16"))
    edge = Edge.of(settings)
    edge.refusals.update({Refusal.SLOW_READER: 2})
    install_edge(app, settings, edge)
    add_pages(app)
    media, loop = cast(MediaPlane, house.media), LoopWatch()
    for at in (0.0, 5.0):
        loop.beat(at, 1.0)
    metrics = Metrics(house.events, media, lambda: house.door.is_open, edge.refusals, loop, clock.monotonic)
    metrics.add_routes(app, Networks.of(settings.metrics_from))
    async with TestClient(TestServer(app)) as client:
        yield Monitoring(house, client, clock)


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


async def test_media_workers_are_asked_anew_when_a_second_has_passed(monitoring: Monitoring) -> None:
    media = monitoring.house.media
    media.figures = {"audio.encodes": 7.0, "drop.stun.no-integrity": 2.0}
    media.workers[0].restarts = 3
    assert await monitoring.figure("media", worker="0", name="audio.encodes") == 7
    assert await monitoring.figure("media", worker="0", name="drop.stun.no-integrity") == 2
    assert await monitoring.figure("media_worker_restarts") == 3
    media.figures = {}
    assert await monitoring.figure("media", worker="0", name="audio.encodes") == 0
    assert await monitoring.figure("rooms") == 0


async def test_scrapes_within_a_second_share_one_question(monitoring: Monitoring) -> None:
    media = monitoring.house.media
    for questions in (1, 2):
        answers = await asyncio.gather(*(monitoring.answer("/metrics") for _ in range(20)))
        assert {status for status, _ in answers} == {200}
        assert media.questions == questions
        monitoring.clock.now += REUSE_S


async def test_figures_are_for_networks_that_the_operator_names(monitoring: Monitoring) -> None:
    for reader in ("", "127.0.0.5", "10.7.1.2", "::ffff:10.7.1.2"):
        assert (await monitoring.answer("/metrics", client=reader))[0] == 200
    nowhere = await monitoring.answer("/nowhere", client=STRANGER)
    assert nowhere[0] == 404
    questions = monitoring.house.media.questions
    for stranger in (STRANGER, "2001:db8::1", f"127.0.0.1, {STRANGER}"):
        assert await monitoring.answer("/metrics", client=stranger) == nowhere
    assert monitoring.house.media.questions == questions


@pytest.mark.parametrize(
    ("address", "may_read"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.1", False),
        ("2001:db8::1", False),
        ("", False),
    ],
)
def test_without_a_setting_they_are_for_this_machine(address: str, may_read: bool) -> None:
    assert (address in Networks.of(HttpSettings().metrics_from)) == may_read


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
    seat.obey(SetOwn(display_name="Ada King"))
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
        assert (await monitoring.answer("/readyz", client=STRANGER))[0] == status
        assert (await monitoring.answer("/healthz", client=STRANGER))[0] == 200
