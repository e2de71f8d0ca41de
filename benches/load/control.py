"""`python -m benches.load.control`: a crowd that obeys JSON lines on standard input and answers on standard output.

One line is one command, `{"do": NAME, ...}`; one line comes back, `{"error": ...}` when it failed. The end of the input
ends the process. It measures what only a guest can see; CPU is measured by whoever gave the commands.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import uvloop

from benches.load.crowd import Crowd
from benches.load.flooder import flood
from benches.load.invitation import Invitation
from benches.load.microphone import HIGH_HZ, LOW_HZ, MicrophoneState
from benches.load.onset import added_latencies, heard_at, onset_frames
from benches.load.pictures import synthetic_clip
from benches.load.sounds import clicks
from benches.load.tone_quality import tone_quality

Values = dict[str, Any]

TONE_SETTLES_S = 0.5
"""Until speakers are speakers and everybody's encoder is the one they keep."""


class Control:
    """The commands, one method each; their arguments and answers are JSON values."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._commands: dict[str, Callable[..., Awaitable[Values]]] = {
            "join": self._join,
            "microphones": self._microphones,
            "counters": self._counters,
            "latency": self._latency,
            "tones": self._tones,
            "flood": self._flood,
            "leave": self._leave,
        }

    async def obey(self, command: Values) -> Values:
        """Do what `do` says, with the other values as arguments."""
        arguments = dict(command)
        return await self._commands[arguments.pop("do")](**arguments)

    async def _join(self, url: str, count: int, has_camera: bool, waits_for_sound: bool) -> Values:
        """One after the other; gives the times of each in seconds."""
        invitation = Invitation.from_url(url)
        connected, heard = [], []
        for _ in range(count):
            clip = synthetic_clip() if has_camera else None
            name = f"Guest {len(self._crowd.guests) + 1}"
            times = await self._crowd.join(invitation, name, clip, waits_for_sound=waits_for_sound)
            connected.append(times.connected_s)
            heard.append(times.heard_s)
        return {"connected_s": connected, "heard_s": heard}

    async def _microphones(self, speaking: int, others: str) -> Values:
        """The first `speaking` guests speak, each from another place in the text; the others are as said."""
        for number, guest in enumerate(self._crowd.guests):
            state = MicrophoneState.SPEAKING if number < speaking else MicrophoneState(others)
            guest.microphone.switch(state, position=number * 67)
        return {}

    async def _counters(self) -> Values:
        receptions = [guest.reception for guest in self._crowd.guests]
        cameras = [guest.camera for guest in self._crowd.guests if guest.camera is not None]
        return {
            "audio_packets": sum(reception.audio_packets for reception in receptions),
            "video_packets": sum(reception.video_packets for reception in receptions),
            "camera_packets": sum(camera.packets for camera in cameras),
            "late_turns": self._crowd.late_turns,
        }

    async def _latency(self, seconds: float) -> Values:
        """Guests are pairs, each alone in its room: the first clicks, the second listens."""
        speakers, listeners = self._crowd.guests[0::2], self._crowd.guests[1::2]
        for speaker, listener in zip(speakers, listeners, strict=True):
            speaker.microphone.switch(MicrophoneState.CLICKING)
            speaker.said = []
            listener.reception.record()
        await asyncio.sleep(seconds)
        onsets = onset_frames(clicks())
        latencies: list[float] = []
        for speaker, listener in zip(speakers, listeners, strict=True):
            said, speaker.said = speaker.said or [], None
            said_at = [at + onsets[index] for at, index in said if index in onsets]
            latencies += added_latencies(said_at, heard_at(listener.reception.recorded()))
        return {"latencies_s": latencies}

    async def _tones(self, seconds: float) -> Values:
        """The first two guests of a room say a tone each, and hear the other's."""
        low, high = self._crowd.guests[:2]
        low.microphone.switch(MicrophoneState.LOW_TONE)
        high.microphone.switch(MicrophoneState.HIGH_TONE)
        await asyncio.sleep(TONE_SETTLES_S)
        for guest in (low, high):
            guest.reception.record()
        await asyncio.sleep(seconds)
        heard = ((high, LOW_HZ), (low, HIGH_HZ))
        return {"heard": [asdict(tone_quality(guest.reception.recorded(), hz, seconds)) for guest, hz in heard]}

    async def _flood(self, per_s: int, seconds: float) -> Values:
        """The last guest floods."""
        return {"packets": await flood(self._crowd.guests[-1], per_s, seconds)}

    async def _leave(self) -> Values:
        await self._crowd.disperse()
        return {}


async def _obey_lines() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with Crowd() as crowd:
        control = Control(crowd)
        while line := await lines.readline():
            try:
                answer = await control.obey(json.loads(line))
            except Exception as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(_obey_lines())
