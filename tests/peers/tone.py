"""Test tones: made at a known level, and measured in what somebody hears. Plain numbers, no media library.

It knows nothing of codecs, so a measured level carries whatever the way of the sound did to it.
"""

import functools
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

RATE = 48_000
FULL_SCALE = 32_768.0
SILENCE_DBOV = -127.0
"""The lowest level of RFC 6464; what is not there at all measures as this."""

RAMP_S = 0.02
WINDOW = RATE // 10
HOP = WINDOW // 4
MEMORY_S = 1.0
"""How far back a meter listens: three turns of the gate."""
PAUSE_S = 0.1
"""When nothing has arrived for so long, nothing is being sent: a sender with DTX is silent in this way."""

Samples = npt.NDArray[np.float64]


class Tone:
    """A sine of `hz` at `dbov` (level of its sine, not of its pauses), opened and closed `gate_hz` times a second.

    Gated, because noise suppressors take a steady tone for noise. `gate_hz` 0 leaves it on. Ramps of 20 ms keep the
    gate's clicks away from the other tones.
    """

    def __init__(self, hz: float, dbov: float = -20.0, gate_hz: float = 3.0) -> None:
        self.hz = hz
        self.dbov = dbov
        self.gate_hz = gate_hz
        self._position = 0

    def next(self, count: int) -> Samples:
        """The next `count` samples at 48 kHz, in units of a 16-bit sample."""
        seconds = np.arange(self._position, self._position + count) / RATE
        self._position += count
        amplitude = np.sqrt(2.0) * FULL_SCALE * 10 ** (self.dbov / 20)
        samples: Samples = amplitude * np.sin(2 * np.pi * self.hz * seconds) * self._gate(seconds)
        return samples

    def _gate(self, seconds: Samples) -> Samples:
        if not self.gate_hz:
            return np.ones_like(seconds)
        period_s = 1 / self.gate_hz
        phase_s = seconds % period_s
        inside_s = np.minimum(phase_s, period_s / 2 - phase_s)
        return 0.5 - 0.5 * np.cos(np.pi * np.clip(inside_s / RAMP_S, 0.0, 1.0))


class ToneMeter:
    """Listens, and says how loud a tone was in the last second."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()
        self._count = 0

    def hear(self, samples: npt.NDArray[np.int16] | Samples) -> None:
        """Take mono samples at 48 kHz, in units of a 16-bit sample."""
        self._blocks.append(np.asarray(samples, dtype=np.float64))
        self._count += len(samples)
        while self._count - len(self._blocks[0]) >= MEMORY_S * RATE:
            self._count -= len(self._blocks.popleft())

    def forget(self) -> None:
        """Listen afresh."""
        self._blocks.clear()
        self._count = 0

    @property
    def heard_s(self) -> float:
        """Seconds of sound that the next measurement rests on."""
        return self._count / RATE

    def dbov(self, hz: float) -> float:
        """Level of the tone while its gate was open: the 90th percentile over windows of 100 ms."""
        if self._count < WINDOW:
            return SILENCE_DBOV
        sound = np.concatenate(self._blocks)
        windows = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
        effective = np.hypot(*(windows @ _probe(hz)).T)
        return _to_dbov(float(np.quantile(effective, 0.9)))

    def loudness_dbov(self) -> float:
        """Level of everything that was heard, tones or not."""
        return _to_dbov(float(np.sqrt(np.mean(np.concatenate(self._blocks) ** 2)))) if self._count else SILENCE_DBOV


class Ear(ToneMeter):
    """A meter on a stream that may pause: while nothing arrives, silence is heard. `clock()` in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._heard_at: float | None = None

    def hear(self, samples: npt.NDArray[np.int16] | Samples) -> None:
        """Take what has just arrived."""
        self._hear_pause()
        super().hear(samples)
        self._heard_at = self._clock()

    def dbov(self, hz: float) -> float:
        """Level of the tone in the last second, pauses included."""
        self._hear_pause()
        return super().dbov(hz)

    def _hear_pause(self) -> None:
        now = self._clock()
        if self._heard_at is not None and now - self._heard_at > PAUSE_S:
            super().hear(np.zeros(round(min(now - self._heard_at, MEMORY_S) * RATE)))
            self._heard_at = now


@functools.cache
def _probe(hz: float) -> Samples:
    """What to multiply a window with to get the effective value of a tone in it: two columns, for its two phases."""
    hann = np.hanning(WINDOW)
    angle = 2 * np.pi * hz * np.arange(WINDOW) / RATE
    probe: Samples = (
        np.stack([np.cos(angle), np.sin(angle)], axis=1) * (np.sqrt(2.0) * hann / hann.sum())[:, np.newaxis]
    )
    return probe


def _to_dbov(effective: float) -> float:
    return max(SILENCE_DBOV, 20 * float(np.log10(max(effective, 1e-9) / FULL_SCALE)))
