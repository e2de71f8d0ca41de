"""Offer and answer (`signaling.sdp.negotiate`, `offer`): an answer that fits the offer, or SdpError.

The first byte of an input says who offers and which purposes the m-lines are given, the rest is the other side's text.
"""

import itertools
from collections.abc import Iterator

from fuzz.targets import sdp_parse
from mixer.capabilities import Capabilities
from mixer.params import Codec, MediaLine, Purpose
from signaling.sdp.errors import SdpError
from signaling.sdp.model import SessionDescription
from signaling.sdp.negotiate import Negotiated
from signaling.sdp.offer import accept_answer, offer
from signaling.sdp.parse import MAX_CHARACTERS, parse
from signaling.sdp.plan import mid_of
from tests.signaling.sdp.captures import LOCAL, NAMES, answer_to, capture

MAX_BYTES = MAX_CHARACTERS + 1
WE_OFFER = 0x80
PURPOSES = (Purpose.AUDIO, Purpose.CAMERA, Purpose.SLOT, Purpose.SCREEN, Purpose.SCREEN_AUDIO)
CLOCKS = {"opus": 48_000, "vp8": 90_000}


def target(data: bytes) -> None:
    """What was agreed on can be carried out, and agreed on again."""
    how, text = (*data[:1], 0)[0], data[1:].decode(errors="replace")
    try:
        if how & WE_OFFER:
            _check_lines(_our_offer(text).lines)
        else:
            _check_answer(text, how)
    except SdpError:
        return


def _our_offer(text: str) -> Negotiated:
    offered = offer((Purpose.AUDIO, Purpose.SLOT), LOCAL, Capabilities(), itertools.count(1).__next__)
    return accept_answer(offered, parse(text))


def _check_answer(text: str, how: int) -> None:
    description = parse(text)
    purposes = _purposes(description, how)
    first = answer_to(text, purposes)
    written = parse(first.sdp)
    assert [media.head.kind for media in written.media] == [media.head.kind for media in description.media]
    _check_lines(first.lines)
    again = answer_to(text, purposes, first)
    assert [line.ssrc for line in again.lines] == [line.ssrc for line in first.lines]


def _purposes(description: SessionDescription, how: int) -> dict[str, Purpose]:
    mids = [mid_of(media, index) for index, media in enumerate(description.media)]
    return {mid: PURPOSES[(how + index) % len(PURPOSES)] for index, mid in enumerate(mids)}


def _check_lines(lines: tuple[MediaLine, ...]) -> None:
    for line in lines:
        _check_codec(line.codec)
        ids = line.extensions
        for number in (ids.mid, ids.rid, ids.repaired_rid, ids.transport_cc, ids.audio_level):
            assert number is None or 1 <= number <= 255
        assert line.ssrc is None or 0 < line.ssrc < 2**32


def _check_codec(codec: Codec) -> None:
    assert codec.clock_rate == CLOCKS[codec.name]
    assert 0 <= codec.payload_type <= 127
    assert codec.rtx_payload_type is None or 0 <= codec.rtx_payload_type <= 127


def seeds() -> Iterator[bytes]:
    """What real browsers wrote, under each order of purposes that serves some of it."""
    for name in NAMES:
        yield from (bytes((how,)) + capture(name).encode() for how in (0, 1, WE_OFFER))
    yield from (b"\1" + text for text in sdp_parse.LONG)
