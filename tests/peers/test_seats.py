"""Guests find their seats again, over the shipped daemon: after a lost connection, a reload, a restart and a crash."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from confserver.store.folder import DATABASE
from tests.peers.daemon import Daemon, running_daemon
from tests.peers.meeting_client import MeetingClient, RefusalError, connection, guest
from tests.peers.tone import Tone

pytestmark = pytest.mark.alone

SENT_DBOV = -20.0
ADA_HZ, BOB_HZ = 440.0, 1000.0


async def hears(client: MeetingClient, hz: float) -> None:
    await client.until(lambda: abs(client.heard(hz) - SENT_DBOV) <= 3, f"a tone of {hz:g} Hz")


def names(client: MeetingClient) -> list[str]:
    return [str(each["display_name"]) for each in client.participants.values()]


def told_of(client: MeetingClient, participant_id: str, since: int) -> list[tuple[str, bool | None]]:
    """What the server has said of somebody: the type, and whether they are reconnecting."""
    messages = client.messages[since:]
    about = [each for each in messages if each.get("participant", {}).get("id") == participant_id]
    left = [(str(each["type"]), None) for each in messages if each.get("participant_id") == participant_id]
    return [(str(each["type"]), each["participant"]["is_reconnecting"]) for each in about] + left


def is_lock_stored(daemon: Daemon) -> bool:
    with contextlib.closing(sqlite3.connect(daemon.data_dir / DATABASE)) as database:
        return database.execute("SELECT is_locked FROM rooms").fetchall() == [(1,)]


async def test_a_lost_connection_costs_nobody_a_word(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    async with (
        guest(daemon.http_url, meeting["access_key"], "Ada", slots=0) as ada,
        guest(daemon.http_url, meeting["access_key"], "Bob", tone=Tone(BOB_HZ, SENT_DBOV), slots=0) as bob,
    ):
        await hears(ada, BOB_HZ)
        since, bob_id = len(ada.messages), bob.participant_id
        bob.drop()
        await ada.until(lambda: ada.participants[bob_id]["is_reconnecting"], "Bob reconnecting")
        # Only the WebSocket went: Bob is heard all the while.
        ada.ear.forget()
        await hears(ada, BOB_HZ)
        await bob.come_back()
        await ada.until(lambda: not ada.participants[bob_id]["is_reconnecting"], "Bob back")
        assert (bob.participant_id, bob.welcome["is_resumed"], bob.welcome["has_media"]) == (bob_id, True, True)
        assert told_of(ada, bob_id, since) == [("updated", True), ("updated", False)]
        ada.ear.forget()
        await hears(ada, BOB_HZ)


async def test_a_reload_and_a_second_tab(daemon: Daemon) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    async with (
        guest(daemon.http_url, meeting["access_key"], "Ada", slots=0) as ada,
        guest(daemon.http_url, meeting["access_key"], "Bob", tone=Tone(BOB_HZ, SENT_DBOV), slots=0) as bob,
    ):
        since, bob_id = len(ada.messages), bob.participant_id
        await bob.peer.close()
        await bob.socket.close(code=1001)
        await bob.come_back()
        await bob.reconnect()
        await hears(ada, BOB_HZ)
        assert told_of(ada, bob_id, since) == [("updated", True), ("updated", False)]
        async with connection(daemon.http_url) as tab:
            since = len(ada.messages)
            await tab.join(**bob._asked | {"seat_token": bob.welcome["seat_token"]})
            ended = await bob.expect("ended", since=0)
            await bob.until(lambda: bob.close_code, "the end of the older connection")
            assert (ended["reason"], bob.close_code, tab.participant_id) == ("replaced", 4004, bob_id)
            await tab.send("set", is_muted=True)
            await ada.until(lambda: ada.participants[bob_id]["is_muted"], "the newer tab being obeyed")
            assert told_of(ada, bob_id, since) == [("updated", False)]
            await tab.send("leave")
            await ada.until(lambda: bob_id not in ada.participants, "Bob leaving")


async def keeps_order(ada: MeetingClient, bob: MeetingClient, eve: MeetingClient) -> None:
    await ada.send("mute", participant_id=bob.participant_id, is_muted=True)
    await ada.send("remove", participant_id=eve.participant_id)
    await ada.send("lock", is_locked=True)


@pytest.mark.parametrize("is_crash", [False, True])
async def test_both_are_back_after_a_restart(tmp_path: Path, is_crash: bool) -> None:
    with running_daemon(tmp_path) as daemon:
        meeting = await daemon.create_meeting(mode="AUDIO", admin_pin="9876")
        key = meeting["access_key"]
        async with (
            guest(daemon.http_url, key, "Ada", tone=Tone(ADA_HZ, SENT_DBOV), slots=0, pin="9876") as ada,
            guest(daemon.http_url, key, "Bob", tone=Tone(BOB_HZ, SENT_DBOV), slots=0) as bob,
            guest(daemon.http_url, key, "Eve", slots=0) as eve,
        ):
            await hears(ada, BOB_HZ)
            ids = [ada.participant_id, bob.participant_id]
            await keeps_order(ada, bob, eve)
            if is_crash:  # what happened in the last moments before a crash may be lost
                await bob.until(lambda: is_lock_stored(daemon), "the lock in the database")
            await bob.expect("room", since=0)
            since = len(ada.messages), len(bob.messages)
            await asyncio.to_thread(daemon.kill if is_crash else daemon.stop)
            await asyncio.to_thread(daemon.start_again)
            for client in (ada, bob):
                await client.come_back(pin=None)
            for client in (ada, bob):
                await client.reconnect()
            assert [ada.participant_id, bob.participant_id] == ids
            assert ada.welcome["is_resumed"]
            assert not ada.welcome["has_media"]
            assert ada.welcome["role"] == "host"
            assert ada.welcome["is_locked"]
            assert names(ada) == ["Ada", "Bob"]
            await bob.until(lambda: bob.participants[ids[1]]["is_muted_by_host"], "the mute being kept")
            with pytest.raises(RefusalError) as refusal:
                await eve.come_back()
            assert refusal.value.message["reason"] == "removed"
            bob.ear.forget()
            await hears(bob, ADA_HZ)
            await ada.send("mute", participant_id=bob.participant_id, is_muted=False)
            ada.ear.forget()
            await hears(ada, BOB_HZ)
            told = ada.messages[since[0] :] + bob.messages[since[1] :]
            assert {"joined", "left"}.isdisjoint(message["type"] for message in told)
