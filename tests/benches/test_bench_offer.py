"""A guest's invitation, offer and answer: every line has a purpose, and what is missing is named."""

import pytest

from benches.load.invitation import Invitation
from benches.load.offer import Answer, Credentials, Streams, line_purposes, parse_answer, render_offer

CREDENTIALS = Credentials("user", "a-password-of-some-length", "sha-256 AA:BB")
ANSWER = """v=0\r
a=ice-lite\r
m=audio 10000 UDP/TLS/RTP/SAVPF 111\r
a=candidate:1 1 udp 2130706431 127.0.0.1 10000 typ host\r
a=ice-ufrag:theirs\r
a=ice-pwd:their-password\r
a=fingerprint:sha-256 CC:DD\r
"""


def test_every_line_of_an_offer_is_bundled_and_has_a_purpose() -> None:
    offer = render_offer(CREDENTIALS, Streams("name", 1, 2, 3), slots=2)
    lines = offer.splitlines()
    mids = [line.removeprefix("a=mid:") for line in lines if line.startswith("a=mid:")]
    assert f"a=group:BUNDLE {' '.join(mids)}" in lines
    assert line_purposes(2) == dict(zip(mids, ["audio", "camera", "slot", "slot"], strict=True))


def test_an_answer_tells_where_to_send() -> None:
    assert parse_answer(ANSWER) == Answer(
        Credentials("theirs", "their-password", "sha-256 CC:DD"), ("127.0.0.1", 10000)
    )


def test_what_an_answer_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="no fingerprint"):
        parse_answer(ANSWER.replace("a=fingerprint", "a=other"))


@pytest.mark.parametrize(
    ("url", "invitation"),
    [
        ("https://meet.example/join/KEY#pin=123", Invitation("https://meet.example", "KEY", "123")),
        ("http://127.0.0.1:8080/join/KEY", Invitation("http://127.0.0.1:8080", "KEY", None)),
        ("https://meet.example/below/join/KEY", Invitation("https://meet.example/below", "KEY", None)),
    ],
)
def test_invite_links(url: str, invitation: Invitation) -> None:
    assert Invitation.from_url(url) == invitation


def test_another_link_is_no_invite_link() -> None:
    with pytest.raises(ValueError, match="no invite link"):
        Invitation.from_url("https://meet.example/login")
