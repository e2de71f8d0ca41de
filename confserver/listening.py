"""The ports the server listens on, bound before anything else starts, so that a busy one stops the start at once.

It serves nothing: the sockets go to whoever does.
"""

import contextlib
import errno
import os
import socket
from dataclasses import dataclass

from confserver.addresses import redirect_port
from confserver.config import Settings
from confserver.errors import ConfigError
from mixer.client import bind_media_port

BACKLOG = 512
LAST_PORT = 65_535
PORT_ERRORS = {errno.EADDRINUSE, errno.EACCES}
"""What is wrong with a port; all else that stops a server from listening is wrong with its address."""


@dataclass(frozen=True, slots=True)
class ListeningPorts:
    """The web server's socket, the UDP sockets (IPv4, IPv6) of each media worker, and plain HTTP's beside HTTPS."""

    http: socket.socket
    media: tuple[tuple[socket.socket, ...], ...]
    redirect: socket.socket | None = None

    def close(self) -> None:
        """Close them all."""
        self.http.close()
        if self.redirect is not None:
            self.redirect.close()
        for sockets in self.media:
            for sock in sockets:
                sock.close()


def bind_ports(settings: Settings) -> ListeningPorts:
    """Bind all of them or none. Raises ConfigError that names the setting of the one that could not be had."""
    with contextlib.ExitStack() as undo:
        http = _bind_http(settings.http.host, settings.http.port, "http.port")
        undo.callback(http.close)
        beside = redirect_port(settings)
        redirect = _bind_http(settings.http.host, beside, "tls.redirect_port") if beside else None
        if redirect is not None:
            undo.callback(redirect.close)
        media = []
        for index in range(settings.media.workers):
            sockets = _bind_media(settings.media.udp_port + index, index)
            for sock in sockets:
                undo.callback(sock.close)
            media.append(sockets)
        undo.pop_all()
        return ListeningPorts(http, tuple(media), redirect)


def _bind_http(host: str, port: int, setting: str) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        is_about_port = isinstance(error, OSError) and error.errno in PORT_ERRORS
        which = f"{setting} = {port}" if is_about_port else f"http.host = {host!r}"
        raise ConfigError(f"{which}: cannot listen on {host}:{port}: {_reason(error)}.") from None


def _bind_media(port: int, index: int) -> tuple[socket.socket, ...]:
    which = f"media.udp_port = {port}" if index == 0 else f"media.udp_port + {index} = {port}"
    if port > LAST_PORT:
        raise ConfigError(f"{which}: there is no UDP port for media worker {index + 1}.")
    try:
        return bind_media_port(port)
    except OSError as error:
        raise ConfigError(f"{which}: cannot listen on UDP port {port}: {_reason(error)}.") from None


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError | socket.gaierror) or not error.errno:
        return "there is no such address"
    return os.strerror(error.errno).lower()
