"""Where one peer is: the addresses it has proven to be at, and the one of them that media are sent to.

It believes what it is told: who proves what is the matter of ICE and SRTP. RFC 8445 sections 8.1.1 and 12.1.
"""

from collections.abc import KeysView

from mixer.wire.stun import Address

MEDIA_S = 1.0
"""A peer that has sent media so lately has said with them where it wants ours."""
SILENT_S = 3.5
"""An address in use is checked every 2.5 s (Chromium) or 4 to 6 s (RFC 7675): one that is not has perhaps been left."""
MAX_ADDRESSES = 16


class PeerPath:
    """`selected` is the address to send to, None before the first valid check.

    Ours goes where the peer's own comes from. RFC 8445 has the controlling peer send over the pair it has selected, so
    its media tell the choice at once and with every packet. A nomination tells it with the next check only, up to 2.5 s
    later (Chromium), or once and never again (Firefox, aiortc); and a client that nominates several pairs in turn would
    have us go to and fro. So while media come, they alone decide. While none do a nominating check decides, and any
    other when the address in use seems left.
    """

    __slots__ = ("_checked_at", "_media_at", "selected")

    def __init__(self) -> None:
        self.selected: Address | None = None
        self._checked_at: dict[Address, float] = {}
        self._media_at: float | None = None

    @property
    def addresses(self) -> KeysView[Address]:
        """Where valid checks came from, at most MAX_ADDRESSES; media may come from any of them."""
        return self._checked_at.keys()

    def note_check(self, address: Address, is_nominating: bool, now: float) -> None:
        """A valid check, never seen before, has come from an address."""
        if address not in self._checked_at:
            self._make_room()
        self._checked_at[address] = now
        if self._is_moved_by_check(is_nominating, now):
            self.selected = address

    def note_media(self, address: Address, now: float) -> None:
        """An authentic packet, never seen before, has come from one of `addresses`."""
        self.selected = address
        self._media_at = now

    def is_in_use(self, address: Address, now: float) -> bool:
        """Whether the peer was there a moment ago."""
        checked_at = self._checked_at.get(address)
        has_media = address == self.selected and self._media_at is not None and now - self._media_at < SILENT_S
        return has_media or (checked_at is not None and now - checked_at < SILENT_S)

    def forget(self, address: Address) -> None:
        """An address has become another peer's: neither expect nor send anything there."""
        self._checked_at.pop(address, None)
        if address == self.selected:
            self.selected = max(self._checked_at, key=self._checked_at.__getitem__, default=None)

    def leave(self) -> None:
        """The peer wants nothing more, not even a farewell."""
        self.selected = None

    def _is_moved_by_check(self, is_nominating: bool, now: float) -> bool:
        if self.selected is None:
            return True
        if self._media_at is not None and now - self._media_at < MEDIA_S:
            return False
        return is_nominating or now - self._checked_at[self.selected] >= SILENT_S

    def _make_room(self) -> None:
        """Give up the address that was silent for longest, when there are too many."""
        if len(self._checked_at) >= MAX_ADDRESSES:
            others = (address for address in self._checked_at if address != self.selected)
            del self._checked_at[min(others, key=self._checked_at.__getitem__)]
