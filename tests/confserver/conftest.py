"""The control plane on a real SQLite file, and an API with rooms that only remember what they were told."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from confserver.api.context import ApiContext
from confserver.api.install import install_api
from confserver.audit.log import AuditLog
from confserver.auth.accounts import Accounts
from confserver.auth.identity import MeetingAccess, Role, User
from confserver.auth.passwords import Passwords
from confserver.auth.service import Auth
from confserver.config import EventsSettings
from confserver.errors import NotFound
from confserver.events import RoomEvents
from confserver.meetings.life_rows import LifeRows
from confserver.meetings.links import Links
from confserver.meetings.meeting import Meeting
from confserver.meetings.service import Meetings
from confserver.rooms.actor import Actor
from confserver.rooms.bans import Bans, Removal
from confserver.rooms.door_rows import ban_rows, waiting_rows
from confserver.rooms.join_tokens import JoinTokens
from confserver.rooms.lifetimes import Lifetimes
from confserver.rooms.live import LiveParticipant, RoomStatus
from confserver.rooms.registry import RoomRegistry
from confserver.rooms.seat_rows import SeatRows
from confserver.rooms.seat_tokens import SeatTokens
from confserver.rooms.waiting_entry import WaitingEntry
from confserver.servers.rows import ServerRows
from confserver.servers.servers import ConferenceServers
from confserver.servers.workers import WorkerServers
from confserver.services import Services
from confserver.store.store import Store
from confserver.stream.stream import Stream
from confserver.tenants.looks import Looks
from mixer.client import MediaPlane
from signaling.commands import Command, Lock, Readmit
from signaling.errors import RequestError
from signaling.ports import EndReason

PASSWORD = "correct horse"
PUBLIC_URL = "https://meet.example.com"
WEEKLY = {"subject": "Weekly", "mode": "VIDEO", "timezone": "Europe/Berlin"}


@dataclass
class FakeRooms:
    """Implements `LiveRooms`: what is in it is what a test put there, `told` is what it was asked to do."""

    people: dict[str, list[LiveParticipant]] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    media: MediaPlane = field(default_factory=lambda: MediaPlane([()]))
    door: str = "open"
    who_waits: list[WaitingEntry] = field(default_factory=list)
    bans_kept: Bans = field(default_factory=Bans)

    @property
    def meeting_ids(self) -> tuple[str, ...]:
        return tuple(self.people)

    @property
    def followed_ids(self) -> tuple[str, ...]:
        return self.meeting_ids

    def preview(self, meeting: Meeting) -> str:
        return self.door

    def status(self, meeting: Meeting) -> RoomStatus:
        return RoomStatus("ON_CALL" if self.people.get(meeting.id) else "ONLINE", locked=meeting.id in self.locked)

    def participants(self, meeting_id: str) -> tuple[LiveParticipant, ...]:
        return tuple(self.people.get(meeting_id, ()))

    def obey(self, meeting: Meeting, actor: Actor, command: Command) -> None:
        participant_id = getattr(command, "participant_id", None)
        if participant_id not in {None, *(person.id for person in self.people.get(meeting.id, ()))}:
            raise NotFound("There is no such participant in this meeting.")
        if isinstance(command, Lock):
            (self.locked.add if command.is_locked else self.locked.discard)(meeting.id)
        if isinstance(command, Readmit):
            try:
                self.bans_kept.lift(meeting.id, command.removal_id)
            except RequestError as error:
                raise NotFound(error.message) from None
        self.told.append((actor, command))

    def waiting(self, meeting_id: str) -> tuple[WaitingEntry, ...]:
        return tuple(self.who_waits)

    def bans(self, meeting_id: str) -> tuple[Removal, ...]:
        return self.bans_kept.of(meeting_id)

    def find(self, meeting_id: str) -> None:
        return None

    def finish(self, meeting_id: str, reason: EndReason, by: Actor | None = None) -> None:
        self.told.append(("end", meeting_id, reason.value))

    async def end(self, meeting_id: str, reason: str, by: Actor | None = None) -> None:
        self.told.append(("end", meeting_id, reason))

    async def meeting_changed(self, meeting: Meeting) -> None:
        self.told.append(("changed", meeting.id, meeting.subject))


@dataclass
class Clock:
    """Both clocks of `Auth`, moved by hand."""

    now: float = 1_800_000_000.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class Api:
    """A client of the API, logged in as `user`."""

    client: TestClient[web.Request, web.Application]
    services: Services
    rooms: FakeRooms
    user: User
    token: str
    stream: Stream
    context: ApiContext

    async def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        """Status and decoded body of a call below `/api`; `token` empty: without a login."""
        token = self.token if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.client.request(method, f"/api{path}", json=body, headers=headers) as response:
            return response.status, await response.json() if response.content_length else None

    async def create(self, **fields: Any) -> dict[str, Any]:
        """A new meeting as the API reads it back."""
        status, created = await self.call("POST", "/user/meetings", {**WEEKLY, **fields})
        assert status == 201, created
        return dict((await self.call("GET", f"/user/meetings/{created['id']}"))[1])

    async def log_in(self, user: User) -> str:
        """An access token of another user."""
        body = {"username": user.name, "password": PASSWORD, "domain": user.tenant.domain}
        status, answer = await self.call("POST", "/login", body, token="")
        assert status == 200, answer
        return str(answer["access_token"])

    async def as_user(
        self,
        name: str,
        role: Role = Role.USER,
        domain: str = "default",
        meeting_access: MeetingAccess = MeetingAccess.FULL,
    ) -> "Api":
        """The same API seen by a new user."""
        accounts = self.services.accounts
        tenant = await accounts.ensure_tenant(domain)
        user = await accounts.add(tenant, name, PASSWORD, role, meeting_access=meeting_access)
        return replace(self, user=user, token=await self.log_in(user))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it is after the first start, to copy: to bring a database up to date takes a while."""

    async def start(folder: Path) -> None:
        await (await Store.open(folder)).close()

    folder = tmp_path_factory.mktemp("new")
    asyncio.run(start(folder))
    return folder


@pytest.fixture
async def services(tmp_path: Path, new_folder: Path, clock: Clock) -> AsyncIterator[Services]:
    """Services with passwords that are quick to check."""
    store = await Store.open(shutil.copytree(new_folder, tmp_path / "data"))
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    auth = Auth(store, passwords, now=lambda: datetime.fromtimestamp(clock.now, UTC), monotonic=clock.monotonic)
    yield Services(
        Accounts(store, passwords),
        auth,
        Meetings(store),
        Links(PUBLIC_URL),
        SeatRows(store),
        SeatTokens(bytes(32)),
        LifeRows(store),
        waiting_rows(store),
        ban_rows(store),
        JoinTokens(store, bytes(32)),
        store,
        Looks(store, tmp_path / "data"),
    )
    passwords.close()
    await store.close()


@pytest.fixture
async def owner(services: Services) -> User:
    return await services.accounts.add(
        await services.accounts.ensure_tenant(), "ada", PASSWORD, Role.USER, "Ada Lovelace"
    )


@pytest.fixture
async def api(services: Services, owner: User) -> AsyncIterator[Api]:
    """The API over real HTTP, called by a user without special rights."""
    rooms, app = FakeRooms(), web.Application()
    stream = Stream(services.store, RoomEvents(), EventsSettings())
    await stream.begin()
    lifetimes = Lifetimes(cast(RoomRegistry, rooms), services.meetings, services.lives, RoomEvents(), max_online=20)
    audit = AuditLog(services.store, keep_days=365)
    audit.start()
    context = ApiContext(
        services.auth,
        services.meetings,
        services.links,
        rooms,
        rooms.preview,
        stream,
        lifetimes,
        services.accounts,
        audit,
        ConferenceServers(WorkerServers(rooms.media, rooms, ("192.0.2.1",)), ServerRows(services.store)),
        services.join_tokens,
        services.looks,
    )
    install_api(app, context)
    async with TestClient(TestServer(app)) as client:
        api = Api(client, services, rooms, owner, "", stream, context)
        api.token = await api.log_in(owner)
        yield api
    await stream.stop()
    await audit.stop()


Refused = Callable[[Awaitable[tuple[int, Any]]], Awaitable[tuple[int, str, str | None]]]


@pytest.fixture
def refused() -> Refused:
    """Status, code and detail of a call that must be refused in the documented form."""

    async def check(call: Awaitable[tuple[int, Any]]) -> tuple[int, str, str | None]:
        status, answer = await call
        assert status >= 400, answer
        assert answer.keys() == {"errors"}
        assert all(item.keys() == {"code", "message", "detail"} for item in answer["errors"])
        return status, answer["errors"][0]["code"], answer["errors"][0]["detail"]

    return check
