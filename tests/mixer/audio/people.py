"""People in a room on invented time: talkers who encode what they say, listeners who decode what they hear.

They touch the mixer only as the room does: packets in, ticks, frames out.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import pytest

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.level import levels_dbov
from mixer.audio.mixer import AudioMixer
from mixer.audio.pcm import FRAME_S, FRAME_SAMPLES, Pcm

HIGH_QUALITY = EncoderSettings(bitrate=64_000, has_dtx=False)


class TransparentEncoder:
    """Sends sound as it is, for tests that ask what was mixed and not what a codec makes of it."""

    def encode(self, frame: Pcm, is_independent: bool = False) -> bytes:
        return frame.tobytes()

    def fork(self) -> Self:
        return self


def uncoded(payload: bytes) -> Pcm:
    """What a TransparentEncoder was given."""
    return np.frombuffer(payload, np.float32)


def mix_uncoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on mixers are made with transparent encoders."""
    monkeypatch.setattr("mixer.audio.mixer.opus_encoder", lambda settings: TransparentEncoder())


class Talker:
    """A microphone that sends one packet per tick, as a browser does."""

    def __init__(
        self,
        mixer: AudioMixer,
        name: str,
        source: str = "mic",
        has_levels: bool = True,
        claimed_level: int | None = None,
    ) -> None:
        self.source = mixer.add_source(f"{name}/{source}", name, is_voice=source == "mic")
        self._encoder = opus_encoder(HIGH_QUALITY)
        self._has_levels = has_levels
        self._claimed_level = claimed_level
        self._sent = 0

    def say(self, frame: Pcm, now: float) -> None:
        """Send 20 ms."""
        level: int | None = None
        if self._claimed_level is not None:
            level = self._claimed_level
        elif self._has_levels:
            level = min(127, round(-levels_dbov(frame[np.newaxis])[0]))
        payload = self._encoder.encode(frame)
        self.source.receive(1000 + self._sent, 5000 + self._sent * FRAME_SAMPLES, payload, level, now)
        self._sent += 1


class Room:
    """A mixer and those who listen to it; `heard` collects what each listener's decoder put out."""

    def __init__(self, listeners: Sequence[str] = (), max_speakers: int = 6, bitrate: int = 64_000) -> None:
        settings = EncoderSettings(bitrate=bitrate)
        self.mixer = AudioMixer(max_speakers, settings)
        self.now = 100.0
        self.heard: dict[str, list[Pcm]] = {}
        self._decoders = {}
        for name in listeners:
            self.mixer.add_listener(name, name)
            self._decoders[name] = opus_decoder()
            self.heard[name] = []
        self.encodes: list[int] = []

    def tick(self, talk: dict[Talker, Pcm]) -> None:
        """Everybody sends, 5 ms later the mixer ticks, everybody decodes or conceals by silence."""
        self.now += FRAME_S
        for talker, frame in talk.items():
            talker.say(frame, self.now - 0.005)
        before = self.mixer.counters.encodes
        arrived: dict[str, bytes] = {}
        for frame in self.mixer.tick(self.now):
            arrived.update(dict.fromkeys(frame.listener_ids, frame.payload))
        self.encodes.append(self.mixer.counters.encodes - before)
        for name, decoder in self._decoders.items():
            payload = arrived.get(name)
            silence = np.zeros(FRAME_SAMPLES, np.float32)
            self.heard[name].append(silence if payload is None else decoder.decode(payload).copy())

    def sound(self, name: str) -> Pcm:
        """All that a listener has heard."""
        return np.concatenate(self.heard[name])
