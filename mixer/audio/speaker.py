"""Who is heard and who is shown as speaking: a ranking by decoded level that does not flicker.

It never looks at what senders claim of themselves, so a liar ranks as the silence he is.
"""

from collections.abc import Mapping

from mixer.audio.level import SPEECH_DBOV

HOLD_S = 1.5
"""A speaker stays one through the pauses of speech."""

ATTACK_SHARE = 0.3
"""Of the way to a louder level, per tick: 90 % within 7 ticks, so that a click is no loud voice."""

RELEASE_DB = 0.25
"""Per tick: a pause of half a second costs 6 dB of rank."""

OUST_DB = 6.0
"""How much louder a newcomer must be than the weakest of those heard to take his place."""

OVERTAKE_DB = 3.0
"""How much louder one must be than the next better to change places with him."""

PROOF_TICKS = 5
"""Speech for 100 ms before somebody is shown as speaking; a cough is heard, but not announced."""


class _Voice:
    """One participant with sound now or lately."""

    __slots__ = ("has_spoken", "held_until", "level", "proof")

    def __init__(self) -> None:
        self.level = SPEECH_DBOV
        self.held_until = 0.0
        self.proof = 0
        self.has_spoken = False

    def hear(self, level: float, now: float) -> None:
        """Take in the level of one tick."""
        if level > self.level:
            self.level += (level - self.level) * ATTACK_SHARE
        else:
            self.level -= RELEASE_DB
        if level < SPEECH_DBOV:
            self.proof = max(0, self.proof - 1)
            return
        self.held_until = now + HOLD_S
        self.proof += 1
        if self.proof >= PROOF_TICKS:
            self.proof = PROOF_TICKS
            self.has_spoken = True


class SpeakerRanking:
    """The at most `places` loudest of a room, who alone are mixed. One `update` per tick."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._voices: dict[str, _Voice] = {}
        self._heard: list[str] = []

    @property
    def heard(self) -> tuple[str, ...]:
        """The participants to mix, roughly loudest first."""
        return tuple(self._heard)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those of them who have truly spoken, loudest first."""
        return tuple(participant for participant in self._heard if self._voices[participant].has_spoken)

    def update(self, levels: Mapping[str, float], now: float) -> None:
        """Take in a tick: decoded levels (dBov) of the participants who were decoded."""
        for participant, level in levels.items():
            if level >= SPEECH_DBOV and participant not in self._voices:
                self._voices[participant] = _Voice()
        for participant, voice in list(self._voices.items()):
            voice.hear(levels.get(participant, float("-inf")), now)
            if now >= voice.held_until:
                self.remove(participant)
        for participant in self._voices:
            if participant not in self._heard:
                self._admit(participant)
        self._sort()

    def remove(self, participant: str) -> None:
        """Forget a participant at once: muted, or gone."""
        if self._voices.pop(participant, None) is not None and participant in self._heard:
            self._heard.remove(participant)

    def _admit(self, participant: str) -> None:
        if len(self._heard) < self._places:
            self._heard.append(participant)
            return
        weakest = min(self._heard, key=lambda heard: self._voices[heard].level)
        if self._voices[participant].level > self._voices[weakest].level + OUST_DB:
            self._heard[self._heard.index(weakest)] = participant

    def _sort(self) -> None:
        """One pass from the end: the loudest may rise to the top within a tick, neighbours swap only for a reason."""
        heard = self._heard
        for index in range(len(heard) - 1, 0, -1):
            better, worse = self._voices[heard[index - 1]], self._voices[heard[index]]
            if worse.level > better.level + OVERTAKE_DB:
                heard[index - 1], heard[index] = heard[index], heard[index - 1]
