"""A certificate ordered from a real ACME server: the first, the next, and what happens when there is none to be had."""

import asyncio
import socket
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from structlog.testing import capture_logs

from confserver.config import HttpSettings, Settings, TlsSettings
from confserver.tls.https import Https
from tests.confserver.tls.authority import TestAuthority
from tests.confserver.tls.pebble import Pebble, running_pebble
from tests.confserver.tls.web import LIMIT_S, anything, presented, serving, until

DOMAIN = "localhost"
"""The only name that every machine finds."""


@pytest.fixture(scope="module")
def pebble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pebble]:
    with running_pebble(tmp_path_factory.mktemp("pebble")) as running:
        yield running


@pytest.fixture(autouse=True)
def trusts_pebble(pebble: Pebble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pebble.roots))


def settings(data_dir: Path, directory: str) -> Settings:
    tls = TlsSettings(acme_domain=DOMAIN, acme_directory=directory, acme_email="ops@example.com")
    return Settings(data_dir=data_dir, tls=tls, http=HttpSettings(public_url="https://meet.example.com"))


def files_of(folder: Path) -> dict[str, Path]:
    """Every file below, by its name."""
    return {path.name: path for path in folder.rglob("*") if path.is_file()}


def is_issued(certificate: x509.Certificate) -> bool:
    return "Pebble" in certificate.issuer.rfc4514_string()


async def until_issued(port: int) -> x509.Certificate:
    async def is_presented() -> bool:
        return is_issued(await presented(port))

    await until(is_presented)
    return await presented(port)


async def insists(https: Https, port: int) -> bool:
    """Whether browsers are told to come by HTTPS only."""
    async with aiohttp.ClientSession() as browser, browser.get(f"https://127.0.0.1:{port}/", ssl=anything()) as answer:
        return "Strict-Transport-Security" in answer.headers


async def test_naming_the_domain_is_enough(pebble: Pebble, tmp_path: Path) -> None:
    given = settings(tmp_path, pebble.directory)
    async with serving(given, pebble.proof_port) as served:
        # Nobody waits for the authority: until it has answered, the server has made a certificate itself.
        assert served.https.served.current.is_self_signed
        assert not await insists(served.https, served.port)
        issued = await until_issued(served.port)
        assert await insists(served.https, served.port)
    names = issued.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [DOMAIN]
    kept = files_of(tmp_path / "acme")
    assert kept.keys() == {"account.pem", f"{DOMAIN}.pem"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.values()} == {0o600}
    before = pebble.issued
    assert before >= 1
    async with serving(given, pebble.proof_port) as served:
        assert (await presented(served.port)).serial_number == issued.serial_number
    assert pebble.issued == before


async def test_it_is_renewed_in_time_with_the_same_account(pebble: Pebble, tmp_path: Path) -> None:
    given = settings(tmp_path, pebble.directory)
    async with serving(given, pebble.proof_port) as served:
        await until_issued(served.port)
    kept = files_of(tmp_path / "acme")
    account_key = kept["account.pem"].read_bytes()
    aged = TestAuthority().issue(tmp_path, begins=timedelta(days=-70), ends=timedelta(days=20))
    kept[f"{DOMAIN}.pem"].write_bytes(aged.certificate.read_bytes() + aged.key.read_bytes())
    async with serving(given, pebble.proof_port) as served:
        assert not is_issued(served.https.served.current.leaf)
        assert not served.https.served.current.is_self_signed
        await until_issued(served.port)
    assert kept["account.pem"].read_bytes() == account_key


async def test_a_proof_that_the_authority_cannot_see_is_told_in_its_words(pebble: Pebble, tmp_path: Path) -> None:
    told = await complaint(settings(tmp_path, pebble.directory))
    assert "connection refused" in told


async def test_an_authority_out_of_reach_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = probe.getsockname()[1]
    assert "Connection refused" in await complaint(settings(tmp_path, f"https://localhost:{nobody}/dir"))


async def test_a_spoilt_account_key_is_told_and_kept(pebble: Pebble, tmp_path: Path) -> None:
    given = settings(tmp_path, pebble.directory)
    await complaint(given)
    account = files_of(tmp_path)["account.pem"]
    account.write_text("spoilt")
    assert str(account) in await complaint(given)
    assert account.read_text() == "spoilt"


async def complaint(given: Settings) -> str:
    """Why there is no certificate; told once, while the one that was made here is served."""
    with capture_logs() as lines:
        # Plain HTTP is at another port than the one where the authority looks.
        async with serving(given) as served:

            async def is_told() -> bool:
                return bool(lines)

            await until(is_told)
            assert served.https.served.current.is_self_signed
            assert not is_issued(await presented(served.port))
    assert [(line["log_level"], line["domain"]) for line in lines] == [("error", DOMAIN)]
    return str(lines[0]["reason"])


async def test_a_stop_does_not_wait_for_an_authority_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.setblocking(False)
        async with asyncio.timeout(LIMIT_S):
            async with serving(settings(tmp_path, f"https://localhost:{mute.getsockname()[1]}/dir")):
                connection, _ = await asyncio.get_running_loop().sock_accept(mute)
        connection.close()
