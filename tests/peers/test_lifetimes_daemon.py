"""Meetings that end by themselves, over the shipped daemon: what a guest is told, and what a crash does not undo."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.peers.daemon import Daemon, running_daemon
from tests.peers.meeting_client import RefusalError, connection


def in_s(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def refusal(daemon: Daemon, access_key: str) -> str:
    async with connection(daemon.http_url) as late:
        with pytest.raises(RefusalError) as refused:
            await late.join(access_key=access_key, display_name="Bob")
    return str(refused.value)


async def test_a_guest_is_warned_then_shown_out_and_a_crash_does_not_open_the_door_again(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        ending = await daemon.create_meeting(mode="AUDIO", scheduled_end_at=in_s(3))
        cancelled = await daemon.create_meeting(mode="AUDIO")
        async with connection(daemon.http_url) as ada:
            await ada.join(access_key=ending["access_key"], display_name="Ada")
            warning = await ada.expect("ending_soon", since=0)
            assert (warning["reason"], warning["in_s"] <= 3) == ("scheduled_end", True)
            assert (await ada.expect("ended", since=0))["reason"] == "time_up"
        path = f"/user/meetings/{cancelled['id']}"
        await daemon.call("POST", f"{path}/cancel", {"reason": "The speaker is ill"})
        assert "ended" in await refusal(daemon, ending["access_key"])
        assert "cancelled" in await refusal(daemon, cancelled["access_key"])
        assert (await daemon.call("GET", f"{path}/status"))["status"] == "OFFLINE"
        daemon.kill()
        daemon.start_again()
        assert "ended" in await refusal(daemon, ending["access_key"])
        assert "cancelled" in await refusal(daemon, cancelled["access_key"])
        assert (await daemon.call("GET", f"{path}/lifecycle"))["reason"] == "The speaker is ill"
