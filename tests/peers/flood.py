"""Strangers who flood a media port: `python -m tests.peers.flood PORT PER_S SECONDS KIND`, on the loopback only.

A process of its own, so that what it costs falls on nobody who is measured. It prints how many datagrams it has sent
and how many bytes came back, as JSON. It knows no secret of any call.
"""

import asyncio
import contextlib
import json
import os
import random
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from mixer.wire.stun import build_request

SOURCES = 64
VARIETY = 512
"""Different datagrams, made beforehand."""
TURN_S = 0.005
NICENESS = 5
"""Strangers have computers of their own; here they must not take the guests'."""
END_LIMIT_S = 10.0


class Kind(StrEnum):
    """Random bytes, or what begins like SRTP, DTLS and STUN; from many ports, or all from one."""

    RANDOM = "random"
    WELL_FORMED = "well-formed"
    ONE_SOURCE = "one-source"


@dataclass(slots=True)
class Toll:
    """What a flood has sent, and what it got for it."""

    datagrams: int = 0
    bytes_back: int = 0


@contextlib.asynccontextmanager
async def flooding(port: int, per_s: int, seconds: float, kind: Kind) -> AsyncIterator[Toll]:
    """Flood a port while the block runs, and for no longer than `seconds`; then the toll is known."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.peers.flood", str(port), str(per_s), str(seconds), kind.value),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    toll = Toll()
    try:
        yield toll
        output, _ = await asyncio.wait_for(process.communicate(b"enough\n"), END_LIMIT_S)
        paid = Toll(**json.loads(output))
        toll.datagrams, toll.bytes_back = paid.datagrams, paid.bytes_back
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def letters(kind: Kind) -> list[bytes]:
    """What is sent, over and over."""
    strange = random.Random(kind.value)
    if kind is Kind.RANDOM:
        return [strange.randbytes(strange.choice((20, 100, 1200))) for _ in range(VARIETY)]
    firsts = (b"\x80\x60", b"\x90\xe0", b"\x80\xc8", b"\x16\xfe\xfd", b"\x17\xfe\xfd")
    made = [strange.choice(firsts) + strange.randbytes(strange.choice((30, 100, 1200))) for _ in range(VARIETY)]
    for number in range(0, VARIETY, 4):
        name, secret = f"{strange.randbytes(4).hex()}:{strange.randbytes(4).hex()}", strange.randbytes(12).hex()
        made[number] = build_request(strange.randbytes(12), name, secret, 1, controlling=1, is_nominating=True)
    return made


def flood(port: int, per_s: int, seconds: float, kind: Kind) -> Toll:
    """Send until the time is over or somebody writes to standard input."""
    toll, made = Toll(), letters(kind)
    count = 1 if kind is Kind.ONE_SOURCE else SOURCES
    os.set_blocking(sys.stdin.fileno(), False)
    with contextlib.ExitStack() as open_sockets:
        sources = [open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(count)]
        for source in sources:
            source.setblocking(False)
            source.connect(("127.0.0.1", port))
        began_at = time.monotonic()
        while (elapsed_s := time.monotonic() - began_at) < seconds and not sys.stdin.read(1):
            for number in range(toll.datagrams, int(elapsed_s * per_s)):
                with contextlib.suppress(OSError):
                    sources[number % count].send(made[number % VARIETY])
                toll.datagrams += 1
            time.sleep(TURN_S)
        toll.bytes_back = sum(_received(source) for source in sources)
    return toll


def _received(source: socket.socket) -> int:
    size = 0
    with contextlib.suppress(OSError):
        while True:
            size += len(source.recv(2048))
    return size


if __name__ == "__main__":
    os.nice(NICENESS)
    paid = flood(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), Kind(sys.argv[4]))
    json.dump(asdict(paid), sys.stdout)
