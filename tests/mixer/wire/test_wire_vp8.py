"""VP8 payload descriptors as browsers send them, and rewritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.errors import WireError
from mixer.wire.vp8 import parse_vp8

KEY, INTER = b"\x10\x02\x00", b"\x11\x02\x00"
"""First bytes of a VP8 frame: the lowest bit of the first is the inter-frame bit."""


def test_a_plain_descriptor_of_one_byte() -> None:
    descriptor = parse_vp8(b"\x10" + KEY, 0, 4)
    assert descriptor.size == 1
    assert descriptor.is_frame_start
    assert descriptor.is_key_frame
    assert (descriptor.picture_id, descriptor.tl0picidx, descriptor.temporal_id) == (None, None, None)
    assert descriptor.render(5, 6) == b"\x10"


def test_everything_that_chromium_sends() -> None:
    data = b"\x90\xe0\x92\x34\x56\x60" + INTER
    descriptor = parse_vp8(data, 0, len(data))
    assert descriptor.size == 6
    assert descriptor.is_frame_start
    assert not descriptor.is_key_frame
    assert (descriptor.picture_id, descriptor.tl0picidx, descriptor.temporal_id) == (0x1234, 0x56, 1)
    assert descriptor.render(0x1234, 0x56) == data[:6]


def test_a_short_picture_id_is_written_long() -> None:
    data = b"\x80\x80\x7f" + INTER
    descriptor = parse_vp8(data, 0, len(data))
    assert (descriptor.picture_id, descriptor.picture_id_bits) == (127, 7)
    assert descriptor.render(128, 0) == b"\x80\x80\x80\x80"


def test_the_middle_of_a_key_frame_is_not_its_start() -> None:
    assert not parse_vp8(b"\x00" + KEY, 0, 4).is_key_frame
    assert not parse_vp8(b"\x11" + KEY, 0, 4).is_key_frame, "another partition"


def test_an_extended_descriptor_without_fields_keeps_its_shape() -> None:
    assert parse_vp8(b"\x90\x00" + KEY, 0, 5).render(1, 1) == b"\x90\x00"


@pytest.mark.parametrize("data", [b"", b"\x10", b"\x90", b"\x90\x80", b"\x90\x80\x80", b"\x90\xf0\x81\x01\x02"])
def test_what_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        parse_vp8(data, 0, len(data))


@given(st.binary(max_size=12), st.integers(0, 0x7FFF), st.integers(0, 255))
def test_rendering_and_reading_agree(data: bytes, picture_id: int, tl0picidx: int) -> None:
    try:
        descriptor = parse_vp8(data, 0, len(data))
    except WireError:
        return
    again = descriptor.render(picture_id, tl0picidx) + data[descriptor.size :]
    second = parse_vp8(again, 0, len(again))
    assert second.is_key_frame == descriptor.is_key_frame
    assert second.temporal_id == descriptor.temporal_id
    assert second.picture_id == (None if descriptor.picture_id is None else picture_id)
    assert second.tl0picidx == (None if descriptor.tl0picidx is None else tl0picidx)
