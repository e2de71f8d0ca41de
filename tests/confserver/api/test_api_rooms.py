"""The live side of meetings over HTTP, and what a guest learns before entering."""

from confserver.rooms.live import LiveParticipant
from signaling.commands import Mute, Remove
from tests.confserver.conftest import Api, Refused

ADA = LiveParticipant("p1", "Ada", muted=False, chairman=True)
BOB = LiveParticipant("p2", "Bob", muted=True, chairman=False, position=3, hand=1, camera=True, floor=True)


async def test_the_status_of_a_room(api: Api) -> None:
    meeting = await api.create()
    path = f"/user/meetings/{meeting['id']}/status"
    assert (await api.call("GET", path))[1] == {
        "status": "ONLINE",
        "locked": False,
        "muted": False,
        "recording": False,
        "spotlight_id": None,
        "control": "FREE",
        "layout": "LAYOUT0",
        "mute_on_entry": False,
        "waiting": 0,
    }
    api.rooms.people[meeting["id"]] = [ADA]
    assert (await api.call("GET", path))[1]["status"] == "ON_CALL"


async def test_participants_are_listed_and_shown(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    api.rooms.people[meeting["id"]] = [ADA, BOB]
    path = f"/user/meetings/{meeting['id']}/participants"
    status, answer = await api.call("GET", path)
    assert status == 200
    assert answer["items"][1] == {
        "id": "p2",
        "display_name": "Bob",
        "muted": True,
        "chairman": False,
        "role": "GUEST",
        "position": 3,
        "hand": 1,
        "muted_by_host": False,
        "camera": True,
        "camera_stopped": False,
        "floor": True,
        "screen": False,
        "reconnecting": False,
        "verified": False,
    }
    assert (await api.call("GET", f"{path}/p1"))[1]["display_name"] == "Ada"
    assert (await refused(api.call("GET", f"{path}/p3")))[0] == 404


async def test_a_host_mutes_and_removes(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    api.rooms.people[meeting["id"]] = [ADA, BOB]
    path = f"/user/meetings/{meeting['id']}/participants"
    for action in ("mute", "unmute", "destroy"):
        assert await api.call("POST", f"{path}/p2/{action}") == (204, None)
    assert [command for _, command in api.rooms.told] == [
        Mute(participant_id="p2", is_muted=True),
        Mute(participant_id="p2", is_muted=False),
        Remove(participant_id="p2"),
    ]
    assert (await refused(api.call("POST", f"{path}/p3/mute")))[:2] == (404, "NOT_FOUND")


async def test_lock_and_unlock(api: Api) -> None:
    meeting = await api.create()
    path = f"/user/meetings/{meeting['id']}"
    for action, is_locked in (("lock", True), ("unlock", False)):
        assert await api.call("POST", f"{path}/{action}") == (204, None)
        assert (await api.call("GET", f"{path}/status"))[1]["locked"] is is_locked


async def test_a_guest_looks_without_a_login(api: Api) -> None:
    meeting = await api.create(room_pin="1234", scheduled_start_at="2027-05-04T09:30:00Z", language="de")
    api.rooms.door = "full"
    assert await api.call("GET", f"/join/{meeting['access_key']}", token="") == (
        200,
        {
            "subject": "Weekly",
            "state": "full",
            "pin_required": True,
            "host_pin": False,
            "mode": "VIDEO",
            "language": "de",
            "host_name": "Ada Lovelace",
            "starts_at": "2027-05-04T09:30:00Z",
            "waiting_room": False,
            "look": {"text": None, "background": None, "accent": None, "logo_url": None, "has_music": False},
        },
    )


async def test_a_guest_learns_that_there_is_a_host_pin_and_not_which(api: Api) -> None:
    meeting = await api.create(admin_pin="98765")
    _, answer = await api.call("GET", f"/join/{meeting['access_key']}", token="")
    assert (answer["pin_required"], answer["host_pin"]) == (False, True)
    assert "98765" not in str(answer)


async def test_only_the_access_key_opens_the_page(api: Api, refused: Refused) -> None:
    meeting = await api.create()
    for wrong in (meeting["id"], meeting["extension_number"], "x" * 22):
        assert (await refused(api.call("GET", f"/join/{wrong}", token="")))[:2] == (404, "NOT_FOUND")


async def test_looking_too_often_is_refused_for_a_while(api: Api) -> None:
    statuses = [(await api.call("GET", "/join/nothing", token=""))[0] for _ in range(90)]
    assert statuses[:60] == [404] * 60
    assert statuses[-1] == 429
