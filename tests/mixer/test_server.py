"""What the media server does with commands, what it reports and counts, and that nothing is left of who is gone."""

import gc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.audio.source import AudioSource
from mixer.endpoint import MediaEndpoint
from mixer.events import EndpointConnected, EndpointLost, StatsReport
from mixer.forward.down_track import DownTrack
from mixer.params import (
    AskStats,
    CloseEndpoint,
    CloseRoom,
    Codec,
    Command,
    EndpointParams,
    HeaderExtensions,
    MediaLine,
    OpenEndpoint,
    OpenRoom,
    ParticipantParams,
    Purpose,
    RemoveParticipant,
    RoomParams,
    SetParticipant,
    TransportParams,
)
from mixer.room import MediaRoom
from mixer.transport.close_reason import CloseReason
from mixer.transport.webrtc import WebRtcTransport
from tests.peers.tone import Tone
from tests.scenarios.media_world import ROOM, MediaWorld

KINDS = (MediaRoom, MediaEndpoint, WebRtcTransport, AudioSource, DownTrack)


def living() -> Counter[type]:
    """How many objects there are of each kind that a participant causes to be."""
    gc.collect()
    return Counter(kind for each in gc.get_objects() for kind in KINDS if type(each) is kind)


def test_commands_for_a_room_that_is_not_open_have_no_effect() -> None:
    world = MediaWorld()
    before = world.server.counters()
    commands: list[Command] = [
        CloseRoom("gone"),
        SetParticipant("gone", ParticipantParams("ada", 0)),
        RemoveParticipant("gone", "ada"),
        CloseEndpoint("gone", "e"),
    ]
    world.obey(*commands)
    assert world.events == []
    assert world.server.counters() == before


def test_commands_for_who_is_not_there_have_no_effect() -> None:
    world = MediaWorld()
    world.obey(RemoveParticipant(ROOM, "nobody"), CloseEndpoint(ROOM, "none"))
    assert world.events == []


def test_an_endpoint_for_a_room_that_is_gone_is_lost() -> None:
    world = MediaWorld()
    world.obey(CloseRoom(ROOM))
    device = world.enter("ada")
    world.run(0.5)
    assert world.reported(EndpointLost) == [EndpointLost(ROOM, device.endpoint_id, "no-room")]
    assert not device.peer.is_connected


def test_who_vanishes_is_reported_once_and_counted_no_more() -> None:
    world = MediaWorld()
    ada, bob = world.enter("ada", Tone(440.0)), world.enter("bob", slots=1)
    world.run(1.0)
    assert world.reported(EndpointConnected) == [
        EndpointConnected(ROOM, ada.endpoint_id),
        EndpointConnected(ROOM, bob.endpoint_id),
    ]
    assert world.counter("endpoints") == 2
    ada.peer.vanish()
    world.run(60.0)
    assert world.reported(EndpointLost) == [EndpointLost(ROOM, ada.endpoint_id, CloseReason.CONSENT_EXPIRED.value)]
    assert world.counter("endpoints") == 1


@pytest.mark.parametrize("command", [CloseRoom(ROOM), RemoveParticipant(ROOM, "ada"), CloseEndpoint(ROOM, "ada-1")])
def test_who_is_let_go_is_told_by_dtls_and_not_reported(command: Command) -> None:
    world = MediaWorld()
    ada = world.enter("ada")
    world.run(1.0)
    world.obey(command)
    world.run(0.1)
    assert ada.peer.close_reason is CloseReason.DTLS_CLOSED
    assert world.reported(EndpointLost) == []


def test_nothing_is_left_of_who_was_removed() -> None:
    before = living()
    world = MediaWorld()
    for name in ("ada", "bob"):
        world.enter(name, Tone(440.0), has_camera=True, slots=2)
    world.run(1.0)
    assert living() - before == {
        MediaRoom: 1, MediaEndpoint: 2, WebRtcTransport: 2, AudioSource: 2, DownTrack: 4,
    }  # fmt: skip
    world.obey(RemoveParticipant(ROOM, "ada"))
    world.run(0.1)
    assert living() - before == {
        MediaRoom: 1, MediaEndpoint: 1, WebRtcTransport: 1, AudioSource: 1, DownTrack: 2,
    }  # fmt: skip
    assert world.counter("endpoints") == 1
    world.obey(CloseRoom(ROOM))
    world.run(0.1)
    assert living() - before == {}
    assert (world.counter("endpoints"), world.counter("rooms")) == (0, 0)


def test_opening_a_room_again_changes_its_cells() -> None:
    world = MediaWorld(cells=1)
    viewer = world.enter("ada", slots=3)
    for name in ("bob", "cleo"):
        world.enter(name)
    world.run(1.0)
    assert [slot.participant_id for slot in world.slots_told(viewer)[-1]] == ["bob", None, None]
    world.obey(OpenRoom(RoomParams(ROOM, cells=2)))
    assert [slot.participant_id for slot in world.slots_told(viewer)[-1]] == ["bob", "cleo", None]
    assert world.counter("rooms") == 1


def test_counters_outlive_the_rooms_they_were_counted_in() -> None:
    world = MediaWorld()
    world.enter("ada", Tone(440.0))
    world.enter("bob")
    world.run(1.0)
    open_counters = world.server.counters()
    assert open_counters["packets.received"] >= 40
    assert open_counters["packets.sent"] >= 40
    assert open_counters["audio.encodes"] >= 40
    world.server.close(world.now)
    closed_counters = world.server.counters()
    assert (closed_counters.pop("rooms"), closed_counters.pop("endpoints")) == (0, 0)
    assert closed_counters.items() <= open_counters.items()


def test_stats_bear_the_names_that_operators_watch_from_the_start() -> None:
    world = MediaWorld()
    world.server.measure(lambda: {"tick.skipped": 7.0})
    world.obey(CloseRoom(ROOM), AskStats(42))
    (report,) = world.reported(StatsReport)
    assert report.token == 42
    stats = dict(report.counters)
    assert stats.keys() >= {
        "rooms", "endpoints", "packets.received", "packets.sent", "audio.encodes", "audio.decodes", "audio.concealed",
        "drop.kernel", "tick.skipped",
    }  # fmt: skip
    assert stats["tick.skipped"] == 7.0


def an_endpoint(endpoint_id: str, participant_id: str, purposes: frozenset[Purpose]) -> EndpointParams:
    transport = TransportParams(endpoint_id, "server-password-of-24-char", "client", "secret", ())
    codec = Codec("vp8", 96, 90_000)
    lines = tuple(
        MediaLine(
            str(purpose), purpose, codec, HeaderExtensions(mid=1),
            receives=purpose is not Purpose.SLOT, sends=purpose in (Purpose.AUDIO, Purpose.SLOT), ssrc=index + 1,
        )
        for index, purpose in enumerate(sorted(purposes))
    )  # fmt: skip
    return EndpointParams(endpoint_id, participant_id, transport, lines)


ROOMS = st.sampled_from(["one", "other"])
PEOPLE = st.sampled_from(["ada", "bob"])
DEVICES = st.sampled_from(["telephone", "browser"])
LINES = st.frozensets(st.sampled_from(list(Purpose)))
COMMANDS = st.one_of(
    st.builds(OpenRoom, st.builds(RoomParams, ROOMS, st.integers(0, 9))),
    st.builds(CloseRoom, ROOMS),
    st.builds(
        SetParticipant,
        ROOMS,
        st.builds(ParticipantParams, PEOPLE, st.just(0), is_muted=st.booleans(), has_camera=st.booleans()),
    ),
    st.builds(RemoveParticipant, ROOMS, PEOPLE),
    st.builds(
        lambda room, person, device, lines: OpenEndpoint(room, an_endpoint(f"{room}-{person}-{device}", person, lines)),
        ROOMS, PEOPLE, DEVICES, LINES,
    ),
    st.builds(lambda room, person, device: CloseEndpoint(room, f"{room}-{person}-{device}"), ROOMS, PEOPLE, DEVICES),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(COMMANDS, max_size=30))
def test_commands_in_any_order_open_and_close_what_they_name(commands: list[Command]) -> None:
    world = MediaWorld()
    world.obey(CloseRoom(ROOM))
    rooms: dict[str, dict[str, str]] = {}
    for command in commands:
        world.obey(command)
        world.run(0.02)
        match command:
            case OpenRoom(room):
                rooms.setdefault(room.room_id, {})
            case CloseRoom(room_id):
                rooms.pop(room_id, None)
            case RemoveParticipant(room_id, person) if room_id in rooms:
                rooms[room_id] = {key: owner for key, owner in rooms[room_id].items() if owner != person}
            case OpenEndpoint(room_id, endpoint) if room_id in rooms:
                rooms[room_id][endpoint.endpoint_id] = endpoint.participant_id
            case CloseEndpoint(room_id, endpoint_id) if room_id in rooms:
                rooms[room_id].pop(endpoint_id, None)
        assert world.counter("rooms") == len(rooms)
        assert world.counter("endpoints") == sum(map(len, rooms.values()))
