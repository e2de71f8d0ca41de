"""The sound of one room: packets of everybody in, packets for everybody out, every 20 ms.

It connects sources, ranking, mixing and sink. It has no socket, no clock and no idea of endpoints: a participant may
have several sources and several listeners, and none of his listeners hears any of his sources. RFC 6464 for levels.
"""

from collections.abc import Sequence

import numpy as np

from mixer.audio.beat import Beat
from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import EncoderSettings
from mixer.audio.counters import AudioCounters
from mixer.audio.level import levels_dbov
from mixer.audio.mixing import fade_in, fade_out, mix_minus
from mixer.audio.pcm import FRAME_SAMPLES, Pcm
from mixer.audio.sink import SILENT_MIX, AudioFrame, AudioSink, Mix
from mixer.audio.source import AudioSource
from mixer.audio.speaker import SpeakerRanking
from mixer.base.drops import Drops

CANDIDATES_PER_PLACE = 2
"""Streams decoded for each place in the mix: who deserves a place is only known after decoding."""

SILENT_PEAK = 2.0**-16
"""Half a step of 16-bit sound."""


class AudioMixer:
    """One room. At most `max_speakers` are heard at a time, and encodes per tick are at most one more."""

    def __init__(self, max_speakers: int = 6, settings: EncoderSettings = EncoderSettings()) -> None:  # noqa: B008  frozen
        self.counters = AudioCounters()
        self.drops = Drops()
        self._sources: dict[str, AudioSource] = {}
        self._awake: dict[str, AudioSource] = {}
        self._muted: set[str] = set()
        self._silenced: set[str] = set()
        self._ranking = SpeakerRanking(max_speakers)
        self._sink = AudioSink(lambda: opus_encoder(settings), max_speakers, self.counters)
        self._frames: Pcm = np.zeros((CANDIDATES_PER_PLACE * max_speakers, FRAME_SAMPLES), np.float32)
        self._heard: tuple[str, ...] = ()
        self._timestamp = 0
        self._beat = Beat()

    def add_source(self, source_id: str, participant_id: str, *, is_voice: bool = True) -> AudioSource:
        """A new stream of a participant, muted if he is; no voice is what his screen sounds like."""
        source = AudioSource(
            source_id, participant_id, opus_decoder(), self.counters, self.drops, self._wake, is_voice, self._beat
        )
        source.set_muted(participant_id in (self._muted if is_voice else self._silenced))
        self._sources[source_id] = source
        return source

    def remove_source(self, source_id: str) -> None:
        """Raises KeyError for a source that is not there."""
        participant = self._sources.pop(source_id).participant_id
        self._awake.pop(source_id, None)
        if all(source.participant_id != participant for source in self._sources.values()):
            self._ranking.remove(participant)

    def add_listener(self, listener_id: str, participant_id: str) -> None:
        """Somebody who hears everybody but this participant."""
        self._sink.add_listener(listener_id, participant_id)

    def remove_listener(self, listener_id: str) -> None:
        """Raises KeyError for a listener who is not there."""
        self._sink.remove_listener(listener_id)

    def set_muted(self, participant_id: str, is_muted: bool, is_silenced: bool | None = None) -> None:
        """Mute a participant's voice, and `is_silenced` (default: the same) his other sounds.

        It covers sources to come, too: a new device must not open a mouth that was shut. A mute outlives the sources,
        so unmute a participant who is gone for good.
        """
        is_silenced = is_muted if is_silenced is None else is_silenced
        if is_muted and participant_id not in self._muted:
            self._ranking.remove(participant_id)
        for flag, members in ((is_muted, self._muted), (is_silenced, self._silenced)):
            if flag:
                members.add(participant_id)
            else:
                members.discard(participant_id)
        for source in self._sources.values():
            if source.participant_id == participant_id:
                source.set_muted(is_muted if source.is_voice else is_silenced)

    def speakers(self) -> tuple[str, ...]:
        """Who speaks now, loudest first."""
        return self._ranking.speakers

    def tick(self, now: float, skipped: int = 0) -> list[AudioFrame]:
        """The packets of the next 20 ms. `skipped` ticks before this one did not take place."""
        self._beat.tick(now)
        self._timestamp += (1 + skipped) * FRAME_SAMPLES
        self.counters.ticks += 1
        sources = self._choose(now)
        frames = self._frames[: len(sources)]
        for source, row in zip(sources, frames, strict=True):
            source.render(row, now)
        self._rank(sources, frames, now)
        everybody, without = self._mix(sources, frames)
        return self._sink.encode(everybody, without, self._timestamp, now)

    def _wake(self, source: AudioSource) -> None:
        # A source that was removed may still be fed by packets on their way.
        if self._sources.get(source.source_id) is source:
            self._awake[source.source_id] = source

    def _choose(self, now: float) -> list[AudioSource]:
        """The sources to decode in this tick: who is heard already comes first, then who seems loudest."""
        for source in [source for source in self._awake.values() if not source.is_wanted(now)]:
            del self._awake[source.source_id]
            if source.is_decoding:
                source.stop()
        chosen = list(self._awake.values())
        places = len(self._frames)
        if len(chosen) > places:
            chosen.sort(key=lambda source: (source.participant_id in self._heard, source.rank_dbov), reverse=True)
            for source in chosen[places:]:
                if source.is_decoding:
                    source.stop()
            del chosen[places:]
        for source in chosen:
            if not source.is_decoding:
                source.start(now)
        return chosen

    def _rank(self, sources: Sequence[AudioSource], frames: Pcm, now: float) -> None:
        levels: dict[str, float] = {}
        for source, level in zip(sources, levels_dbov(frames), strict=True):
            source.judge(level)
            if not source.is_muted:
                participant = source.participant_id
                levels[participant] = max(level, levels.get(participant, level))
        self._ranking.update(levels, now)

    def _mix(self, sources: Sequence[AudioSource], frames: Pcm) -> tuple[Mix, dict[str, Mix]]:
        """What everybody hears, and for each who is in it what he hears instead."""
        heard = self._ranking.heard
        voices: dict[str, Pcm] = {}
        for source, row in zip(sources, frames, strict=True):
            participant = source.participant_id
            if participant in voices:
                voices[participant] += row
            elif participant in heard or participant in self._heard:
                voices[participant] = row
        for participant, voice in voices.items():
            if participant not in self._heard:
                fade_in(voice)
            elif participant not in heard:
                fade_out(voice)
        self._heard = heard
        if not voices:
            return SILENT_MIX, {}
        sounds = mix_minus(np.stack(list(voices.values())))
        peaks = np.abs(sounds).max(axis=1).tolist()
        mixes = [
            SILENT_MIX if peak < SILENT_PEAK else Mix(sound, peak) for sound, peak in zip(sounds, peaks, strict=True)
        ]
        return mixes[0], dict(zip(voices, mixes[1:], strict=True))
