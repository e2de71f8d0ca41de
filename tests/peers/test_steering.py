"""What a host does is heard and seen by another guest, over the shipped daemon."""

from contextlib import AsyncExitStack

from tests.peers.daemon import Daemon
from tests.peers.meeting_client import MeetingClient, guest
from tests.peers.tone import Tone

BOB_HZ, BOB_COLOUR = 1000.0, (40, 180, 40)
SENT_DBOV = -20.0


def is_heard(listener: MeetingClient) -> bool:
    return abs(listener.heard(BOB_HZ) - SENT_DBOV) <= 3


def is_silent(listener: MeetingClient) -> bool:
    return listener.heard(BOB_HZ) < SENT_DBOV - 40


async def test_all_are_silenced_at_once_and_the_floor_is_given_to_one(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(admin_pin="9876")
    key = meeting["access_key"]
    async with AsyncExitStack() as stack:
        ada, bob, cleo = [
            await stack.enter_async_context(guest(daemon.http_url, key, name, **look))
            for name, look in (
                ("Ada", {"pin": "9876"}),
                ("Bob", {"tone": Tone(BOB_HZ, SENT_DBOV), "colour": BOB_COLOUR}),
                ("Cleo", {}),
            )
        ]
        bob_id = bob.participant_id
        await cleo.until(lambda: is_heard(cleo) and bob_id in cleo.seen(), "Bob's tone and picture")

        await ada.send("mute_all", is_muted=True, may_unmute=False)
        await cleo.until(lambda: is_silent(cleo), "silence of all")
        assert {each["is_muted_by_host"] for each in cleo.participants.values() if each["role"] == "guest"} == {True}
        await bob.send("set", is_muted=False)
        assert (await bob.expect("error", since=0))["code"] == "muted_by_host"
        await ada.send("mute_all", is_muted=False)
        await cleo.until(lambda: is_heard(cleo), "Bob's tone again")

        await ada.send("control", control="MASTER")
        await cleo.until(lambda: is_silent(cleo) and bob_id not in cleo.seen(), "nothing of who has no floor")
        await bob.send("hand", is_raised=True)
        await ada.until(lambda: ada.participants[bob_id]["hand"] == 1, "a raised hand")
        await ada.send("floor", participant_id=bob_id, has_floor=True)
        await cleo.until(lambda: is_heard(cleo) and bob_id in cleo.seen(), "who was given the floor")
        assert cleo.participants[bob_id]["hand"] is None
        # It is a field of the meeting, too.
        stored = await daemon.call("GET", f"/user/meetings/{meeting['id']}")
        assert stored["control"] == "MASTER"
