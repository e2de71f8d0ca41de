"""A port that cannot be had stops the start with one sentence that names the setting, and nothing stays open."""

import re
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from random import sample

import pytest

from confserver.config import HttpSettings, MediaSettings, Settings
from confserver.errors import ConfigError
from confserver.listening import bind_ports
from mixer.transport.udp import bind_any

# Runs the command, and says how it ended and which of the large libraries it has cost the operator to wait for.
COMMAND = """
import sys
from confserver.cli import main
try:
    main()
except SystemExit as end:
    print(end.code, [name for name in ("aiohttp", "av", "sqlalchemy") if name in sys.modules])
"""


def free_udp_ports(count: int) -> int:
    """The first of so many UDP ports in a row that are free; by chance, as others look for some at the same moment."""
    for first in sample(range(20_000, 30_000, count), k=100):
        with ExitStack() as probes, suppress(OSError):
            for port in range(first, first + count):
                for sock in bind_any(port):
                    probes.enter_context(sock)
            return first
    raise AssertionError("no free ports")


def free_tcp_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def settings(host: str = "127.0.0.1", port: int = 0, udp_port: int = 0, workers: int = 1) -> Settings:
    """Settings on ports that are free, as far as they are not given."""
    return Settings(
        http=HttpSettings(host=host, port=port or free_tcp_port()),
        media=MediaSettings(udp_port=udp_port or free_udp_ports(workers), workers=workers),
    )


def refusal(wanted: Settings) -> str:
    """The one sentence with which these settings are refused."""
    with pytest.raises(ConfigError) as refused:
        bind_ports(wanted)
    sentence = str(refused.value)
    assert re.fullmatch(r"[^\n]+[^.]\.", sentence)
    return sentence


def test_each_worker_gets_its_own_port_for_all_addresses() -> None:
    wanted = settings(workers=3)
    with closing(bind_ports(wanted)) as ports:
        assert ports.http.getsockname() == ("127.0.0.1", wanted.http.port)
        for index, sockets in enumerate(ports.media):
            assert {sock.getsockname()[1] for sock in sockets} == {wanted.media.udp_port + index}
        assert len(ports.media) == 3


def test_a_busy_tcp_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert refusal(settings(port=port)) == (
            f"http.port = {port}: cannot listen on 127.0.0.1:{port}: address already in use."
        )


def test_a_busy_udp_port_is_named_and_what_was_bound_before_is_free_again() -> None:
    wanted = settings(workers=2)
    second = wanted.media.udp_port + 1
    with ExitStack() as busy:
        for sock in bind_any(second):
            busy.enter_context(sock)
        assert refusal(wanted).startswith(f"media.udp_port + 1 = {second}: cannot listen on UDP port {second}: ")
        assert refusal(settings(udp_port=second)).startswith(f"media.udp_port = {second}: ")
    bind_ports(wanted).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "..", "a" * 70, "256.1.1.1", "fe80::1"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    assert refusal(settings(host)).startswith(f"http.host = {host!r}: cannot listen on {host}:")


def test_workers_beyond_the_last_port_are_refused() -> None:
    wanted = settings(udp_port=65_535, workers=2)
    assert refusal(wanted) == "media.udp_port + 1 = 65536: there is no UDP port for media worker 2."


def test_the_operator_reads_it_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        arguments = [
            "run",
            "--data-dir",
            str(tmp_path / "data"),
            "--port",
            str(port),
            "--udp-port",
            str(free_udp_ports(1)),
        ]
        command = [sys.executable, "-c", COMMAND, *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "2 []\n"
    assert run.stderr.startswith(f"confserver: http.port = {port}: ")
    assert run.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()
