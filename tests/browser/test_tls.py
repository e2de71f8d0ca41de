"""Guests on other machines need HTTPS: over a certificate that the server has made itself, a meeting works as ever."""

from pathlib import Path

from tests.browser.company import ADA, BEN, come, hears
from tests.browser.conftest import Visit
from tests.peers.daemon import running_daemon


async def test_who_accepts_the_self_signed_certificate_meets_the_others(tmp_path: Path, visit: Visit) -> None:
    with running_daemon(tmp_path, TLS__MODE="self-signed") as daemon:
        url = (await daemon.create_meeting())["invite_url"]
        assert url.startswith(f"{daemon.http_url}/join/")
        assert url.startswith("https://")
        ada, ben = [await come(visit, url, person, ignore_https_errors=True) for person in (ADA, BEN)]
        await hears(ada, BEN)
        await hears(ben, ADA)
        for guest in (ada, ben):
            await guest.page.close()
    said = daemon.log.read_text()
    assert "browsers will warn" in said
    assert "Traceback" not in said
