"""Has an uploaded sound made into the packets that a lobby plays, by a process of its own with little time and memory.

It reads nothing of the sound itself: `mixer.transcode` does.
"""

import asyncio
import contextlib
import os
import resource
import sys
import tempfile
from pathlib import Path

from confserver.errors import TooManyRequests, ValidateFailed

MOST_BYTES = 8 * 1024 * 1024
LIMIT_S = 60.0
MEMORY_BYTES = 2 * 1024**3
NICENESS = 10
RETRY_S = 30.0


class MusicMaker:
    """One at a time: the media go first."""

    def __init__(self) -> None:
        self._is_busy = False

    async def make(self, upload: bytes) -> bytes:
        """The file of packets. Raises ValidateFailed with what is wrong with the sound, and TooManyRequests."""
        if self._is_busy:
            raise TooManyRequests("Another sound is being read; please try again.", RETRY_S)
        self._is_busy = True
        try:
            with tempfile.TemporaryDirectory(prefix="confserver-music-") as folder:
                return await _made_in(Path(folder), upload)
        finally:
            self._is_busy = False


async def _made_in(folder: Path, upload: bytes) -> bytes:
    source, target = folder / "source", folder / "target"
    await asyncio.to_thread(source.write_bytes, upload)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "mixer.transcode", str(source), str(target), stderr=asyncio.subprocess.PIPE
    )
    _confine(process.pid)
    try:
        async with asyncio.timeout(LIMIT_S):
            _, complaint = await process.communicate()
    except TimeoutError:
        raise ValidateFailed("It takes too long to read this sound.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 1 and complaint:
        raise ValidateFailed(complaint.decode(errors="replace").strip().splitlines()[-1])
    if process.returncode:
        raise ValidateFailed("The file is no sound that can be read.")
    return await asyncio.to_thread(target.read_bytes)


def _confine(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it may have ended already
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(LIMIT_S), int(LIMIT_S)))
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
