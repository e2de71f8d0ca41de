"""The floor under a forwarded packet: protect 1100 bytes and send them, in Python, and nothing else.

`python -m benches.floor PORT` is a process of its own, and prints microseconds of CPU per packet as JSON: `tight`
without a pause, `paced` in bursts at the rate at which a forwarder gets them, with colder caches. Profile and calls are
the daemon's.
"""

import asyncio
import json
import os
import socket
import statistics
import sys
import time
from dataclasses import dataclass

from benches.load.packets import video_head, vp8_descriptor
from benches.load.pictures import CHUNK_BYTES, SYNTHETIC_CHUNKS
from mixer.base.drops import Drops
from mixer.transport.srtp import PREFERRED_PROFILES, SrtpKeys, SrtpSession

SESSIONS = 30
BURST_S = 0.040
ROUNDS = 5
BURSTS_PER_ROUND = 60
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Floor:
    """Microseconds of CPU per packet."""

    tight: float
    paced: float


async def measure_floor() -> Floor:
    """Run the process against a socket of ours that is drained meanwhile."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benches.floor", str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), LIMIT_S)
    finally:
        transport.close()
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Floor(**json.loads(output))


def _measure(port: int) -> Floor:
    sessions = [_session() for _ in range(SESSIONS)]
    packets = iter(_packets((ROUNDS + 1) * BURSTS_PER_ROUND * SYNTHETIC_CHUNKS))
    bursts = [[next(packets) for _ in range(SYNTHETIC_CHUNKS)] for _ in range((ROUNDS + 1) * BURSTS_PER_ROUND)]
    tight = [
        _cost_us(sessions, bursts[start : start + BURSTS_PER_ROUND], port, pause_s=0.0)
        for start in range(0, ROUNDS * BURSTS_PER_ROUND, BURSTS_PER_ROUND)
    ]
    return Floor(statistics.median(tight), _cost_us(sessions, bursts[-BURSTS_PER_ROUND:], port, pause_s=BURST_S))


def _cost_us(sessions: list[SrtpSession], bursts: list[list[bytes]], port: int, pause_s: float) -> float:
    address = ("127.0.0.1", port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sendto = sock.sendto
        began = time.process_time()
        for burst in bursts:
            for packet in burst:
                for session in sessions:
                    protected = session.protect_rtp(packet)
                    if protected is not None:
                        sendto(protected, address)
            time.sleep(pause_s)
        cpu_s = time.process_time() - began
    return cpu_s * 1e6 / (len(bursts) * SYNTHETIC_CHUNKS * len(sessions))


def _session() -> SrtpSession:
    profile = PREFERRED_PROFILES[0]
    return SrtpSession(SrtpKeys.derive(profile, os.urandom(profile.keying_bytes), is_server=True), Drops())


def _packets(count: int) -> list[bytes]:
    chunk = os.urandom(CHUNK_BYTES)
    return [
        video_head(seq, 0, 1, seq, ord("2"), False) + vp8_descriptor(seq, seq, True) + chunk for seq in range(count)
    ]


if __name__ == "__main__":
    floor = _measure(int(sys.argv[1]))
    print(json.dumps({"tight": floor.tight, "paced": floor.paced}))
