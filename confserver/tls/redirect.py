"""Plain HTTP beside HTTPS: sends browsers on to the encrypted address, and shows a certificate authority its proofs.

It serves no page and takes no request of the API: a program that would send its token in the clear must notice.
RFC 8555 section 8.3.
"""

from aiohttp import web

from confserver.http.headers import security_headers

PROOFS_PATH = "/.well-known/acme-challenge/"
CODE = "HTTPS_ONLY"


class PlainHttp:
    """An application for the plain port; `publish` makes a proof known to it, also from another thread."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._proofs: dict[str, str] = {}

    def publish(self, token: str, proof: str) -> None:
        """Show `proof` under `token`, and none of before."""
        self._proofs = {token: proof}

    def application(self) -> web.Application:
        """What answers at the plain port."""
        app = web.Application()
        app.router.add_get(PROOFS_PATH + "{token}", self._show_proof)
        app.router.add_route("*", "/api/{rest:.*}", _refuse)
        app.router.add_get("/{rest:.*}", self._send_on)
        app.on_response_prepare.append(security_headers(()))
        return app

    async def _show_proof(self, request: web.Request) -> web.Response:
        proof = self._proofs.get(request.match_info["token"])
        return web.Response(text=proof) if proof else web.Response(status=404)

    async def _send_on(self, request: web.Request) -> web.Response:
        # To the address that the operator knows, never to the one that the request claims to be for.
        return web.Response(status=308, headers={"Location": f"{self._public_url}{request.raw_path}"})


async def _refuse(_request: web.Request) -> web.Response:
    error = {"code": CODE, "message": "This server is reached over HTTPS only.", "detail": None}
    return web.json_response({"errors": [error]}, status=403)
