"""When to ask one publisher for a key frame.

A request for one layer makes an encoder refresh them all, so there is one throttle for all layers of a publisher. It
sends nothing and recognises no key frame. RFC 4585 section 6.3.1.
"""

REPEAT_S = 0.100
"""Chromium drops, not delays, a request that follows another within 0.3 s; so it is repeated until the frame comes."""

REST_S = 1.0
"""The least time between the beginnings of two rounds of asking."""

PATIENCE_S = 3.0
"""After this long unanswered the requests become as rare as rounds are."""


class KeyFrameThrottle:
    """Layers are named by their ssrc. Each method that gives an ssrc wants a request for it sent now."""

    __slots__ = ("_is_asking", "_next_at", "_round_at", "_wanted")

    def __init__(self) -> None:
        self._wanted: dict[int, None] = {}
        self._is_asking = False
        self._round_at = 0.0
        self._next_at = float("-inf")

    def request(self, ssrc: int, now: float) -> int | None:
        """Somebody needs a key frame of that layer."""
        self._wanted[ssrc] = None
        return self.poll(now)

    def poll(self, now: float) -> int | None:
        """Time has passed; the layers still waiting take turns."""
        if not self._wanted or now < self._next_at:
            return None
        if not self._is_asking:
            self._is_asking = True
            self._round_at = now
        self._next_at = now + (REPEAT_S if now - self._round_at < PATIENCE_S else REST_S)
        ssrc = next(iter(self._wanted))
        del self._wanted[ssrc]
        self._wanted[ssrc] = None
        return ssrc

    def settle(self, ssrc: int) -> None:
        """A key frame of that layer has begun, or nobody waits for one any more."""
        if ssrc not in self._wanted:
            return
        del self._wanted[ssrc]
        if not self._wanted:
            self._is_asking = False
            self._next_at = self._round_at + REST_S
