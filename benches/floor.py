"""The floor under a forwarded packet: protect 1100 bytes and send them, in Python, and nothing else.

`python -m benches.floor PORT...` is a process of its own with one SRTP session for each port, and prints microseconds
of CPU per packet as JSON. `tight` is the floor: no pause, warm caches, receivers that are awake. `paced` is the same at
a camera's rate, as a forwarder gets its packets: the kernel then wakes sender and receivers, partly at the sender's
expense, and on a virtual machine that may cost more than the packet. Profile and calls are the daemon's.
"""

import asyncio
import json
import os
import socket
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from benches.load.packets import video_head, vp8_descriptor
from benches.load.pictures import CHUNK_BYTES, SYNTHETIC_CHUNKS
from mixer.base.drops import Drops
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpKeys, SrtpSession

TIGHT_PACKETS = 20_000
PACED_BURSTS = 40
BURST_S = 0.040
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Floor:
    """Microseconds of CPU per packet."""

    tight: float
    paced: float


async def measure_floor(receivers: int) -> Floor:
    """Run the process against that many sockets of ours, which are drained meanwhile."""
    loop = asyncio.get_running_loop()
    with ExitStack() as closing:
        ports = []
        for _ in range(receivers):
            transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
            closing.callback(transport.close)
            ports.append(str(transport.get_extra_info("sockname")[1]))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benches.floor", *ports, stdout=asyncio.subprocess.PIPE
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), LIMIT_S)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return Floor(**json.loads(output))


def _measure(ports: list[int]) -> Floor:
    ways = [(_session(), ("127.0.0.1", port)) for port in ports]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        paced = _cost_us(sock, ways, _bursts(0, PACED_BURSTS), BURST_S)
        tight_bursts = TIGHT_PACKETS // (SYNTHETIC_CHUNKS * len(ways))
        tight = _cost_us(sock, ways, _bursts(PACED_BURSTS, tight_bursts), 0.0)
    return Floor(tight, paced)


def _cost_us(
    sock: socket.socket, ways: list[tuple[SrtpSession, tuple[str, int]]], bursts: list[list[bytes]], pause_s: float
) -> float:
    sendto = sock.sendto
    began = time.process_time()
    for burst in bursts:
        for packet in burst:
            for session, address in ways:
                protected = session.protect_rtp(packet)
                if protected is not None:
                    sendto(protected, address)
        if pause_s:
            time.sleep(pause_s)
    return (time.process_time() - began) * 1e6 / (len(bursts) * SYNTHETIC_CHUNKS * len(ways))


def _session() -> SrtpSession:
    profile = PREFERRED_PROFILES[0]
    return SrtpSession(SrtpKeys.derive(profile, os.urandom(profile.keying_bytes), is_server=True), Drops())


def _bursts(first: int, count: int) -> list[list[bytes]]:
    """`count` pictures of full packets, beginning with picture number `first`."""
    chunk = os.urandom(CHUNK_BYTES)
    return [
        [
            video_head(seq, picture, 1, seq, ord("2"), False) + vp8_descriptor(picture, picture, False) + chunk
            for seq in range(picture * SYNTHETIC_CHUNKS, (picture + 1) * SYNTHETIC_CHUNKS)
        ]
        for picture in range(first, first + count)
    ]


if __name__ == "__main__":
    print(json.dumps(asdict(_measure([int(port) for port in sys.argv[1:]]))))
