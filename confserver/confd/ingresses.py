"""The public address that a tenant gives its guests."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from confserver.auth.identity import Role
from confserver.confd.edge import Answer, Visit
from confserver.confd.uuids import uuid_of
from confserver.errors import Forbidden, NotFound


def _web_address(uri: str) -> str:
    parts = urlsplit(uri)
    if any(character.isspace() or not character.isprintable() for character in uri):
        raise ValueError("should have no spaces and no control characters")  # which `urlsplit` passes over
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("should be an address that begins with http:// or https://")
    return uri.rstrip("/")


class IngressBody(BaseModel):
    """The address."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    uri: Annotated[str, StringConstraints(min_length=1, max_length=512), AfterValidator(_web_address)]


async def list_all(visit: Visit) -> Answer:
    """The tenant's, if it has named one."""
    uri = await visit.window.ingresses.own(visit.user.tenant.id)
    items = [_shown(visit, uri)] if uri else []
    return 200, {"items": items, "total": len(items)}


async def create(visit: Visit) -> Answer:
    """Names one, or another one."""
    body: IngressBody = await visit.body(IngressBody)
    _check(visit)
    await visit.window.ingresses.set(visit.user.tenant.id, body.uri)
    return 201, _shown(visit, body.uri)


async def show(visit: Visit) -> Answer:
    """The tenant's."""
    return 200, _shown(visit, await _find(visit))


async def change(visit: Visit) -> Answer:
    """Another one."""
    await _find(visit)
    body: IngressBody = await visit.body(IngressBody)
    _check(visit)
    await visit.window.ingresses.set(visit.user.tenant.id, body.uri)
    return 204, None


async def destroy(visit: Visit) -> Answer:
    """Back to the server's own."""
    await _find(visit)
    _check(visit)
    await visit.window.ingresses.set(visit.user.tenant.id, None)
    return 204, None


async def _find(visit: Visit) -> str:
    uri = await visit.window.ingresses.own(visit.user.tenant.id)
    if uri is None or visit.path("ingress_uuid") != uuid_of(visit.user.tenant.id):
        raise NotFound("There is no such ingress.")
    return uri


def _check(visit: Visit) -> None:
    if visit.user.role is not Role.ADMIN or not visit.user.may_change:
        raise Forbidden("Only administrators may name the public address.")


def _shown(visit: Visit, uri: str) -> dict[str, str]:
    tenant = uuid_of(visit.user.tenant.id)
    return {"uuid": tenant, "tenant_uuid": tenant, "uri": uri}
