"""Three guests without a browser, over the shipped daemon: each hears and sees exactly the other two."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.peers.daemon import Daemon
from tests.peers.meeting_client import MeetingClient, RefusalError, guest
from tests.peers.tone import Tone
from tests.peers.tracks import Colour, looks_like

PEOPLE: dict[str, tuple[float, Colour]] = {
    "Ada": (440.0, (200, 40, 40)),
    "Bob": (1000.0, (40, 180, 40)),
    "Cleo": (2400.0, (40, 40, 200)),
}
SENT_DBOV = -20.0


async def _arrive(stack: AsyncExitStack, daemon: Daemon, key: str, name: str, **fields: object) -> MeetingClient:
    hz, colour = PEOPLE[name]
    tone = Tone(hz, SENT_DBOV)
    return await stack.enter_async_context(guest(daemon.http_url, key, name, tone=tone, colour=colour, **fields))


async def test_each_hears_and_sees_exactly_the_others(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(capacity=3)
    async with AsyncExitStack() as stack:
        clients = {name: await _arrive(stack, daemon, meeting["access_key"], name) for name in PEOPLE}
        ids = {name: client.participant_id for name, client in clients.items()}
        for name, client in clients.items():
            others = {ids[other]: PEOPLE[other] for other in PEOPLE if other != name}

            def hears_the_others(client: MeetingClient = client, name: str = name) -> bool:
                levels = {other: client.heard(hz) for other, (hz, _) in PEOPLE.items()}
                own = levels.pop(name)
                return own < SENT_DBOV - 40 and all(abs(level - SENT_DBOV) <= 3 for level in levels.values())

            def sees_the_others(
                client: MeetingClient = client, others: dict[str, tuple[float, Colour]] = others
            ) -> bool:
                seen = client.seen()
                return seen.keys() == others.keys() and all(
                    looks_like(seen[participant], colour) for participant, (_, colour) in others.items()
                )

            await client.until(hears_the_others, f"sound of the others at {name}'s")
            await client.until(sees_the_others, f"picture of the others at {name}'s")
            names = {each["display_name"] for each in client.participants.values()}
            assert names == set(PEOPLE)
        with pytest.raises(RefusalError) as refusal:
            await stack.enter_async_context(guest(daemon.http_url, meeting["access_key"], "Dan"))
        assert refusal.value.message["reason"] == "full"


async def test_one_who_leaves_is_gone_and_one_who_is_muted_is_silent(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting()
    async with AsyncExitStack() as stack:
        ada = await _arrive(stack, daemon, meeting["access_key"], "Ada")
        async with AsyncExitStack() as short_stay:
            bob = await _arrive(short_stay, daemon, meeting["access_key"], "Bob")
            hz, _ = PEOPLE["Bob"]
            await ada.until(lambda: abs(ada.heard(hz) - SENT_DBOV) <= 3, "Bob's tone")
            await daemon.call("POST", f"/user/meetings/{meeting['id']}/participants/{bob.participant_id}/mute", {})
            await ada.until(lambda: ada.heard(hz) < SENT_DBOV - 40, "silence of the muted")
            assert ada.participants[bob.participant_id]["is_muted"]
            gone = bob.participant_id
        await ada.until(lambda: gone not in ada.participants, "Bob's leaving")
        await ada.until(lambda: not ada.seen(), "an empty slot")


async def test_the_layout_bounds_the_pictures_and_pins_guard_the_door(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(layout="LAYOUT1", room_pin="4321")
    async with AsyncExitStack() as stack:
        for pin, reason in ((None, "pin_required"), ("1111", "wrong_pin")):
            with pytest.raises(RefusalError) as refusal:
                await _arrive(stack, daemon, meeting["access_key"], "Cleo", pin=pin)
            assert refusal.value.message["reason"] == reason
        retry_after_s = refusal.value.message["retry_after_s"]
        assert retry_after_s > 0
        await asyncio.sleep(retry_after_s)
        ada = await _arrive(stack, daemon, meeting["access_key"], "Ada", pin="4321")
        assert ada.welcome["cells"] == 1
        await _arrive(stack, daemon, meeting["access_key"], "Bob", pin="4321")
        cleo = await _arrive(stack, daemon, meeting["access_key"], "Cleo", pin="4321")
        await cleo.until(lambda: len(cleo.seen()) == 1, "a picture")
        shown = [entry for entry in cleo.messages if entry["type"] == "slots"][-1]["slots"]
        assert len(shown) == 1


async def test_a_meeting_for_sound_only_has_no_pictures(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    async with AsyncExitStack() as stack:
        ada, bob = [
            await stack.enter_async_context(
                guest(daemon.http_url, meeting["access_key"], name, tone=Tone(PEOPLE[name][0], SENT_DBOV))
            )
            for name in ("Ada", "Bob")
        ]
        hz, _ = PEOPLE["Ada"]
        await bob.until(lambda: abs(bob.heard(hz) - SENT_DBOV) <= 3, "Ada's tone")
        await ada.send("set", has_camera=True, is_muted=True)
        changed = await bob.expect("updated", since=0)
        assert not changed["participant"]["has_camera"]
        assert ada.welcome["cells"] == 0
