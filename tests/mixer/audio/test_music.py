"""A lobby plays its file round and round, and is silent without one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.audio.music import Music
from mixer.base.packet_file import MOST_PACKETS, PacketFile, PacketFileError, write_packets

PACKETS = [b"one", b"two", b"", b"four"]


@pytest.fixture
def tune(tmp_path: Path) -> str:
    path = tmp_path / "tune"
    path.write_bytes(write_packets(PACKETS))
    return str(path)


def test_everybody_hears_the_same_packet_and_the_tune_begins_again(tune: str) -> None:
    music = Music(tune)
    music.add_listener("a", "ada")
    music.add_listener("b", "bob")
    heard = [frame for _ in range(6) for frame in music.tick(0.0)]
    assert [frame.payload for frame in heard] == [*PACKETS, *PACKETS[:2]]
    assert {frame.listener_ids for frame in heard} == {("a", "b")}
    assert [frame.timestamp for frame in heard] == [960 * number for number in range(1, 7)]


def test_who_has_gone_is_played_nothing_and_time_goes_on_over_a_gap(tune: str) -> None:
    music = Music(tune)
    music.add_listener("a", "ada")
    music.remove_listener("a")
    assert music.tick(0.0) == []
    music.add_listener("b", "bob")
    (frame,) = music.tick(0.0, skipped=3)
    assert (frame.payload, frame.timestamp) == (b"one", 5 * 960)


@pytest.mark.parametrize("content", [b"", b"noise", write_packets(PACKETS)[:-1], write_packets(PACKETS) + b"x"])
def test_what_is_no_file_of_packets_is_silence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tune"
    path.write_bytes(content)
    for music in (Music(str(path)), Music(str(tmp_path / "missing")), Music(None)):
        music.add_listener("a", "ada")
        assert music.tick(0.0) == []


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=20))
def test_a_file_holds_its_packets(packets: list[bytes]) -> None:
    file = PacketFile(write_packets(packets))
    assert [file[number] for number in range(len(file))] == packets


@pytest.mark.parametrize("packets", [[], [b""] * (MOST_PACKETS + 1)])
def test_a_file_has_some_packets_and_not_too_many(packets: list[bytes]) -> None:
    with pytest.raises(PacketFileError):
        write_packets(packets)


@given(st.binary(max_size=64) | st.binary(max_size=64).map(lambda tail: b"CONFMUS1" + tail))
def test_any_bytes_are_a_file_or_none(data: bytes) -> None:
    try:
        file = PacketFile(data)
    except PacketFileError:
        return
    assert len([_packet(file, number) for number in range(len(file))]) == len(file)


def _packet(file: PacketFile, number: int) -> bytes:
    return file[number]
