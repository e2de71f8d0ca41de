"""How the caller's tenant dresses its waiting room: `/api/tenant/look`, and the logos that its pages show."""

from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from confserver.api.context import ApiContext, Call
from confserver.api.edge import PREFIX
from confserver.api.operation import Operation
from confserver.api.rights import Audience
from confserver.errors import NotFound, ValidateFailed
from confserver.tenants import music, pictures
from confserver.tenants.looks import Logo
from signaling.commands import printable_lines
from signaling.ports import Look

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]
MOST_TEXT = 2_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_TEXT), AfterValidator(printable_lines)]


class LookBody(BaseModel):
    """Words and colours; null is the page's own."""

    model_config = ConfigDict(extra="forbid")

    text: Text | None = None
    background: Colour | None = None
    accent: Colour | None = None


class LookAnswer(BaseModel):
    """How the waiting room looks now."""

    text: str | None
    background: str | None
    accent: str | None
    logo_url: str | None
    has_music: Annotated[bool, Field(description="whether those who wait hear music")]


async def show(call: Call) -> LookAnswer:
    """How it looks."""
    return _answer(call.context.looks.of(call.session.tenant.id))


async def dress(call: Call) -> LookAnswer:
    """Other words and colours."""
    wanted: LookBody = call.body
    look = await call.context.looks.dress(call.session.tenant.id, wanted.text, wanted.background, wanted.accent)
    return _answer(look)


async def set_logo(call: Call) -> LookAnswer:
    """Another logo."""
    picture: bytes = call.body
    kind = pictures.type_of(picture)
    if kind is None:
        raise ValidateFailed("The logo should be a PNG, JPEG or WebP picture.")
    return _answer(await call.context.looks.set_logo(call.session.tenant.id, Logo(kind, picture)))


async def drop_logo(call: Call) -> LookAnswer:
    """No logo."""
    return _answer(await call.context.looks.set_logo(call.session.tenant.id, None))


async def set_music(call: Call) -> LookAnswer:
    """Another music."""
    packets = await call.context.music.make(call.body)
    return _answer(await call.context.looks.set_music(call.session.tenant.id, packets))


async def drop_music(call: Call) -> LookAnswer:
    """Silence."""
    return _answer(await call.context.looks.set_music(call.session.tenant.id, None))


def _answer(look: Look) -> LookAnswer:
    return LookAnswer(
        text=look.text,
        background=look.background,
        accent=look.accent,
        logo_url=look.logo_url,
        has_music=look.has_music,
    )


LOOK = "/tenant/look"
ADMINS = Audience.ADMINS

OPERATIONS = (
    Operation("GET", LOOK, "Show the waiting room's look", show, answer=LookAnswer),
    Operation("POST", LOOK, "Dress the waiting room", dress, body=LookBody, answer=LookAnswer, audience=ADMINS),
    Operation(
        "POST", f"{LOOK}/logo", "Set a logo", set_logo, upload=pictures.MOST_BYTES, answer=LookAnswer, audience=ADMINS
    ),
    Operation("POST", f"{LOOK}/logo/destroy", "Remove the logo", drop_logo, answer=LookAnswer, audience=ADMINS),
    Operation(
        "POST", f"{LOOK}/music", "Set music", set_music, upload=music.MOST_BYTES, answer=LookAnswer, audience=ADMINS
    ),
    Operation("POST", f"{LOOK}/music/destroy", "Remove the music", drop_music, answer=LookAnswer, audience=ADMINS),
)


class Logos:
    """Serves the logos. Their names are digests of what they are, so a browser may keep them for good."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def add_routes(self, app: web.Application) -> None:
        """Register the address."""
        app.router.add_get(f"{PREFIX}/looks/{{name:[0-9a-f]{{32}}}}", self.serve)

    async def serve(self, request: web.Request) -> web.Response:
        """A picture, and nothing that a browser could take for anything else."""
        logo = await self._context.looks.logo(request.match_info["name"])
        if logo is None:
            raise NotFound("There is no such picture.")
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=logo.picture, content_type=logo.type, headers=headers)
