"""Another program holds the database for half a minute: everybody talks on, comes in and is muted all the while."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.daemon import running_daemon
from tests.peers.meeting_client import MeetingClient, guest
from tests.peers.tone import Tone

LOCKED_S = 30.0
WROTE_WITHIN_S = 15.0
SENT_DBOV, HEARD_DB, UNHEARD_DB = -20.0, 3.0, 40.0
ADA, BOB = Tone(440.0, SENT_DBOV), Tone(1000.0, SENT_DBOV)


async def mutes_and_gives_back(host: MeetingClient, other: MeetingClient, tone: Tone) -> None:
    """A host's mute of somebody who talks is heard at once, and so is its end."""
    await host.send("mute", participant_id=other.participant_id, is_muted=True)
    await host.until(lambda: host.heard(tone.hz) < SENT_DBOV - UNHEARD_DB, "silence")
    await host.send("mute", participant_id=other.participant_id, is_muted=False)
    await host.until(lambda: host.heard(tone.hz) > SENT_DBOV - HEARD_DB, "voice")


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_meeting_goes_on_while_the_database_is_locked_for_30_seconds(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        meeting = await daemon.create_meeting(admin_pin="4711", mode="AUDIO")
        url, key = daemon.http_url, meeting["access_key"]
        async with (
            guest(url, key, "Ada", tone=ADA, slots=0, pin="4711") as ada,
            guest(url, key, "Bob", tone=BOB, slots=0) as bob,
        ):
            with closing(sqlite3.connect(tmp_path / "confserver.sqlite3", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                locked_at = time.monotonic()
                async with guest(url, key, "Cleo", slots=0) as cleo:
                    while time.monotonic() - locked_at < LOCKED_S:
                        await cleo.until(lambda: cleo.heard(ADA.hz) > SENT_DBOV - HEARD_DB, "Ada's voice")
                        await mutes_and_gives_back(ada, bob, BOB)
                        assert bob.heard(ADA.hz) > SENT_DBOV - HEARD_DB, "she was heard all the time"
                await ada.send("mute", participant_id=bob.participant_id, is_muted=True)
            await ada.until(
                lambda: "the database can be used again" in daemon.log.read_text(), "end of the trouble", WROTE_WITHIN_S
            )
        assert "Traceback" not in daemon.log.read_text()
