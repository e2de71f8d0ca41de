"""STUN messages: the vectors of RFC 5769, what is built is understood, no datagram raises anything but StunError."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.wire.stun import (
    Address,
    ErrorCode,
    Message,
    MessageClass,
    StunError,
    build_error,
    build_request,
    build_success,
    parse,
)

PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt"
TRANSACTION_ID = bytes.fromhex("b7e7a701bc34d686fa87dfae")

# RFC 5769 sections 2.1 - 2.3
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf"
)
RESPONSE_IPV4 = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96"
)
RESPONSE_IPV6 = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c"
)


def check(*, is_nominating: bool = True) -> bytes:
    return build_request(
        TRANSACTION_ID,
        "server:client",
        PASSWORD,
        1845501695,
        controlling=0x0123456789ABCDEF,
        is_nominating=is_nominating,
    )


def with_attribute(message: bytes, attribute: int, value: bytes) -> bytes:
    """The message with one more attribute in front of all others, unsigned and without its fingerprint."""
    padded = value + bytes(-len(value) % 4)
    body = struct.pack("!HH", attribute, len(value)) + padded + message[20:-8]
    return message[:2] + len(body).to_bytes(2, "big") + message[4:20] + body


def test_sample_request() -> None:
    message = parse(REQUEST)
    assert message.message_class is MessageClass.REQUEST
    assert message.transaction_id == TRANSACTION_ID
    assert message.username == "evtj:h6vY"
    assert message.priority == 0x6E0001FF
    assert message.controlled == 0x932FF9B151263B36
    assert message.controlling is None
    assert not message.is_nominating
    assert message.is_signed_with(PASSWORD)
    assert not message.is_signed_with("another")


@pytest.mark.parametrize(
    ("data", "address"),
    [
        (RESPONSE_IPV4, ("192.0.2.1", 32853)),
        (RESPONSE_IPV6, ("2001:db8:1234:5678:11:2233:4455:6677", 32853, 0, 0)),
    ],
    ids=["IPv4", "IPv6"],
)
def test_sample_responses(data: bytes, address: Address) -> None:
    message = parse(data)
    assert message.message_class is MessageClass.SUCCESS
    assert message.mapped_address == address
    assert message.is_signed_with(PASSWORD)
    assert parse(build_success(TRANSACTION_ID, address, PASSWORD)).mapped_address == address


def test_a_built_check_is_understood() -> None:
    message = parse(check())
    assert (message.username, message.priority) == ("server:client", 1845501695)
    assert message.controlling == 0x0123456789ABCDEF
    assert message.is_nominating
    assert not parse(check(is_nominating=False)).is_nominating
    assert message.is_signed_with(PASSWORD)


@pytest.mark.parametrize("code", ErrorCode)
def test_a_built_error_is_understood(code: ErrorCode) -> None:
    data = build_error(TRANSACTION_ID, code, PASSWORD, (0x7FFE,))
    message = parse(data)
    assert message.message_class is MessageClass.ERROR
    assert message.error_code == code
    assert message.is_signed_with(PASSWORD)
    assert code.phrase.encode() in data
    assert b"\x00\x0a\x00\x02\x7f\xfe" in data


def test_what_follows_the_signature_is_not_in_the_message() -> None:
    signed = check(is_nominating=False)[:-8]
    forged = signed + struct.pack("!HH", 0x0025, 0)
    forged = forged[:2] + (len(forged) - 20).to_bytes(2, "big") + forged[4:]
    message = parse(forged)
    assert message.is_signed_with(PASSWORD)
    assert not message.is_nominating


def test_only_the_first_of_equal_attributes_counts() -> None:
    assert parse(with_attribute(check(), 0x0006, b"first")).username == "first"


def test_unknown_attributes_are_named_if_they_must_be_understood() -> None:
    assert parse(with_attribute(check(), 0x7001, b"abcde")).unknown_required == (0x7001,)
    assert parse(with_attribute(check(), 0xC057, b"abcde")).unknown_required == ()


def test_unsigned_is_signed_with_nothing() -> None:
    unsigned = bytes.fromhex("000100002112a442") + TRANSACTION_ID
    assert not parse(unsigned).is_signed_with("")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        REQUEST[:19],
        REQUEST[:-4],
        REQUEST + bytes(4),
        REQUEST[:4] + b"\0" + REQUEST[5:],
        b"\x00\x03" + REQUEST[2:],
        REQUEST[:-1] + b"\0",
        REQUEST[:40] + b"\xff" + REQUEST[41:],
        with_attribute(check(), 0x0006, b"\xff\xfe"),
        with_attribute(check(), 0x0006, b"x" * 600),
        with_attribute(check(), 0x0024, b"12345"),
        with_attribute(check(), 0x0009, b"12"),
        with_attribute(check(), 0x0020, b"\0\x03\0\0abcd"),
        with_attribute(check(), 0x8028, b"1234"),
        with_attribute(check(), 0x8022, bytes(1300)),
        check()[:-8] + b"\x00\x06\xff\xff" + check()[-4:],
        b"\x00\x01\x00\x64" + REQUEST[4:20] + b"\x80\x01\x00\x00" * 25,
    ],
    ids=[
        "empty",
        "half a header",
        "shorter than it says",
        "longer than it says",
        "no cookie",
        "not Binding",
        "wrong fingerprint",
        "changed",
        "username is not UTF-8",
        "username too long",
        "wrong length",
        "short error",
        "unknown family",
        "fingerprint is not last",
        "too long",
        "attribute beyond the end",
        "attributes without end",
    ],
)
def test_what_is_not_stun(data: bytes) -> None:
    with pytest.raises(StunError):
        parse(data)


@given(st.binary(max_size=200))
def test_no_datagram_raises_anything_else(data: bytes) -> None:
    with contextlib.suppress(StunError):
        parse(data)


@given(st.binary(max_size=120).map(lambda body: body[: len(body) & ~3]))
def test_no_attributes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(StunError):
        parse(b"\x00\x01" + len(body).to_bytes(2, "big") + REQUEST[4:20] + body)


@given(st.sampled_from([REQUEST, check()]), st.data())
def test_no_changed_message_passes_for_signed(original: bytes, data: st.DataObject) -> None:
    end_of_signature = len(original) - 8
    at = data.draw(st.integers(0, end_of_signature - 1))
    changed = bytearray(original[:end_of_signature])
    changed[at] ^= data.draw(st.integers(1, 255))
    changed[2:4] = (end_of_signature - 20).to_bytes(2, "big")
    message: Message | None = None
    with contextlib.suppress(StunError):
        message = parse(bytes(changed))
    assert message is None or at in (2, 3) or not message.is_signed_with(PASSWORD)


@given(st.ip_addresses(), st.integers(0, 65535), st.binary(min_size=12, max_size=12))
def test_any_address_comes_back(host: object, port: int, transaction_id: bytes) -> None:
    address: Address = (str(host), port, 0, 0) if ":" in str(host) else (str(host), port)
    assert parse(build_success(transaction_id, address, PASSWORD)).mapped_address == address
