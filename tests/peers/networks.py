"""A server, and a client with two ways to it, Wi-Fi and mobile, in network namespaces of their own. It needs root.

It knows what an operating system does when an interface goes, because one does it; it carries no traffic itself.
"""

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SERVER = "10.77.9.1"
NETWORKS = {"wifi": "10.77.1", "mobile": "10.77.2"}
"""In the order in which the client's operating system prefers them."""

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class TwoWays:
    """`client` is the name of the client's namespace; the server's is that of the thread that has made these."""

    client: str

    def wrap(self, program: str, folder: Path) -> Path:
        """A command that runs a program at the client."""
        command = folder / "at-the-client"
        command.write_text(f'#!/bin/sh\nexec ip netns exec {self.client} {program} "$@"\n')
        command.chmod(0o755)
        return command

    def way_from(self, address: str) -> str:
        """The name of the interface with this address."""
        return next(way for way, network in NETWORKS.items() if address.startswith(f"{network}."))

    def lose(self, way: str) -> None:
        """The client's interface goes down, and its address and routes go with it."""
        _ip(f"-n {self.client} link set {way} down")
        _ip(f"-n {self.client} addr flush dev {way}")

    def find(self, way: str) -> None:
        """It comes up."""
        metric = 100 * (1 + list(NETWORKS).index(way))
        _ip(f"-n {self.client} link set {way} up")
        _ip(f"-n {self.client} addr add {NETWORKS[way]}.2/24 dev {way}")
        _ip(f"-n {self.client} route add default via {NETWORKS[way]}.1 dev {way} metric {metric}")


@contextlib.contextmanager
def two_ways() -> Iterator[TwoWays]:
    """The calling thread, and what it starts, is at the server until the end. Raises PermissionError without root."""
    ways = TwoWays(f"confserver-{os.getpid()}")
    with _namespace_of_its_own():
        _ip(f"netns add {ways.client}")
        try:
            _ip("link set lo up")
            _ip(f"addr add {SERVER}/32 dev lo")
            _ip(f"-n {ways.client} link set lo up")
            for way, network in NETWORKS.items():
                _ip(f"link add {way} type veth peer name {way} netns {ways.client}")
                _ip(f"addr add {network}.1/24 dev {way} noprefixroute")
                _ip(f"link set {way} up")
                # Answers come from the address that was asked.
                _ip(f"route add {network}.0/24 dev {way} src {SERVER}")
                ways.find(way)
            yield ways
        finally:
            _ip(f"netns delete {ways.client}")


@contextlib.contextmanager
def _namespace_of_its_own() -> Iterator[None]:
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _check(_libc.unshare(CLONE_NEWNET))
        try:
            yield
        finally:
            _check(_libc.setns(before, CLONE_NEWNET))
    finally:
        os.close(before)


def _check(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True)
