"""What a browser is made of, as far as a media server notices: microphone, camera, screen, earpiece.

They know RTP packets and no network. Sound is coded by Opus; a picture is a VP8 packet that says whose it is.
"""

import numpy as np

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.level import levels_dbov
from mixer.audio.pcm import FRAME_SAMPLES, Pcm
from mixer.wire.hdrext import build_extensions
from mixer.wire.rtp import RtpPacket, build_rtp_header
from mixer.wire.sequence import SequenceExtender
from mixer.wire.vp8 import parse_vp8
from tests.peers.tone import FULL_SCALE, Tone, ToneMeter

OPUS_TYPE = 111
VP8_TYPE = 96
LEVEL_ID = 2
"""As they are negotiated: payload types, and the id of the header extension with the level."""


class Microphone:
    """Hears one tone, or silence, and sends what an encoder with DTX makes of it."""

    def __init__(self, tone: Tone | None, ssrc: int) -> None:
        self.tone = tone
        self.ssrc = ssrc
        self._encoder = opus_encoder(EncoderSettings(bitrate=48_000))
        self._seq = self._timestamp = 0

    def next(self) -> bytes | None:
        frame = self._record()
        payload = self._encoder.encode(frame)
        self._timestamp += FRAME_SAMPLES
        if len(payload) <= 2:
            return None
        self._seq += 1
        level = min(127, round(-levels_dbov(frame[np.newaxis])[0]))
        extension = build_extensions([(LEVEL_ID, bytes((level,)))])
        return build_rtp_header(OPUS_TYPE, self._seq, self._timestamp, self.ssrc, extension=extension) + payload

    def _record(self) -> Pcm:
        if self.tone is None:
            return np.zeros(FRAME_SAMPLES, np.float32)
        return (self.tone.next(FRAME_SAMPLES) / FULL_SCALE).astype(np.float32)


class Camera:
    """One packet a frame, 50 frames a second; each says by its SSRC whose it is. A key frame only when asked."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self.asked_at: list[float] = []
        self._wants_key_frame = True
        self._number = 0

    def refresh(self, now: float) -> None:
        self.asked_at.append(now)
        self._wants_key_frame = True

    def next(self) -> bytes:
        number = self._number = self._number + 1
        descriptor = b"\x90\xe0" + (0x8000 | number & 0x7FFF).to_bytes(2, "big") + bytes((number & 0xFF, 0x20))
        frame = bytes((not self._wants_key_frame,)) + self.ssrc.to_bytes(4, "big")
        self._wants_key_frame = False
        return build_rtp_header(VP8_TYPE, number, number * 1800, self.ssrc, marker=True) + descriptor + frame


class Screen:
    """Writes down what the slots bring: (time, mid, SSRC of the camera, is key frame)."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, str, int, bool]] = []

    def receive(self, mid: str, packet: RtpPacket, now: float) -> None:
        descriptor = parse_vp8(packet.data, packet.payload_start, packet.payload_end)
        ssrc = int.from_bytes(packet.payload[descriptor.size + 1 :], "big")
        self.frames.append((now, mid, ssrc, descriptor.is_key_frame))


class Earpiece:
    """Plays what has arrived, in order: what was lost is concealed, what was not sent is silence."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.timestamps: list[int] = []
        self._decoder = opus_decoder()
        self._waiting: dict[int, RtpPacket] = {}
        self._extender = SequenceExtender()
        self._next: tuple[int, int] | None = None
        self._meter = ToneMeter()

    def receive(self, packet: RtpPacket) -> None:
        seq = self._extender.extend(packet.seq)
        self.seqs.append(seq)
        self.timestamps.append(packet.timestamp)
        self._waiting[seq] = packet

    def dbov(self, hz: float) -> float:
        self._play()
        return self._meter.dbov(hz)

    def loudness_dbov(self) -> float:
        self._play()
        return self._meter.loudness_dbov()

    def forget(self) -> None:
        """Listen afresh."""
        self._play()
        self._meter.forget()

    def _play(self) -> None:
        for seq in sorted(self._waiting):
            packet = self._waiting.pop(seq)
            next_seq, next_timestamp = self._next or (seq, packet.timestamp)
            lost = seq - next_seq
            unsent = (packet.timestamp - next_timestamp) % 2**32 - lost * FRAME_SAMPLES
            for _ in range(lost):
                self._hear(self._decoder.decode(None))
            self._hear(np.zeros(unsent, np.float32))
            self._hear(self._decoder.decode(packet.payload))
            self._next = seq + 1, packet.timestamp + FRAME_SAMPLES

    def _hear(self, sound: Pcm) -> None:
        self._meter.hear(np.asarray(sound * FULL_SCALE, np.float64))
