"""Media servers, for the administrators of this machine: `/api/conference_servers`."""

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from confserver.api.context import Call
from confserver.api.operation import Operation
from confserver.api.rights import Audience
from confserver.meetings.fields import one_line
from confserver.servers.server import ConferenceServer, ServerDefinition, ServerType

FAMILIES: Mapping[int, type[ipaddress.IPv4Address | ipaddress.IPv6Address]] = {
    4: ipaddress.IPv4Address,
    6: ipaddress.IPv6Address,
}
Limit = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


def _of_version(version: int) -> AfterValidator:
    def check(address: str) -> str:
        try:
            # One with a zone means something on one machine only (RFC 4007 section 11).
            return str(FAMILIES[version](address.replace("%", " ")))
        except ValueError:
            raise ValueError(f"should be an IPv{version} address") from None

    return AfterValidator(check)


class ServerBody(BaseModel):
    """What is to be known of a server. Null limits are none."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(one_line)
    ]
    enabled: Annotated[bool, Field(strict=True)] = True
    ipv4: Annotated[str, Field(max_length=15), _of_version(4)] | None = None
    ipv6: Annotated[str, Field(max_length=45), _of_version(6)] | None = None
    max_rooms: Limit | None = None
    max_participants: Limit | None = None


class NewServerBody(ServerBody):
    """A server somewhere else; those of this daemon are there by themselves."""

    type: Literal["EXTERNAL"] = "EXTERNAL"


class ServerItem(BaseModel):
    """A media server."""

    id: str
    name: str
    enabled: bool
    ipv4: str | None
    ipv6: str | None
    max_rooms: int | None
    max_participants: int | None
    type: ServerType


class ServerList(BaseModel):
    """All of them, those of this daemon first."""

    count: int
    items: tuple[ServerItem, ...]


class ServerStatus(BaseModel):
    """How a media worker is. `cpu_usage`: percent of one core, `memory_usage`: of the machine's memory, or null."""

    rooms_count: int
    participants_count: int
    cpu_usage: float | None
    memory_usage: float | None
    status: Literal["ONLINE", "OFFLINE"]


async def show_list(call: Call) -> ServerList:
    """Every server."""
    servers = await call.context.servers.list()
    return ServerList(count=len(servers), items=tuple(map(_item, servers)))


async def show(call: Call) -> ServerItem:
    """One of them."""
    return _item(await call.context.servers.find(call.path["server_id"]))


async def show_status(call: Call) -> ServerStatus:
    """How it is at this moment."""
    load = await call.context.servers.load(call.path["server_id"])
    return ServerStatus(
        rooms_count=load.rooms_count,
        participants_count=load.participants_count,
        cpu_usage=load.cpu_usage,
        memory_usage=load.memory_usage,
        status="ONLINE" if load.is_online else "OFFLINE",
    )


async def create(call: Call) -> ServerItem:
    """Writes one down."""
    return _item(await call.context.servers.add(_definition(call.body)))


async def change(call: Call) -> ServerItem:
    """Writes down how it is from now on."""
    return _item(await call.context.servers.change(call.path["server_id"], _definition(call.body)))


async def destroy(call: Call) -> None:
    """Forgets one."""
    await call.context.servers.delete(call.path["server_id"])


def _definition(body: ServerBody) -> ServerDefinition:
    return ServerDefinition(**body.model_dump(exclude={"type"}))


def _item(server: ConferenceServer) -> ServerItem:
    known = server.definition
    return ServerItem(
        id=server.id,
        name=known.name,
        enabled=known.enabled,
        ipv4=known.ipv4,
        ipv6=known.ipv6,
        max_rooms=known.max_rooms,
        max_participants=known.max_participants,
        type=server.type,
    )


SERVERS = "/conference_servers"
SERVER = f"{SERVERS}/{{server_id}}"

OPERATIONS = tuple(
    replace(operation, audience=Audience.OPERATORS)
    for operation in (
        Operation("GET", SERVERS, "List media servers", show_list, answer=ServerList),
        Operation(
            "POST", SERVERS, "Write a media server down", create, body=NewServerBody, answer=ServerItem, status=201
        ),
        Operation("GET", SERVER, "Show a media server", show, answer=ServerItem),
        Operation("POST", SERVER, "Change a media server", change, body=ServerBody, answer=ServerItem),
        Operation("GET", f"{SERVER}/status", "Show how a media worker is", show_status, answer=ServerStatus),
        Operation("POST", f"{SERVER}/destroy", "Forget a media server", destroy, status=204),
    )
)
