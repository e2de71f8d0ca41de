"""A worker on a real port: strangers get nothing out of it, and every datagram of theirs is counted."""

import socket
from contextlib import closing

import pytest

from mixer.base.drops import DropReason
from mixer.events import EndpointConnected, StatsReport
from mixer.params import AskStats, TransportParams
from tests.mixer.serving import Worker, serving
from tests.mixer.transport.strangers import letters, noise

OURS = TransportParams("server-a", "server-password-of-24-char", "client-a", "secret", ())


async def counters(worker: Worker) -> dict[str, float]:
    worker.obey(AskStats(1))
    return dict((await worker.expect(StatsReport)).counters)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_strangers_get_nothing_and_are_counted(host: str) -> None:
    async with serving() as (worker, ready):
        with closing(worker.guest(ready.fingerprints)) as guest:
            guest.start()
            await worker.expect(EndpointConnected)
            before = await counters(worker)
            strange = [*letters(OURS).values(), *noise(OURS).values()]
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.socket(family, socket.SOCK_DGRAM) as stranger:
                stranger.setblocking(False)
                stranger.connect((host, worker.worker.port))
                for data, _ in strange:
                    stranger.send(data)
                while _grown(before, after := await counters(worker), "drop.") < len(strange):
                    pass
                with pytest.raises(BlockingIOError):
                    stranger.recv(1)
            assert _grown(before, after, "drop.") == len(strange)
            assert _grown(before, after, f"drop.{DropReason.STUN_WRONG_INTEGRITY.value}") == 1
            assert guest.peer.is_connected


def _grown(before: dict[str, float], after: dict[str, float], prefix: str) -> float:
    names = [name for name in after if name.startswith(prefix)]
    return sum(after[name] - before.get(name, 0.0) for name in names)
