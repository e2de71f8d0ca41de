"""What a guest sends is what a browser would: readable, continuous, with a key frame when one is asked for."""

import itertools

from benches.load.camera import Camera
from benches.load.microphone import Microphone, MicrophoneState
from benches.load.packets import LEVEL_ID, MID_ID, TRANSPORT_ID
from benches.load.pictures import synthetic_clip
from mixer.wire.hdrext import read_level, read_text, read_transport_seq
from mixer.wire.rtp import RtpPacket, parse_rtp
from mixer.wire.vp8 import parse_vp8

PICTURES = 12


def _said(state: MicrophoneState, ticks: int) -> list[RtpPacket]:
    microphone = Microphone(7, "0", itertools.count().__next__)
    microphone.switch(state)
    packets = (microphone.next_packet() for _ in range(ticks))
    return [parse_rtp(packet) for packet in packets if packet is not None]


def test_a_muted_microphone_sends_five_silent_packets_a_second() -> None:
    packets = _said(MicrophoneState.MUTED, 100)
    assert [packet.seq for packet in packets] == list(range(10))
    assert {read_level(packet, LEVEL_ID) for packet in packets} == {127}
    assert {second.timestamp - first.timestamp for first, second in itertools.pairwise(packets)} == {9600}


def test_an_open_microphone_sends_noise_that_is_not_speech() -> None:
    packets = _said(MicrophoneState.OPEN, 50)
    assert len(packets) == 50
    assert all(50 <= (read_level(packet, LEVEL_ID) or 0) <= 60 for packet in packets)


def test_pictures_are_continuous_and_begin_anew_on_request() -> None:
    camera = Camera(9, "1", synthetic_clip(), itertools.count().__next__)
    keys = []
    numbers = itertools.count()
    for picture in range(PICTURES):
        if picture == PICTURES // 2:
            camera.ask_key_frame()
        assert camera.next_packets() == []
        packets = [parse_rtp(data) for data in camera.next_packets()]
        descriptors = [parse_vp8(packet.data, packet.payload_start, packet.payload_end) for packet in packets]
        assert all(packet.seq == read_transport_seq(packet, TRANSPORT_ID) == next(numbers) for packet in packets)
        assert {read_text(packet, MID_ID) for packet in packets} == {"1"}
        assert [packet.marker for packet in packets] == [False] * (len(packets) - 1) + [True]
        assert {descriptor.picture_id for descriptor in descriptors} == {picture}
        keys += [picture for descriptor in descriptors if descriptor.is_key_frame]
    assert keys == [0, PICTURES // 2]
