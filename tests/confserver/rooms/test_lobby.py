"""Who waits has media of their own kind: sound towards them, in a room apart from the meeting's."""

from confserver.rooms.lobby import SUFFIX, Lobbies
from mixer.events import EndpointLost
from mixer.params import CloseRoom, Command, OpenEndpoint, OpenRoom, Purpose, RemoveParticipant, SetParticipant
from tests.confserver.rooms.house import House
from tests.confserver.rooms.test_seat import LINES, OFFER, accepted


class World:
    """A house's lobbies, and what they told the media plane."""

    def __init__(self, house: House) -> None:
        self.told: list[Command] = []
        self.released: list[str] = []
        self.lobbies = Lobbies(
            lambda room_id, command: self.told.append(command),
            house.side.describe,
            self.released.append,
            lambda tenant_id: "/a/tune",
        )

    def of(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.told if isinstance(command, kind)]


async def test_of_an_offer_for_everything_only_sound_is_taken(house: House) -> None:
    world, meeting = World(house), await house.meeting()
    answer = await world.lobbies.negotiate(meeting, "place", OFFER, LINES, True)
    assert accepted(answer) == {"audio": True, "video": False}
    (opened,) = world.of(OpenRoom)
    assert isinstance(opened, OpenRoom)
    assert (opened.room.room_id, opened.room.is_lobby, opened.room.music) == (meeting.id + SUFFIX, True, "/a/tune")
    (endpoint,) = world.of(OpenEndpoint)
    assert isinstance(endpoint, OpenEndpoint)
    assert [line.purpose for line in endpoint.endpoint.lines] == [Purpose.AUDIO]
    (placed,) = world.of(SetParticipant)
    assert isinstance(placed, SetParticipant)
    assert placed.participant.is_muted
    assert placed.participant.is_silenced


async def test_the_last_who_waits_takes_the_lobby_along(house: House) -> None:
    world, meeting = World(house), await house.meeting()
    for place in ("one", "two"):
        await world.lobbies.negotiate(meeting, place, OFFER, LINES, True)
    world.lobbies.close(meeting.id, "one")
    assert not world.of(CloseRoom)
    world.lobbies.close(meeting.id, "two")
    world.lobbies.close(meeting.id, "two")
    assert world.of(CloseRoom) == [CloseRoom(meeting.id + SUFFIX)]
    assert world.released == [meeting.id + SUFFIX]
    assert len(world.of(OpenRoom)) == 1


async def test_a_new_peer_connection_replaces_the_old_one(house: House) -> None:
    world, meeting = World(house), await house.meeting()
    for _ in range(2):
        await world.lobbies.negotiate(meeting, "place", OFFER, LINES, True)
    assert len(world.of(RemoveParticipant)) == 1
    first, second = world.of(OpenEndpoint)
    assert isinstance(first, OpenEndpoint)
    assert isinstance(second, OpenEndpoint)
    assert first.endpoint.endpoint_id != second.endpoint.endpoint_id


async def test_media_that_end_by_themselves_leave_nothing_behind(house: House) -> None:
    world, meeting = World(house), await house.meeting()
    await world.lobbies.negotiate(meeting, "place", OFFER, LINES, True)
    (opened,) = world.of(OpenEndpoint)
    assert isinstance(opened, OpenEndpoint)
    world.lobbies.hear(EndpointLost(meeting.id, opened.endpoint.endpoint_id, "dtls"))
    assert not world.of(CloseRoom), "that was the meeting's room"
    world.lobbies.hear(EndpointLost(meeting.id + SUFFIX, opened.endpoint.endpoint_id, "dtls"))
    assert world.of(CloseRoom)
