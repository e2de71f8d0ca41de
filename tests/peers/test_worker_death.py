"""The media worker dies in the middle of a conversation: it is replaced, and the guests find one another again."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.peers.daemon import running_daemon
from tests.peers.meeting_client import guest
from tests.peers.tone import Tone

pytestmark = pytest.mark.alone

SENT_DBOV = -20.0


async def test_guests_come_back_after_the_media_worker_died(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        meeting = await daemon.create_meeting(mode="AUDIO")
        key = meeting["access_key"]
        async with (
            guest(daemon.http_url, key, "Ada", tone=Tone(440.0, SENT_DBOV), slots=0) as ada,
            guest(daemon.http_url, key, "Bob", tone=Tone(1000.0, SENT_DBOV), slots=0) as bob,
        ):
            await ada.until(lambda: abs(ada.heard(1000.0) - SENT_DBOV) <= 3, "Bob's tone")
            since = [len(client.messages) for client in (ada, bob)]
            (worker,) = psutil.Process(daemon.process.pid).children()
            os.kill(worker.pid, signal.SIGKILL)
            for client, start in zip((ada, bob), since, strict=True):
                await client.expect("media_lost", since=start)
            ada.ear.forget()
            for client in (ada, bob):
                await client.reconnect()
            await ada.until(lambda: abs(ada.heard(1000.0) - SENT_DBOV) <= 3, "Bob's tone again")
            assert {each["display_name"] for each in ada.participants.values()} == {"Ada", "Bob"}
