"""What an audio mixer has done since it was made, as plain counters.

Dropped packets are counted elsewhere, by their reason (`mixer.base.drops`).
"""

from dataclasses import dataclass


@dataclass(slots=True)
class AudioCounters:
    """All in pieces: ticks, packets or calls of a codec."""

    ticks: int = 0
    encodes: int = 0
    decodes: int = 0
    """Of packets that were heard."""
    warm_ups: int = 0
    """Of packets decoded unheard, so that the first heard one sounds right."""
    concealed: int = 0
    recovered: int = 0
    """Lost packets restored from in-band FEC, if the sender had put any there."""
    starved: int = 0
    wakes: int = 0
    forks: int = 0
    """Listeners moved to an encoder of their own."""
