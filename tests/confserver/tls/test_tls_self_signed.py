"""The certificate that the server makes for itself: for whom it is good, how long it is kept, what protects its key."""

import asyncio
import ipaddress
import socket
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from structlog.testing import capture_logs

from confserver.addresses import host_addresses
from confserver.config import HttpSettings, Settings, TlsSettings
from confserver.errors import ConfigError
from confserver.tls import self_signed
from confserver.tls.certificate import PemFiles, load_certificate
from confserver.tls.https import own_names
from confserver.tls.self_signed import SelfSigned, make_self_signed
from tests.confserver.tls.web import LIMIT_S, QUESTION, anything, connect, presented, says_hello, serving, trusting

NAMES = {"localhost", "127.0.0.1", "::1"}


def settings(data_dir: Path, public_url: str = "") -> Settings:
    return Settings(data_dir=data_dir, http=HttpSettings(public_url=public_url), tls=TlsSettings(mode="self-signed"))


async def test_it_is_good_for_every_name_of_this_machine(tmp_path: Path) -> None:
    async with serving(settings(tmp_path, "https://meet.example.com")) as served:
        certificate = served.https.served.current
        assert certificate.is_self_signed
        assert {*NAMES, *host_addresses(), "meet.example.com"} <= certificate.names
        assert socket.gethostname().lower() in certificate.names
        # Who has accepted it is not told that it is for somebody else.
        accepted = trusting((await presented(served.port)).public_bytes(Encoding.PEM).decode())
        for name in ("localhost", "127.0.0.1", "meet.example.com"):
            streams = await connect(served.port, accepted, name)
            assert await says_hello(streams)
            streams[1].close()


def test_names_are_those_that_certificates_can_hold() -> None:
    given = Settings(http=HttpSettings(host="FE80:0::1%lo", public_url="https://under_score.example.com"))
    assert "fe80::1" in own_names(given)
    assert not any(sign in name for name in own_names(given) for sign in "_%")
    assert own_names(Settings(http=HttpSettings(host="0.0.0.0"))) >= NAMES
    assert "0.0.0.0" not in own_names(Settings(http=HttpSettings(host="0.0.0.0")))


async def test_it_is_kept_from_start_to_start_by_its_owner_alone(tmp_path: Path) -> None:
    async with serving(settings(tmp_path)) as served:
        first = served.https.served.current.fingerprint
    async with serving(settings(tmp_path)) as served:
        assert served.https.served.current.fingerprint == first
    kept = tmp_path / "tls" / "self-signed.pem"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert list(kept.parent.iterdir()) == [kept]


def test_another_is_made_for_a_new_name_and_in_place_of_a_broken_one(tmp_path: Path) -> None:
    path = tmp_path / "made.pem"
    first = SelfSigned(path, NAMES).served.current
    assert SelfSigned(path, {"localhost"}).served.current.fingerprint == first.fingerprint
    second = SelfSigned(path, {*NAMES, "192.0.2.7"}).served.current
    assert "192.0.2.7" in second.names
    assert second.fingerprint != first.fingerprint
    path.write_text("-----BEGIN")
    assert SelfSigned(path, NAMES).served.current.names == NAMES


def test_it_is_renewed_in_time_and_told(tmp_path: Path) -> None:
    keeper = SelfSigned(tmp_path / "made.pem", NAMES)
    aged = tmp_path / "aged.pem"
    aged.write_bytes(make_self_signed(NAMES, datetime.now(UTC) - self_signed.LIFE * 0.7))
    with capture_logs() as told:
        keeper.look()
        assert told == []
        keeper.served.current = load_certificate(PemFiles(aged, aged))
        keeper.look()
    assert keeper.served.current.ends_at > datetime.now(UTC) + self_signed.LIFE * 0.9
    assert [line["sha256"] for line in told] == [keeper.served.current.fingerprint]
    # One that is due at the start is not served at all.
    assert SelfSigned(aged, NAMES).served.current.ends_at > datetime.now(UTC) + self_signed.LIFE * 0.9


def test_a_folder_that_takes_no_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("in the way")
    with pytest.raises(ConfigError, match=r"^data_dir: '.*self-signed\.pem' cannot be written: "):
        SelfSigned(tmp_path / "tls" / "self-signed.pem", NAMES)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_modern_tls_is_spoken(tmp_path: Path, version: ssl.TLSVersion) -> None:
    context = anything()
    context.minimum_version = context.maximum_version = version
    context.set_alpn_protocols(["h2", "http/1.1"])
    async with serving(settings(tmp_path)) as served:
        streams = await connect(served.port, context)
        assert await says_hello(streams)
        tls = streams[1].get_extra_info("ssl_object")
        assert tls.selected_alpn_protocol() == "http/1.1"
        assert tls.cipher()[0] in {"TLS_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"}
        streams[1].close()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_tls_before_1_2_is_refused(tmp_path: Path) -> None:
    context = anything()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    async with serving(settings(tmp_path)) as served:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await connect(served.port, context)


async def test_plain_http_at_the_encrypted_port_is_hung_up_on_at_once(tmp_path: Path) -> None:
    async with serving(settings(tmp_path)) as served, asyncio.timeout(LIMIT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(QUESTION)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await reader.readexactly(100)
        writer.close()


def test_addresses_are_written_as_addresses(tmp_path: Path) -> None:
    leaf = SelfSigned(tmp_path / "made.pem", NAMES).served.current.leaf
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    found = names.get_values_for_type(x509.IPAddress)
    assert set(found) == {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")}
