"""Pebble, the ACME server that the makers of Let's Encrypt test with, as a child process on free ports."""

import contextlib
import json
import os
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.confserver.tls.authority import TestAuthority

START_LIMIT_S = 10.0
ENVIRONMENT = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0", "PEBBLE_AUTHZREUSE": "0"}
"""It is random and slow unless told not to be."""


@dataclass(frozen=True, slots=True)
class Pebble:
    """It asks for proofs at `proof_port`; clients trust it if they trust the certificates in `roots`."""

    directory: str
    proof_port: int
    roots: Path
    log: Path

    @property
    def issued(self) -> int:
        """How many certificates it has given."""
        return self.log.read_text().count("Issued certificate")


@contextlib.contextmanager
def running_pebble(folder: Path) -> Iterator[Pebble]:
    """A Pebble that answers."""
    authority = TestAuthority()
    files = authority.issue(folder)
    roots = folder / "roots.pem"
    roots.write_text(authority.root_pem)
    port, management_port, proof_port = _free_ports(3)
    config = folder / "pebble.json"
    own = {
        "listenAddress": f"127.0.0.1:{port}",
        "managementListenAddress": f"127.0.0.1:{management_port}",
        "certificate": str(files.certificate),
        "privateKey": str(files.key),
        "httpPort": proof_port,
        "tlsPort": proof_port,
    }
    config.write_text(json.dumps({"pebble": own}))
    running = Pebble(f"https://localhost:{port}/dir", proof_port, roots, folder / "pebble.log")
    with running.log.open("wb") as output:
        process = subprocess.Popen(
            ["pebble", "-config", str(config)],
            env={**os.environ, **ENVIRONMENT},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(running)
        yield running
    finally:
        process.kill()
        process.wait()


def _wait_until_it_answers(running: Pebble) -> None:
    context = ssl.create_default_context(cafile=running.roots)
    give_up_at = time.monotonic() + START_LIMIT_S
    while True:
        try:
            urllib.request.urlopen(running.directory, timeout=1, context=context).close()
        except OSError:
            assert time.monotonic() < give_up_at, running.log.read_text()
            time.sleep(0.02)
        else:
            return


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [sock.getsockname()[1] for sock in sockets]
