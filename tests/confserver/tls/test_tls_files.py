"""The operator's own certificate: what clients are presented with, and what happens when its files change."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from confserver.config import Settings, TlsSettings
from confserver.tls import operator_files
from confserver.tls.certificate import PemFiles, load_certificate
from tests.confserver.tls.authority import DAY, TestAuthority, rsa_key
from tests.confserver.tls.web import (
    certificate_of,
    connect,
    presented,
    says_hello,
    serving,
    trusting,
    until,
    until_presented,
)
from tests.peers.daemon import DaemonError, running_daemon


@pytest.fixture
def authority() -> TestAuthority:
    return TestAuthority()


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator_files, "LOOK_INTERVAL_S", 0.02)


def settings(files: PemFiles) -> Settings:
    return Settings(tls=TlsSettings(certificate=str(files.certificate), key=str(files.key)))


def serial_number(files: PemFiles) -> int:
    return load_certificate(files).leaf.serial_number


async def test_a_client_that_trusts_the_authority_gets_the_certificate(
    authority: TestAuthority, tmp_path: Path
) -> None:
    files = authority.issue(tmp_path)
    async with serving(settings(files)) as served:
        streams = await connect(served.port, trusting(authority.root_pem))
        assert certificate_of(streams).serial_number == serial_number(files)
        assert await says_hello(streams)
        streams[1].close()


async def test_a_client_that_names_no_server_gets_it_too(authority: TestAuthority, tmp_path: Path) -> None:
    files = authority.issue(tmp_path)
    async with serving(settings(files)) as served:
        assert (await presented(served.port, name="")).serial_number == serial_number(files)


@pytest.mark.usefixtures("looks_often")
async def test_a_changed_certificate_is_served_while_old_connections_live_on(
    authority: TestAuthority, tmp_path: Path
) -> None:
    files = authority.issue(tmp_path, rsa_key())
    async with serving(settings(files)) as served:
        old = await connect(served.port, trusting(authority.root_pem))
        assert await says_hello(old)
        first = serial_number(files)
        # Of another kind of key: as when certbot went from RSA to ECDSA.
        authority.issue(tmp_path)
        await until_presented(served.port, serial_number(files))
        new = await connect(served.port, trusting(authority.root_pem))
        assert await says_hello(new)
        assert await says_hello(old)
        assert certificate_of(old).serial_number == first != certificate_of(new).serial_number
        for _, writer in (old, new):
            writer.close()


@pytest.mark.usefixtures("looks_often")
@pytest.mark.parametrize("spoil", ["certificate gone", "key of another", "no certificate"])
async def test_a_broken_change_is_told_once_and_the_old_certificate_stays(
    authority: TestAuthority, tmp_path: Path, spoil: str
) -> None:
    files, other = authority.issue(tmp_path), authority.issue(tmp_path, name="other")
    first = serial_number(files)
    with capture_logs() as told:
        async with serving(settings(files)) as served:
            if spoil == "certificate gone":
                files.certificate.unlink()
            else:
                other.key.replace(files.key if spoil == "key of another" else files.certificate)

            async def is_told() -> bool:
                return bool(told)

            await until(is_told)
            for _ in range(5):
                assert (await presented(served.port)).serial_number == first
            assert [str(tmp_path) in line["reason"] for line in told] == [True]
            # The good pair that follows is served as if nothing had been.
            authority.issue(tmp_path)
            await until_presented(served.port, serial_number(files))


async def test_an_expired_certificate_is_served_and_told(authority: TestAuthority, tmp_path: Path) -> None:
    files = authority.issue(tmp_path, begins=-2 * DAY, ends=-timedelta(hours=1))
    with capture_logs() as told:
        async with serving(settings(files)) as served:
            assert (await presented(served.port)).serial_number == serial_number(files)
    assert [line["event"] for line in told] == ["the certificate has expired"]


def test_a_start_with_files_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DaemonError) as refused, running_daemon(tmp_path, TLS__CERTIFICATE=str(tmp_path / "gone.pem")):
        pass
    code, *said = str(refused.value).splitlines()
    assert code.endswith("exit code 2")
    assert said == [
        f"confserver: tls.certificate = '{tmp_path}/gone.pem': the file cannot be read: no such file or directory."
    ]
