"""What the holder of a seat may ask, and what becomes of their offers."""

import pytest

from confserver.events import RoomEventKind
from mixer.params import CloseEndpoint, EndpointParams, OpenEndpoint, Purpose, RemoveParticipant
from signaling.commands import End, Lock, Mute, Remove, SetOwn
from signaling.errors import RequestError
from signaling.ports import EndReason, Seat
from signaling.sdp.parse import parse
from tests.confserver.rooms.house import House, Page, knock
from tests.signaling.sdp.captures import capture, publishing

OFFER = capture("chromium-av")
RESTART = OFFER.replace("a=ice-ufrag:", "a=ice-ufrag:new").replace("a=ice-pwd:", "a=ice-pwd:new")
LINES = publishing(OFFER)


def opened(house: House) -> list[EndpointParams]:
    """The endpoints that the media plane was told to open, each time it was."""
    return [command.endpoint for _, command in house.media.told if isinstance(command, OpenEndpoint)]


def accepted(answer_sdp: str) -> dict[str, bool]:
    """By kind of line, whether the answer takes it: a rejected one has port 0 (RFC 3264 section 6)."""
    return {media.head.kind: media.head.port != 0 for media in parse(answer_sdp).media}


async def host_seat(house: House) -> tuple[Seat, Seat, Page]:
    """A host's seat, and a guest's with their page."""
    meeting = await house.meeting(admin_pin="9876")
    host, _ = await house.enter(meeting, "Ada", pin="9876")
    guest, page = await house.enter(meeting, "Bob")
    return host, guest, page


async def test_an_offer_is_answered_and_opens_an_endpoint(house: House) -> None:
    meeting = await house.meeting()
    seat, _ = await house.enter(meeting)
    answer = await seat.negotiate(OFFER, LINES, is_new=False)
    assert accepted(answer) == {"audio": True, "video": True}
    (endpoint,) = opened(house)
    assert endpoint.participant_id == seat.participant_id
    assert [line.purpose for line in endpoint.lines] == [Purpose.AUDIO, Purpose.CAMERA]
    assert f"a=ice-ufrag:{endpoint.transport.local_ufrag}" in answer
    assert "a=ice-lite" in answer
    assert "192.0.2.1 10000" in answer


async def test_a_further_offer_changes_the_endpoint_and_a_new_one_replaces_it(house: House) -> None:
    seat, _ = await house.enter(await house.meeting())
    for is_new in (False, False, True):
        await seat.negotiate(OFFER, LINES, is_new)
    first, again, new = opened(house)
    assert again == first
    assert new.endpoint_id != first.endpoint_id
    assert new.transport.local_ufrag != first.transport.local_ufrag
    assert house.media.told[-2:] == [
        (house.registry.meeting_ids[0], CloseEndpoint(house.registry.meeting_ids[0], first.endpoint_id)),
        (house.registry.meeting_ids[0], OpenEndpoint(house.registry.meeting_ids[0], new)),
    ]


async def test_an_ice_restart_gives_the_endpoint_other_credentials(house: House) -> None:
    seat, _ = await house.enter(await house.meeting())
    answers = [await seat.negotiate(offer, LINES, is_new=False) for offer in (OFFER, RESTART, RESTART)]
    first, restarted, again = opened(house)
    assert restarted.endpoint_id == first.endpoint_id
    assert restarted.lines == first.lines
    assert restarted.transport.local_ufrag != first.transport.local_ufrag
    assert restarted.transport.local_pwd != first.transport.local_pwd
    assert again == restarted
    assert f"a=ice-ufrag:{restarted.transport.local_ufrag}" in answers[1]


async def test_another_peer_connection_without_saying_so_is_told_what_to_say(house: House) -> None:
    seat, _ = await house.enter(await house.meeting())
    await seat.negotiate(OFFER, LINES, is_new=False)
    digest = opened(house)[0].transport.remote_fingerprints[0].value
    another = RESTART.replace(digest, ":".join(["CD"] * 32))
    with pytest.raises(RequestError, match="new: true"):
        await seat.negotiate(another, LINES, is_new=False)
    await seat.negotiate(another, LINES, is_new=True)
    assert len({endpoint.endpoint_id for endpoint in opened(house)}) == 2


async def test_a_bad_offer_leaves_the_endpoint_that_is_open(house: House) -> None:
    seat, _ = await house.enter(await house.meeting())
    await seat.negotiate(OFFER, LINES, is_new=False)
    before = list(house.media.told)
    for offer in ("", "v=0\r\n", "nonsense", OFFER.replace("a=fingerprint", "a=handprint")):
        with pytest.raises(RequestError) as refused:
            await seat.negotiate(offer, LINES, is_new=True)
        assert refused.value.code == "bad_sdp"
    assert house.media.told == before


async def test_a_meeting_for_sound_rejects_the_lines_of_pictures(house: House) -> None:
    seat, _ = await house.enter(await house.meeting(mode="AUDIO"))
    assert seat.welcome.cells == 0
    assert not seat.welcome.participants[0].has_camera
    answer = await seat.negotiate(OFFER, LINES, is_new=False)
    assert accepted(answer) == {"audio": True, "video": False}
    assert [line.purpose for line in opened(house)[0].lines] == [Purpose.AUDIO]


async def test_hosts_steer_the_meeting(house: House) -> None:
    host, guest, page = await host_seat(house)
    (meeting_id,) = house.registry.meeting_ids
    host.obey(Mute(participant_id=guest.participant_id, is_muted=True))
    assert house.registry.participants(meeting_id)[1].muted
    with pytest.raises(RequestError, match="host muted"):
        guest.obey(SetOwn(is_muted=False))
    host.obey(Lock(is_locked=True))
    assert house.registry.is_locked(meeting_id)
    host.obey(Remove(participant_id=guest.participant_id))
    assert page.ended is EndReason.REMOVED
    assert [each.id for each in house.registry.participants(meeting_id)] == [host.participant_id]
    with pytest.raises(RequestError) as refused:
        host.obey(Remove(participant_id=guest.participant_id))
    assert refused.value.code == "no_such_participant"
    host.obey(End())
    assert house.registry.meeting_ids == ()
    assert not house.registry.is_locked(meeting_id)


async def test_a_host_who_removes_themselves_leaves_no_room_behind(house: House) -> None:
    meeting = await house.meeting(admin_pin="9876")
    host, page = await house.enter(meeting, pin="9876")
    host.obey(Remove(participant_id=host.participant_id))
    assert page.ended is EndReason.REMOVED
    assert house.registry.meeting_ids == ()


async def test_a_seat_is_left_once_and_then_has_nothing_to_say(house: House) -> None:
    meeting = await house.meeting()
    ada, _ = await house.enter(meeting, "Ada")
    bob, _ = await house.enter(meeting, "Bob")
    await bob.negotiate(OFFER, LINES, is_new=False)
    bob.leave()
    bob.leave()
    told = list(house.media.told)
    assert told[-1] == (meeting.id, RemoveParticipant(meeting.id, bob.participant_id))
    with pytest.raises(RequestError, match="no such participant"):
        await bob.negotiate(OFFER, LINES, is_new=True)
    with pytest.raises(RequestError, match="no such participant"):
        bob.obey(SetOwn(is_muted=True))
    assert house.media.told == told
    ada.leave()
    with pytest.raises(RequestError, match="no such participant"):
        await ada.negotiate(OFFER, LINES, is_new=False)
    assert house.media.hosted == set()


class HastyPage(Page):
    """Leaves by itself as soon as it is shown the door."""

    seat: Seat

    def close(self, reason: EndReason) -> None:
        super().close(reason)
        self.seat.leave()


@pytest.mark.parametrize("reason", [EndReason.REMOVED, EndReason.SHUTDOWN])
async def test_the_room_has_freed_a_seat_before_its_holder_hears_of_it(house: House, reason: EndReason) -> None:
    meeting = await house.meeting()
    page = HastyPage()
    await house.door.enter(knock(meeting), page)
    if reason is EndReason.REMOVED:
        house.room(meeting).remove(page.seat.participant_id)
    else:
        house.registry.close_all(reason)
    assert page.ended is reason
    left = [event.detail for event in house.published if event.kind is RoomEventKind.PARTICIPANT_LEFT]
    assert left == [reason.value]
