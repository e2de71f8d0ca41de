"""Puts the edge around an application: who asks, how often, and which other sites may.

The application brings its own answers, and the middleware that maps errors, before.
"""

import time
from collections.abc import Callable

from aiohttp import web

from confserver.config import HttpSettings
from confserver.http.access_log import log_access
from confserver.http.cors import share_api
from confserver.http.edge import Edge
from confserver.http.proxies import see_through
from confserver.http.rate import keep_pace


def install_edge(
    app: web.Application, settings: HttpSettings, edge: Edge, clock: Callable[[], float] = time.monotonic
) -> None:
    """Outside of what maps errors: who asks. Inside of it: what may be refused."""
    app.middlewares[:0] = [see_through(edge.proxies), log_access]
    app.middlewares.append(keep_pace(settings.max_requests_per_s, edge.refusals, clock))
    share_api(app, settings.allowed_origins)
