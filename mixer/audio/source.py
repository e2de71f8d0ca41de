"""One received audio stream of a participant: a microphone, or the sound of a shared screen.

It decodes only while somebody wants to hear it, and does not decide who that is. RFC 3550, RFC 6464, RFC 7587.
"""

from collections.abc import Callable

import numpy as np

from mixer.audio.beat import Beat
from mixer.audio.coding import AudioDecoder, CodecError
from mixer.audio.counters import AudioCounters
from mixer.audio.level import SILENCE_DBOV, SPEECH_DBOV, claimed_dbov, levels_dbov
from mixer.audio.mixing import fade_in, fade_out
from mixer.audio.opus_packet import packet_samples
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm
from mixer.base.drops import DropReason, Drops
from mixer.rtp.jitter_buffer import Action, JitterBuffer

HOLD_S = 1.0
"""A stream that claimed speech stays decoded through the pauses between words."""

CLAIM_RELEASE_DB = 0.5
"""Per packet: a claim is a peak that falls slowly, so that syllables do not reorder the candidates."""

DISPROOF_DB = 20.0
"""Decoded sound this far below its claim speaks against it."""

MAX_DOUBT_DB = 40.0
FORGIVENESS_DB = 0.25
"""Doubt taken back per packet not decoded: after full doubt, a new hearing within some 3 s."""

_NOTHING: Pcm = np.zeros(0, np.float32)
_SILENCE: Pcm = np.zeros(FRAME_SAMPLES, np.float32)


class AudioSource:
    """Packets in at any time, 20 ms of sound out per tick between `start` and `stop`.

    `on_wake` is called when a stream that was quiet claims speech.
    """

    def __init__(
        self,
        source_id: str,
        participant_id: str,
        decoder: AudioDecoder,
        counters: AudioCounters,
        drops: Drops,
        on_wake: Callable[["AudioSource"], None],
        is_voice: bool = True,
        beat: Beat | None = None,
    ) -> None:
        self.source_id = source_id
        self.participant_id = participant_id
        self.is_voice = is_voice
        self.is_muted = False
        self.is_decoding = False
        self.level_dbov = SILENCE_DBOV
        self._decoder = decoder
        self._counters = counters
        self._drops = drops
        self._on_wake = on_wake
        self._jitter = JitterBuffer(SAMPLE_RATE, packet_samples, drops, (beat or Beat()).is_kept)
        self._claim_dbov = SILENCE_DBOV
        self._claim_peak_dbov = SILENCE_DBOV
        self._doubt_db = 0.0
        self._awake_until = 0.0
        self._pending = _NOTHING
        self._is_sounding = False

    def receive(self, seq: int, timestamp: int, payload: bytes, level_dbov: int | None, now: float) -> None:
        """Take in a packet: `seq` and `timestamp` (48 kHz) extended, `level_dbov` the header's 0..127 or None."""
        if self.is_muted:
            self._jitter.observe(timestamp, now)
            self._drops[DropReason.AUDIO_MUTED] += 1
            return
        self._jitter.insert(seq, timestamp, payload, now)
        claim = claimed_dbov(level_dbov, len(payload))
        self._claim_dbov = claim
        self._claim_peak_dbov = max(claim, self._claim_peak_dbov - CLAIM_RELEASE_DB)
        if self._doubt_db > 0 and not self.is_decoding:
            self._doubt_db -= FORGIVENESS_DB
        if claim >= SPEECH_DBOV:
            if now >= self._awake_until:
                self._on_wake(self)
            self._awake_until = now + HOLD_S

    @property
    def rank_dbov(self) -> float:
        """How much this stream deserves to be decoded: what it claims, less what decoding has shown of its claims."""
        return self._claim_peak_dbov - self._doubt_db

    def is_wanted(self, now: float) -> bool:
        """Whether there may be anything to hear; a stream muted in mid-word still has to fade."""
        return self._is_sounding if self.is_muted else now < self._awake_until

    def set_muted(self, is_muted: bool) -> None:
        """While muted nothing is kept, so that nothing said then can be heard later."""
        self.is_muted = is_muted
        if is_muted:
            self._jitter.clear(DropReason.AUDIO_MUTED)
            self._awake_until = 0.0

    def start(self, now: float) -> None:
        """Begin to decode, first what came just before: a cold decoder would clip the first syllable."""
        self.is_decoding = True
        self._counters.wakes += 1
        for payload in self._jitter.start(now):
            self._counters.warm_ups += 1
            self._decode(payload)

    def stop(self) -> None:
        """Cease to decode; the newest packets are kept for the next start."""
        self.is_decoding = False
        self._jitter.stop()
        self._pending = _NOTHING
        self._is_sounding = False
        self.level_dbov = SILENCE_DBOV

    def judge(self, level_dbov: float) -> None:
        """Learn the level of the frame just rendered, and hold it against the claim."""
        self.level_dbov = level_dbov
        if level_dbov >= self._claim_dbov - DISPROOF_DB:
            self._doubt_db = 0.0
        elif self._doubt_db < MAX_DOUBT_DB:
            self._doubt_db += 1.0

    def render(self, row: Pcm, now: float) -> None:
        """Fill `row`, shape (960,), with the next 20 ms."""
        filled = 0
        while filled < FRAME_SAMPLES:
            if not len(self._pending):
                self._pending = self._next_piece(now, FRAME_SAMPLES - filled)
            count = min(len(self._pending), FRAME_SAMPLES - filled)
            row[filled : filled + count] = self._pending[:count]
            self._pending = self._pending[count:]
            filled += count
        if len(self._pending):
            # The decoder will write over what it returned.
            self._pending = self._pending.copy()

    def _next_piece(self, now: float, wanted: int) -> Pcm:
        if self.is_muted:
            return self._fall_silent(wanted)
        action, samples, payload, is_spare = self._jitter.take(now, is_quiet=self.level_dbov < SPEECH_DBOV)
        if action is Action.PAUSE:
            return self._fall_silent(wanted)
        if action is Action.PLAY:
            self._counters.decodes += 1
            sound = self._decode(payload, samples=samples)
            if is_spare and levels_dbov(sound[np.newaxis])[0] < SPEECH_DBOV:
                self._drops[DropReason.AUDIO_CATCH_UP] += 1
                return _NOTHING
        elif action is Action.RECOVER:
            self._counters.recovered += 1
            sound = self._decode(payload, is_recovery=True, samples=samples)
        elif action is Action.CONCEAL:
            self._counters.concealed += 1
            sound = self._decode(None, samples=samples)
        else:
            self._counters.starved += 1
            sound = self._decode(None, samples=wanted)
        if not self._is_sounding:
            self._is_sounding = True
            fade_in(sound)
        return sound

    def _fall_silent(self, wanted: int) -> Pcm:
        """Silence, after letting what sounded fade: a sound that just stops is heard as a click."""
        if not self._is_sounding:
            return _SILENCE[:wanted]
        self._is_sounding = False
        sound = self._decode(None, samples=wanted)
        fade_out(sound)
        return sound

    def _decode(self, payload: bytes | None, *, is_recovery: bool = False, samples: int = FRAME_SAMPLES) -> Pcm:
        """The sound of a payload; if no decoder can read it, `samples` of what may have been there."""
        try:
            return self._decoder.decode(payload, is_recovery=is_recovery, samples=samples)
        except CodecError:
            self._drops[DropReason.AUDIO_UNDECODABLE] += 1
            return self._decoder.decode(None, samples=samples)
