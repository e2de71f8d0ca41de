"""Which certificate the settings come to, and what else goes with HTTPS: the plain port and the header that insists."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from confserver.addresses import CertificateSource, certificate_source, public_url, redirect_port
from confserver.config import Settings, TlsSettings
from confserver.config_sources import load_settings
from confserver.errors import ConfigError
from confserver.tls.https import describe_certificate
from tests.confserver.tls.authority import TestAuthority
from tests.confserver.tls.web import anything, serving

NONE, FILES, ACME, SELF_SIGNED = CertificateSource
EVERYWHERE = "0.0.0.0"
DOMAIN = "meet.example.com"
PAIR = {"certificate": "c.pem", "key": "k.pem"}


def settings(host: str = "127.0.0.1", public: str = "", port: int = 443, **tls: Any) -> Settings:
    return load_settings(flags={"http": {"host": host, "public_url": public, "port": port}, "tls": tls})


@pytest.mark.parametrize(
    ("given", "source"),
    [
        (settings(), NONE),
        (settings("localhost"), NONE),
        (settings("::1"), NONE),
        (settings(EVERYWHERE), SELF_SIGNED),
        (settings("192.0.2.1", f"https://{DOMAIN}"), SELF_SIGNED),
        (settings(EVERYWHERE, f"http://{DOMAIN}"), NONE),
        (settings(**PAIR), FILES),
        (settings(acme_domain=DOMAIN), ACME),
        (settings(EVERYWHERE, mode="off"), NONE),
        (settings(EVERYWHERE, mode="off", **PAIR), NONE),
        (settings(mode="self-signed"), SELF_SIGNED),
    ],
)
def test_the_settings_come_to_one_source(given: Settings, source: CertificateSource) -> None:
    assert certificate_source(given) is source


def test_links_name_the_domain_of_the_certificate_and_no_port_that_goes_without_saying() -> None:
    assert public_url(settings(EVERYWHERE, acme_domain="Meet.Example.com")) == f"https://{DOMAIN}"
    assert public_url(settings("192.0.2.1", port=8443)) == "https://192.0.2.1:8443"
    assert public_url(settings("192.0.2.1", port=80, mode="off")) == "http://192.0.2.1"


def test_plain_http_is_beside_https_where_it_is_needed_or_wanted() -> None:
    assert redirect_port(settings(acme_domain=DOMAIN)) == 80
    assert redirect_port(settings(acme_domain=DOMAIN, redirect_port=8081)) == 8081
    assert redirect_port(settings(redirect_port=8081)) is None
    assert redirect_port(settings(EVERYWHERE)) is None
    assert redirect_port(settings(EVERYWHERE, redirect_port=8081)) == 8081


@pytest.mark.parametrize(
    ("tls", "sentence"),
    [
        ({"key": "k.pem"}, "tls.key = 'k.pem': needs tls.certificate beside it."),
        ({**PAIR, "acme_domain": DOMAIN}, f"tls.acme_domain = '{DOMAIN}': cannot be set beside tls.certificate: "),
        ({"acme_domain": "192.0.2.1"}, "tls.acme_domain = '192.0.2.1': should be a host name such as "),
        ({"acme_domain": "*.example.com"}, "tls.acme_domain = '*.example.com': should be a host name such as "),
        ({"acme_directory": "http://ca.example.com"}, "tls.acme_directory = 'http://ca.example.com': should be an "),
        ({"mode": "maybe"}, "tls.mode = 'maybe': should be 'auto', 'off' or 'self-signed'."),
    ],
)
def test_settings_that_make_no_sense_are_named(tls: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings(**tls)
    assert str(refused.value).startswith(f"the command line: {sentence}")


def test_the_check_of_the_settings_looks_into_the_files(tmp_path: Path) -> None:
    files = TestAuthority().issue(tmp_path)
    good = Settings(tls=TlsSettings(certificate=str(files.certificate), key=str(files.key)))
    assert describe_certificate(good).startswith("the one of tls.certificate, valid until 2")
    with pytest.raises(ConfigError, match=r"^tls\.certificate = 'c\.pem': the file cannot be read: "):
        describe_certificate(settings(**PAIR))
    assert describe_certificate(settings()) == "none: plain HTTP"
    assert "browsers will warn" in describe_certificate(settings(EVERYWHERE))


async def test_the_plain_port_sends_browsers_on_and_programs_away(tmp_path: Path) -> None:
    given = settings(public=f"https://{DOMAIN}", mode="self-signed").model_copy(update={"data_dir": tmp_path})
    async with serving(given) as served, aiohttp.ClientSession(f"http://127.0.0.1:{served.plain_port}") as browser:
        stranger = {"Host": "evil.example.com"}
        async with browser.get("/join/abc?x=1%262", allow_redirects=False, headers=stranger) as answer:
            assert (answer.status, answer.headers["Location"]) == (308, f"https://{DOMAIN}/join/abc?x=1%262")
        for path in ("//evil.example.com/", "/%0d%0aX-Own:%20y"):
            crooked = URL(f"http://127.0.0.1:{served.plain_port}{path}", encoded=True)
            async with browser.get(crooked, allow_redirects=False) as answer:
                assert answer.headers.get("Location", f"https://{DOMAIN}/").startswith(f"https://{DOMAIN}/")
                assert "X-Own" not in answer.headers
        async with browser.post("/api/login", json={}, allow_redirects=False) as answer:
            assert answer.status == 403
            assert (await answer.json())["errors"][0]["code"] == "HTTPS_ONLY"
        async with browser.post("/join/abc", allow_redirects=False) as answer:
            assert answer.status == 405
        async with browser.get("/.well-known/acme-challenge/never-given") as answer:
            assert answer.status == 404
            assert await answer.text() == ""


@pytest.mark.parametrize(
    ("is_issued", "public", "insists"),
    [(True, f"https://{DOMAIN}", True), (True, "https://localhost", False), (False, f"https://{DOMAIN}", False)],
)
async def test_browsers_are_told_to_insist_only_on_a_certificate_that_others_vouch_for(
    tmp_path: Path, is_issued: bool, public: str, insists: bool
) -> None:
    files = TestAuthority().issue(tmp_path)
    tls = {"certificate": str(files.certificate), "key": str(files.key)} if is_issued else {"mode": "self-signed"}
    given = settings(public=public, **tls).model_copy(update={"data_dir": tmp_path})
    async with (
        serving(given) as served,
        aiohttp.ClientSession() as browser,
        browser.get(f"https://127.0.0.1:{served.port}/", ssl=anything()) as answer,
    ):
        assert answer.headers.get("Strict-Transport-Security") == ("max-age=31536000" if insists else None)
