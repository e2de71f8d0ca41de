"""What is wrong with a certificate's files is said in one sentence that names the setting and the file."""

import base64
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from confserver.errors import ConfigError
from confserver.tls.certificate import PemFiles, load_certificate
from tests.confserver.tls.authority import TestAuthority, elliptic_key, key_pem, rsa_key


@pytest.fixture
def files(tmp_path: Path) -> PemFiles:
    """A good pair, for a test to spoil."""
    return TestAuthority().issue(tmp_path)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> PemFiles:
    """A good pair that stays so."""
    return TestAuthority().issue(tmp_path_factory.mktemp("good"))


def refusal(files: PemFiles) -> str:
    """The one sentence with which these files are refused."""
    with pytest.raises(ConfigError) as refused:
        load_certificate(files)
    sentence = str(refused.value)
    assert re.fullmatch(r"[^\n]+[^.]\.", sentence)
    assert "PRIVATE KEY" not in sentence
    return sentence


def test_good_files_are_taken_apart_and_in_one(files: PemFiles, tmp_path: Path) -> None:
    apart = load_certificate(files)
    assert apart.names == {"localhost"}
    assert not apart.is_self_signed
    assert re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", apart.fingerprint)
    both = tmp_path / "both.pem"
    both.write_bytes(files.key.read_bytes() + files.certificate.read_bytes())
    assert load_certificate(PemFiles(both, both)).fingerprint == apart.fingerprint


def test_a_missing_or_unreadable_file_is_named(files: PemFiles, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.pem"
    assert refusal(PemFiles(nowhere, files.key)) == (
        f"tls.certificate = '{nowhere}': the file cannot be read: no such file or directory."
    )
    assert refusal(PemFiles(files.certificate, nowhere)).startswith(f"tls.key = '{nowhere}': the file cannot be read: ")
    assert refusal(PemFiles(tmp_path, files.key)).endswith(": is a directory.")


def test_what_is_not_pem_is_named(files: PemFiles, tmp_path: Path) -> None:
    for junk in (b"", b"\x00\xff" * 50, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        spoilt = tmp_path / "spoilt.pem"
        spoilt.write_bytes(junk)
        assert refusal(PemFiles(spoilt, files.key)) == (
            f"tls.certificate = '{spoilt}': there is no valid certificate in PEM form in it."
        )
        assert refusal(PemFiles(files.certificate, spoilt)) == (
            f"tls.key = '{spoilt}': there is no valid private key in PEM form in it."
        )


def test_a_certificate_without_its_key_beside_it_is_told_where_the_key_was_looked_for(files: PemFiles) -> None:
    assert refusal(PemFiles(files.certificate, files.certificate)) == (
        f"tls.certificate = '{files.certificate}' (without tls.key): there is no valid private key in PEM form in it."
    )


def test_the_key_of_another_certificate_is_refused(files: PemFiles) -> None:
    for other in (elliptic_key(), rsa_key()):
        files.key.write_bytes(key_pem(other))
        assert refusal(files) == (
            f"tls.key = '{files.key}': this key does not belong to the first certificate of tls.certificate."
        )


def test_a_key_with_a_passphrase_is_refused(files: PemFiles) -> None:
    files.key.write_bytes(key_pem(elliptic_key(), b"secret"))
    assert refusal(files) == (f"tls.key = '{files.key}': the key is encrypted; it must be one without a passphrase.")


def test_a_serial_number_that_is_none_is_no_matter_for_us(good: PemFiles) -> None:
    leaf = x509.load_pem_x509_certificate(good.certificate.read_bytes())
    serial = leaf.serial_number.to_bytes(20, "big").lstrip(b"\0")
    der = leaf.public_bytes(Encoding.DER)
    negative = good.certificate.with_name("negative.pem")
    body = base64.encodebytes(der.replace(serial, bytes([serial[0] | 0x80]) + serial[1:], 1))
    negative.write_bytes(b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n")
    assert load_certificate(PemFiles(negative, good.key)).ends_at


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_in_the_files_nothing_but_a_sentence_comes_of_it(good: PemFiles, data: st.DataObject) -> None:
    spoilt = PemFiles(good.certificate.with_name("spoilt.pem"), good.key.with_name("spoilt.key"))
    for sound, unsound in ((good.certificate, spoilt.certificate), (good.key, spoilt.key)):
        content = bytearray(sound.read_bytes())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=3)):
            content[place] = data.draw(st.integers(0, 255))
        unsound.write_bytes(content)
    try:
        certificate = load_certificate(spoilt)
    except ConfigError:
        return
    assert certificate.ends_at
