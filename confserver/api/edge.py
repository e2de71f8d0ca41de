"""The edge between HTTP and the operations: authenticate, validate, run, render - and map every error, once.

It knows no operation. Cheap checks come first: nobody without a login gets a body parsed.
"""

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from confserver.api.context import ApiContext, Call, check_host, visible_meeting
from confserver.api.noting import MEETING, Noting
from confserver.api.operation import Operation
from confserver.auth.identity import Session
from confserver.errors import (
    ConfserverError,
    MethodNotAllowed,
    NotFound,
    RequestTimeout,
    TooLarge,
    Unauthorized,
    UnsupportedMediaType,
    ValidateFailed,
)
from confserver.http.answers import pace_headers, plain_answer
from confserver.meetings.meeting import Meeting
from confserver.validation import parse_json, parse_values
from signaling.sources import source_of

PREFIX = "/api"
MOST_BODY_BYTES = 256 * 1024
BODY_TIMEOUT_S = 10.0
UPLOAD_TIMEOUT_S = 60.0
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

log = structlog.get_logger(__name__)


class ErrorItem(BaseModel):
    """One thing that is wrong; `detail` names the field concerned, if any."""

    code: str
    message: str
    detail: str | None


class ErrorAnswer(BaseModel):
    """Every answer of 4xx and 5xx."""

    errors: list[ErrorItem]


def serve_operation(operation: Operation, context: ApiContext) -> Handler:
    """The aiohttp handler of an operation."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if operation.is_public:
            answer = await operation.handle(await _public_call(operation, context, request))
        else:
            answer = await _answer(operation, context, request, await session_of(request, context))
        if answer is None:
            return web.Response(status=operation.status, headers=HEADERS)
        return _json(answer, operation.status)

    return serve


async def _public_call(operation: Operation, context: ApiContext, request: web.Request) -> Call:
    body = await _read_body(operation, request)
    return Call(context, request.match_info, body, _read_query(operation, request), source_of(request.remote), None)


async def _answer(
    operation: Operation, context: ApiContext, request: web.Request, session: Session
) -> BaseModel | None:
    """What the operation answers. Whether or not it does, the audit log hears of what was to be changed."""
    path, source = dict(request.match_info), source_of(request.remote)
    noting = Noting(operation, session, path, source)
    try:
        operation.permit(session)
        meeting = await _meeting(operation, context, session, path)
        query = _read_query(operation, request)
        noting.body = await _read_body(operation, request)
        answer = await operation.handle(Call(context, path, noting.body, query, source, session, meeting))
    except Exception as error:
        if operation.is_change:
            context.audit.note(noting.entry(error))
        raise
    if operation.is_change:
        context.audit.note(noting.entry(answer))
    return answer


async def _meeting(
    operation: Operation, context: ApiContext, session: Session, path: Mapping[str, str]
) -> Meeting | None:
    """That of the path; asked for before anything is read, so that no operation can forget whose it is."""
    if MEETING not in path:
        return None
    meeting = await visible_meeting(context, session, path[MEETING])
    if operation.is_change:
        check_host(session, meeting)
    return meeting


def _read_query(operation: Operation, request: web.Request) -> BaseModel | None:
    return parse_values(operation.query, dict(request.query)) if operation.query else None


async def _read_body(operation: Operation, request: web.Request) -> BaseModel | bytes | None:
    """None where there is none to read. A body of which every field may be left out may itself be left out."""
    if operation.upload is not None:
        return await _read_bytes(request, operation.upload, UPLOAD_TIMEOUT_S)
    if operation.body is None:
        return None
    if not request.body_exists and not operation.needs_body:
        return operation.body()
    return parse_json(operation.body, await read_json(request))


async def session_of(request: web.Request, context: ApiContext) -> Session:
    """Whose request this is; raises Unauthorized. For operations, and for raw handlers that stream."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("This needs a login: send Authorization: Bearer and an access token.")
    session = await context.auth.session_by_token(token.strip())
    if session is None:
        raise Unauthorized("The access token is not valid, or not any more.")
    return session


@web.middleware
async def refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever goes wrong into an `ErrorAnswer` below `/api`, and into one sentence elsewhere."""
    try:
        return await handler(request)
    except ConfserverError as error:
        return _refusal(request, error)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        if not _is_of_api(request):
            raise
        return _unrouted(request, error)
    except web.RequestPayloadError:
        return _refusal(request, ValidateFailed("The body is not what its headers say."))
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:
        resource = request.match_info.route.resource
        log.exception("request.failed", method=request.method, route=resource.canonical if resource else None)
        return _refusal(request, ConfserverError("Something went wrong in the server."))


def _is_of_api(request: web.Request) -> bool:
    return request.path.startswith(f"{PREFIX}/")


def _unrouted(request: web.Request, error: web.HTTPNotFound | web.HTTPMethodNotAllowed) -> web.Response:
    """What aiohttp's router says, in our form."""
    if isinstance(error, web.HTTPNotFound):
        return _refusal(request, NotFound("There is no such address."))
    allowed = ", ".join(sorted(error.allowed_methods))
    return _refusal(request, MethodNotAllowed(f"This address takes {allowed}."), {"Allow": allowed})


async def read_json(request: web.Request) -> bytes:
    """The body of a request that says it is JSON, unread by anybody. Raises the refusals of a body that is none."""
    if request.content_type != "application/json":
        raise UnsupportedMediaType("The body should be JSON, with Content-Type: application/json.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body should not be compressed.")
    return await _read_bytes(request, MOST_BODY_BYTES, BODY_TIMEOUT_S)


async def _read_bytes(request: web.Request, most: int, limit_s: float) -> bytes:
    if (request.content_length or 0) > most:
        raise TooLarge(f"The body is larger than {most} bytes.")
    body = bytearray()
    try:
        async with asyncio.timeout(limit_s):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise TooLarge(f"The body is larger than {most} bytes.")
    except TimeoutError:
        raise RequestTimeout(f"The body did not arrive within {limit_s:g} s.") from None
    return bytes(body)


def _refusal(request: web.Request, error: ConfserverError, headers: Mapping[str, str] | None = None) -> web.Response:
    own = {**(headers or {}), **pace_headers(error)}
    if isinstance(error, Unauthorized):
        own["WWW-Authenticate"] = "Bearer"
    if not _is_of_api(request):
        return plain_answer(error.http_status, error.message, own)
    items = [ErrorItem(code=fault.code, message=fault.message, detail=fault.detail) for fault in error.faults]
    return _json(ErrorAnswer(errors=items), error.http_status, own)


def _json(answer: BaseModel, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        text=answer.model_dump_json(),
        status=status,
        content_type="application/json",
        headers={**HEADERS, **(headers or {})},
    )
