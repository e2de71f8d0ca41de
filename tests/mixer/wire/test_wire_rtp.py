"""An RTP packet is found again in its parts; what lies about its lengths is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.errors import WireError
from mixer.wire.hdrext import build_extensions, find_extension, read_level, read_text, read_transport_seq
from mixer.wire.rtp import build_rtp_header, parse_rtp


def test_a_packet_is_found_again_in_its_parts() -> None:
    data = build_rtp_header(96, 65535, 0xFFFFFFFF, 0xDEADBEEF, marker=True) + b"payload"
    packet = parse_rtp(data)
    assert (packet.payload_type, packet.seq, packet.timestamp, packet.ssrc) == (96, 65535, 0xFFFFFFFF, 0xDEADBEEF)
    assert packet.marker
    assert packet.payload == b"payload"
    assert not packet.is_padding


def test_contributing_sources_and_padding_are_not_payload() -> None:
    header = bytearray(build_rtp_header(111, 1, 2, 3))
    header[0] |= 0x20 | 2
    packet = parse_rtp(bytes(header) + bytes(8) + b"sound" + b"\x00\x00\x03")
    assert packet.payload == b"sound"


def test_a_probe_of_nothing_but_padding_is_padding() -> None:
    header = bytearray(build_rtp_header(97, 1, 2, 3))
    header[0] |= 0x20
    assert parse_rtp(bytes(header) + bytes(254) + b"\xff").is_padding


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" + bytes(10),
        b"\x40" + bytes(11),
        b"\x8f" + bytes(11),
        b"\x90" + bytes(11),
        b"\x90" + bytes(11) + b"\xbe\xde\x00\x01",
        b"\xa0" + bytes(11) + b"\x00",
        b"\xa0" + bytes(11) + b"\x02",
    ],
)
def test_what_lies_about_its_lengths_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        parse_rtp(data)


@given(st.binary(max_size=80), st.integers(0, 255))
def test_only_the_wire_error_escapes(data: bytes, first: int) -> None:
    for attempt in (data, bytes((0x80 | first & 0x3F,)) + data):
        try:
            packet = parse_rtp(attempt)
        except WireError:
            continue
        find_extension(packet, 3)
        assert packet.payload in attempt


def packet_with(extension: bytes) -> bytes:
    return build_rtp_header(96, 1, 2, 3, extension=extension) + b"x"


@given(
    st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=40)), unique_by=lambda element: element[0], max_size=6)
)
def test_header_extensions_are_read_as_written(elements: list[tuple[int, bytes]]) -> None:
    packet = parse_rtp(packet_with(build_extensions(elements)))
    for extension_id, value in elements:
        assert find_extension(packet, extension_id) == value
    assert packet.payload == b"x"


def test_padding_between_elements_and_the_stop_id_are_obeyed() -> None:
    packet = parse_rtp(packet_with(b"\xbe\xde\x00\x02" + b"\x00\x10A\x00\x20B\xf0\x00"))
    assert find_extension(packet, 1) == b"A"
    assert find_extension(packet, 2) == b"B"
    assert find_extension(packet, 15) is None


def test_an_element_cut_off_is_absent() -> None:
    packet = parse_rtp(packet_with(b"\xbe\xde\x00\x01" + b"\x1f\x00\x00\x00"))
    assert find_extension(packet, 1) is None


def test_the_meanings_of_elements() -> None:
    extension = build_extensions([(1, b"\x85"), (2, b"\x01\x02"), (3, b"mid0"), (4, b"\xff")])
    packet = parse_rtp(packet_with(extension))
    assert read_level(packet, 1) == 5
    assert read_transport_seq(packet, 2) == 0x0102
    assert read_text(packet, 3) == "mid0"
    assert read_text(packet, 4) is None
    assert read_level(packet, None) is None
    assert read_transport_seq(packet, 3) is None


def test_what_no_form_can_carry_is_refused() -> None:
    for element in ((0, b"x"), (256, b"x"), (1, bytes(256))):
        with pytest.raises(WireError):
            build_extensions([element])
