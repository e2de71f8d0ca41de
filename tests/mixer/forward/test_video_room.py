"""A room of real up and down tracks, fed by hand."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from mixer.base.drops import DropReason, Drops
from mixer.events import SlotView
from mixer.forward.video_room import SPEECH_REST_S, VideoRoom
from mixer.params import Codec, HeaderExtensions, MediaLine, ParticipantParams, Purpose
from mixer.router.layer import Layer
from mixer.router.video_up_track import VideoUpTrack
from mixer.wire.hdrext import read_text
from mixer.wire.rtp import RtpPacket, build_rtp_header, parse_rtp
from mixer.wire.vp8 import parse_vp8

VP8 = Codec("vp8", 96, 90_000, rtx_payload_type=97)
EXTENSIONS = HeaderExtensions(mid=3)
CAMERA = MediaLine("1", Purpose.CAMERA, VP8, EXTENSIONS, True, False, has_nack=True)


def slot(index: int, **changes: Any) -> MediaLine:
    line = MediaLine(f"s{index}", Purpose.SLOT, VP8, EXTENSIONS, False, True, 100 + index, 200 + index, "us")
    return replace(line, **changes)


class Camera:
    """A published track: `frame` sends one packet of a picture."""

    def __init__(self, stage: "Stage", ssrc: int) -> None:
        self.stage, self.ssrc, self.seq = stage, ssrc, 0
        self.requests = 0
        self.track = VideoUpTrack(CAMERA, stage.drops, self._requested)

    @property
    def layer(self) -> Layer:
        return self.track.layers.get("") or self.track.open("", self.ssrc)

    def frame(self, key: bool = False, seq: int | None = None, marker: bool = True) -> None:
        if seq is None:
            self.seq += 1
            seq = self.seq
        descriptor = b"\x90\xc0" + (0x8000 | seq).to_bytes(2, "big") + bytes((seq & 255,))
        payload = descriptor + (b"\x10" if key else b"\x11") + b"%d:%d" % (self.ssrc, seq)
        header = build_rtp_header(96, seq, seq * 3000, self.ssrc, marker=marker)
        self.layer.receive(parse_rtp(header + payload), self.stage.now)

    def _requested(self, ssrc: int) -> None:
        self.requests += 1


class Stage:
    def __init__(self, cells: int = 9) -> None:
        self.now = 10.0
        self.drops: Drops = Counter()
        self.told: list[tuple[str, tuple[SlotView, ...]]] = []
        self.sent: list[RtpPacket] = []
        self.room = VideoRoom(cells, lambda *told: self.told.append(told), self.drops)
        self.cameras: dict[str, Camera] = {}

    def join(self, name: str, order: int, **fields: Any) -> Camera:
        camera = self.cameras[name] = Camera(self, 1000 + order)
        self.change(name, order, has_camera=True, **fields)
        self.room.publish(name, Purpose.CAMERA, camera.track, self.now)
        return camera

    def change(self, name: str, order: int, **fields: Any) -> None:
        self.room.set_participant(ParticipantParams(name, order, **fields), self.now)

    def watch(self, name: str, *lines: MediaLine) -> Any:
        return self.room.add_viewer(name, name, lines, lambda data: self.sent.append(parse_rtp(data)), self.now)

    def view(self) -> list[tuple[str, str | None, int | None]]:
        return [(view.mid, view.participant_id, view.generation) for view in self.told[-1][1]]

    def bodies(self) -> list[str]:
        def body(packet: RtpPacket) -> str:
            payload = packet.payload
            return payload[parse_vp8(payload, 0, len(payload)).size + 1 :].decode()

        return [body(packet) for packet in self.sent]


def test_a_viewer_is_told_of_all_slots_and_only_of_changes() -> None:
    stage = Stage()
    stage.watch("eve", slot(0), slot(1))
    assert stage.view() == [("s0", None, None), ("s1", None, None)]
    stage.join("ada", 0)
    assert stage.view() == [("s0", "ada", 0), ("s1", None, None)]
    count = len(stage.told)
    stage.change("ada", 0, has_camera=True, is_muted=True)
    stage.room.speaking(["ada"], stage.now)
    stage.room.poll(stage.now + 1)
    assert len(stage.told) == count


def test_a_participant_without_a_camera_has_a_cell_and_no_generation() -> None:
    stage = Stage()
    stage.watch("eve", slot(0))
    stage.change("ada", 0)
    assert stage.view() == [("s0", "ada", None)]


def test_generations_count_the_pictures_of_a_slot() -> None:
    stage = Stage()
    stage.watch("eve", slot(0))
    stage.join("ada", 0)
    for turn in range(1, 10):
        stage.change("ada", 0, has_camera=False)
        assert stage.view() == [("s0", "ada", None)]
        stage.change("ada", 0, has_camera=True)
        assert stage.view() == [("s0", "ada", turn % 8)]


def test_packets_go_out_renumbered_and_tagged() -> None:
    stage = Stage()
    [down_track] = stage.watch("eve", slot(0))
    camera = stage.join("ada", 0)
    camera.frame(key=True)
    camera.frame()
    first, second = stage.sent
    assert (first.ssrc, first.payload_type, second.seq - first.seq) == (100, 96, 1)
    assert first.timestamp & 7 == 0
    assert read_text(first, 3) == "s0", "the MID rides on the first packets"
    assert stage.bodies() == ["1000:1", "1000:2"]
    assert down_track.current is camera.layer
    assert down_track.target is None
    assert camera.requests == 0, "the first packet of a camera is a key frame unasked"


def test_the_old_picture_goes_on_until_the_key_frame_of_the_new_one() -> None:
    stage = Stage(cells=1)
    ada, bob = stage.join("ada", 0), stage.join("bob", 1)
    stage.watch("eve", slot(0))
    ada.frame(key=True)
    bob.frame(key=True)
    stage.room.speaking(["bob"], stage.now)
    stage.now += SPEECH_REST_S
    stage.room.poll(stage.now)
    assert stage.view() == [("s0", "bob", 1)]
    assert bob.requests == 1, "asked for at once"
    ada.frame()
    bob.frame()
    bob.frame(key=True)
    ada.frame()
    bob.frame()
    assert stage.bodies() == ["1000:1", "1000:2", "1001:3", "1001:4"]
    assert [packet.timestamp & 7 for packet in stage.sent] == [0, 0, 1, 1]
    assert ada.layer.sinks == (), "the old layer is left"


def test_a_key_frame_that_begins_late_brings_what_overtook_it() -> None:
    stage = Stage()
    camera = stage.join("ada", 0)
    camera.frame(key=True)
    stage.watch("eve", slot(0))
    camera.seq = 5
    camera.frame(seq=4, marker=False)
    camera.frame(seq=5)
    assert stage.sent == []
    camera.frame(seq=3, key=True, marker=False)
    assert stage.bodies() == ["1000:3", "1000:4", "1000:5"]
    assert [packet.seq - stage.sent[0].seq for packet in stage.sent] == [0, 1, 2]


def test_speech_changes_the_cells_at_most_so_often_and_joining_at_once() -> None:
    stage = Stage(cells=1)
    for order, name in enumerate(("ada", "bob", "joe")):
        stage.join(name, order)
    stage.watch("eve", slot(0))
    changes = len(stage.told)
    start = stage.now
    for turn in range(50):
        stage.now = start + 0.02 * turn
        stage.room.speaking([("bob", "joe")[turn % 2]], stage.now)
        stage.room.poll(stage.now)
    assert len(stage.told) - changes <= 1.0 / SPEECH_REST_S + 1
    stage.room.remove_participant(stage.view()[0][1] or "", stage.now)
    assert stage.told[-1][1][0].participant_id in {"ada", "bob", "joe"}


def test_who_speaks_on_outranks_who_spoke_in_between() -> None:
    stage = Stage(cells=1)
    for order, name in enumerate(("ada", "bob")):
        stage.join(name, order)
    stage.watch("eve", slot(0))
    for speakers in (["bob"], ["bob", "ada"], ["bob"], ["bob"]):
        stage.now += 1
        stage.room.speaking(speakers, stage.now)
        stage.room.poll(stage.now)
    stage.change("joe", 2)
    assert stage.view()[0][1] == "bob"


def test_who_speaks_still_comes_before_who_has_just_stopped() -> None:
    stage = Stage(cells=1)
    for order, name in enumerate(("ada", "bob")):
        stage.join(name, order)
    stage.watch("eve", slot(0))
    for speakers in (["ada", "bob"], ["bob"]):
        stage.now += 1
        stage.room.speaking(speakers, stage.now)
        stage.room.poll(stage.now)
    assert stage.view()[0][1] == "bob"


def test_of_two_who_speak_the_louder_is_shown() -> None:
    stage = Stage(cells=1)
    for order, name in enumerate(("ada", "bob")):
        stage.join(name, order)
    stage.watch("eve", slot(0))
    for speakers, shown in ((["ada"], "ada"), (["bob", "ada"], "bob"), (["ada", "bob"], "ada")):
        stage.now += 1
        stage.room.speaking(speakers, stage.now)
        stage.room.poll(stage.now)
        assert stage.view()[0][1] == shown


def test_resends_answer_what_was_sent_by_rtx_or_plainly() -> None:
    stage = Stage()
    [with_rtx] = stage.watch("eve", slot(0))
    camera = stage.join("ada", 0)
    camera.frame(key=True)
    original = stage.sent.pop()
    with_rtx.nacked((original.seq, original.seq + 9), 20.0)
    [resent] = stage.sent
    assert (resent.payload_type, resent.ssrc, resent.timestamp) == (97, 200, original.timestamp)
    assert resent.payload == original.seq.to_bytes(2, "big") + original.payload
    assert stage.drops[DropReason.FORWARD_NOT_IN_HISTORY] == 1
    stage.sent.clear()
    [plain] = stage.watch("joe", slot(5, codec=Codec("vp8", 96, 90_000), rtx_ssrc=None))
    camera.frame(key=True)
    original = next(packet for packet in stage.sent if packet.ssrc == 105)
    plain.nacked((original.seq,), 20.0)
    assert stage.sent[-1].data == original.data


def test_a_viewer_in_trouble_gets_a_key_frame_of_what_is_awaited() -> None:
    stage = Stage()
    [down_track] = stage.watch("eve", slot(0))
    down_track.key_frame_wanted(stage.now)
    camera = stage.join("ada", 0)
    camera.frame(key=True)
    down_track.key_frame_wanted(stage.now)
    assert camera.requests == 1


def test_a_new_offer_leaves_the_other_slots_undisturbed() -> None:
    stage = Stage()
    [before] = stage.watch("eve", slot(0))
    stage.join("ada", 0).frame(key=True)
    stage.join("bob", 1)
    after = stage.watch("eve", slot(0), slot(1))
    assert after[0] is before
    assert stage.view() == [("s0", "ada", 0), ("s1", "bob", 0)]
    stage.cameras["ada"].frame()
    assert len(stage.sent) == 2
    stage.watch("eve", slot(1))
    assert before not in stage.cameras["ada"].layer.sinks


def test_fewer_cells_empty_the_slots_beyond() -> None:
    stage = Stage()
    stage.join("ada", 0)
    stage.join("bob", 1)
    stage.watch("eve", slot(0), slot(1))
    stage.room.set_cells(1, stage.now)
    assert stage.view() == [("s0", "ada", 0), ("s1", None, None)]


def test_another_device_of_a_participant_takes_over_and_cannot_be_unpublished_by_the_first() -> None:
    stage = Stage()
    first = stage.join("ada", 0)
    stage.watch("eve", slot(0))
    second = Camera(stage, 2000)
    stage.room.publish("ada", Purpose.CAMERA, second.track, stage.now)
    stage.room.unpublish("ada", Purpose.CAMERA, first.track, stage.now)
    second.frame(key=True)
    assert stage.bodies() == ["2000:1"]
    stage.room.unpublish("ada", Purpose.CAMERA, second.track, stage.now)
    assert stage.view() == [("s0", "ada", None)]


def test_a_screen_on_which_nothing_moves_is_asked_for_a_key_frame() -> None:
    stage = Stage()
    camera = stage.join("ada", 0)
    camera.frame(key=True)
    stage.now += 30.0
    stage.watch("eve", slot(0))
    assert camera.requests == 1


def test_a_source_without_a_picture_yet_does_not_let_an_older_wish_through() -> None:
    stage = Stage(cells=1)
    ada, bob, joe = stage.join("ada", 0), stage.join("bob", 1), stage.join("joe", 2)
    stage.watch("eve", slot(0))
    ada.frame(key=True)
    bob.frame(key=True)
    stage.room.speaking(["bob"], stage.now)
    stage.room.poll(stage.now + 1)
    stage.change("joe", 2, has_camera=True, position=0)
    assert stage.view() == [("s0", "joe", 2)]
    bob.frame(key=True)
    ada.frame()
    joe.frame(key=True)
    assert stage.bodies() == ["1000:1", "1000:2", "1002:1"]


def test_who_left_sees_and_is_seen_no_more() -> None:
    stage = Stage()
    camera = stage.join("ada", 0)
    stage.watch("eve", slot(0))
    camera.frame(key=True)
    stage.room.remove_viewer("eve")
    stage.room.remove_viewer("eve")
    camera.frame()
    assert len(stage.sent) == 1
    stage.watch("joe", slot(1))
    stage.room.remove_participant("ada", stage.now)
    assert stage.view() == [("s1", None, None)]
    assert camera.layer.sinks == ()


def test_a_slot_without_an_ssrc_is_refused() -> None:
    with pytest.raises(ValueError, match="s0"):
        Stage().watch("eve", slot(0, ssrc=None))
