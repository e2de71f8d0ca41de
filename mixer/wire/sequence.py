"""Wrapping wire counters, extended to integers that only grow.

Done once at the edge, so that nothing inside compares modulo 2^16; it does not detect restarts of a sender.
RFC 3550 appendix A.1.
"""


class SequenceExtender:
    """Extends `bits`-wide counters: each value becomes the integer nearest to the highest one so far.

    The first value is taken as it is, so a packet that was overtaken by the very first one may extend below zero.
    """

    __slots__ = ("_half", "_highest", "_modulus")

    def __init__(self, bits: int = 16) -> None:
        self._modulus = 1 << bits
        self._half = self._modulus >> 1
        self._highest: int | None = None

    def extend(self, value: int) -> int:
        """The extended form of `value` (0..2^bits - 1)."""
        highest = self._highest
        if highest is None:
            self._highest = value
            return value
        delta = (value - highest) % self._modulus
        if delta > self._half:
            return highest + delta - self._modulus
        extended = highest + delta
        self._highest = extended
        return extended

    def restart(self, value: int) -> int:
        """The extended form of `value` in a fresh cycle above all before: the sender began its numbers anew."""
        if self._highest is not None:
            value += (self._highest // self._modulus + 1) * self._modulus
        self._highest = value
        return value
