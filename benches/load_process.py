"""The bench's end of a load process: one command at a time, with its answer.

The guests themselves are in `benches.load`; nothing of their cost falls on the daemon or on the bench.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from benches.load.tone_quality import ToneQuality

ANSWER_LIMIT_S = 120.0
END_LIMIT_S = 10.0
MAX_LINE_BYTES = 4 * 1024 * 1024


class LoadError(Exception):
    """The load could not do what was asked; the message is its own."""


@dataclass(frozen=True, slots=True)
class LoadCounters:
    """What all guests together have received (audio, video) and sent (camera), and how often the load was late."""

    audio_packets: int
    video_packets: int
    camera_packets: int
    late_turns: int


class LoadProcess:
    """A crowd in another process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def join(
        self, url: str, count: int, *, has_camera: bool = False, waits_for_sound: bool = False
    ) -> tuple[list[float], list[float]]:
        """`count` guests, one after the other. Seconds from pressing Join to DTLS done, and to the first sound."""
        answer = await self._ask("join", url=url, count=count, has_camera=has_camera, waits_for_sound=waits_for_sound)
        return answer["connected_s"], answer["heard_s"]

    async def microphones(self, speaking: int, others: str) -> None:
        """The first `speaking` guests speak, the others are `off`, `muted` (5 packets a second) or `open` (50)."""
        await self._ask("microphones", speaking=speaking, others=others)

    async def counters(self) -> LoadCounters:
        """Totals since the start."""
        return LoadCounters(**await self._ask("counters"))

    async def latency(self, seconds: float) -> list[float]:
        """Added latency of each click within that time, in seconds; guests are pairs in rooms of their own."""
        latencies: list[float] = (await self._ask("latency", seconds=seconds))["latencies_s"]
        return latencies

    async def tones(self, seconds: float) -> list[ToneQuality]:
        """How the second guest hears the first one's tone, and the first the second one's."""
        return [ToneQuality(**heard) for heard in (await self._ask("tones", seconds=seconds))["heard"]]

    async def flood(self, per_s: int, seconds: float) -> int:
        """The last guest floods; how many packets it has sent."""
        return int((await self._ask("flood", per_s=per_s, seconds=seconds))["packets"])

    async def leave(self) -> None:
        """All guests leave."""
        await self._ask("leave")

    async def _ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        sink.write(json.dumps({"do": command, **arguments}).encode() + b"\n")
        line = await asyncio.wait_for(source.readline(), ANSWER_LIMIT_S)
        answer: dict[str, Any] = json.loads(line or b'{"error": "it ended"}')
        if "error" in answer:
            raise LoadError(f"{command}: {answer['error']}")
        return answer


@contextlib.asynccontextmanager
async def running_load() -> AsyncIterator[LoadProcess]:
    """A load without guests yet; all leave when done."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benches.load.control",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE_BYTES,
    )
    try:
        yield LoadProcess(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), END_LIMIT_S)
        except TimeoutError:
            process.kill()
            await process.wait()
