"""Re-offers: when ICE is restarted, what changes in the answer and what stays."""

import itertools
from dataclasses import replace

import pytest

from mixer.capabilities import Capabilities
from signaling.sdp.errors import SdpError
from signaling.sdp.negotiate import Negotiated, answer
from signaling.sdp.parse import parse
from tests.signaling.sdp.captures import LOCAL, OFFERS, capture, publishing, sections

FRESH = replace(LOCAL, ufrag="freshufrag", pwd="freshpasswordlongenough", cname="never used", session_id=1)
OF_ICE = ("a=ice-ufrag", "a=ice-pwd")


def negotiate(text: str, purposes_of: str, previous: Negotiated | None = None) -> Negotiated:
    """The answer, for which fresh credentials lie ready if it is one to a re-offer."""
    ssrcs = itertools.count(2000 if previous else 1000)
    fresh = FRESH if previous else LOCAL
    return answer(parse(text), publishing(purposes_of), fresh, Capabilities(), ssrcs.__next__, previous)


def changed(text: str, *attributes: str) -> str:
    """The offer with other values of these attributes, on every m-line."""
    lines = text.splitlines(keepends=True)
    return "".join(f"{line.rstrip()}new\r\n" if line.startswith(attributes) else line for line in lines)


def without_version_and(text: str, attributes: tuple[str, ...]) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(("o=", *attributes))]


@pytest.mark.parametrize("name", OFFERS)
def test_a_re_offer_with_the_same_credentials_is_answered_with_the_same(name: str) -> None:
    text = capture(name)
    first = negotiate(text, text)
    again = negotiate(text, text, first)
    assert (again.local, again.transport, again.lines) == (first.local, first.transport, first.lines)
    assert without_version_and(again.sdp, ()) == without_version_and(first.sdp, ())


@pytest.mark.parametrize("name", OFFERS)
@pytest.mark.parametrize("attributes", [OF_ICE, OF_ICE[:1], OF_ICE[1:]], ids=["both", "ufrag", "pwd"])
def test_a_restart_is_answered_with_fresh_credentials_and_nothing_else_changes(
    name: str, attributes: tuple[str, ...]
) -> None:
    text = capture(name)
    first = negotiate(text, text)
    restarted = negotiate(changed(text, *attributes), text, first)
    assert without_version_and(restarted.sdp, OF_ICE) == without_version_and(first.sdp, OF_ICE)
    assert restarted.lines == first.lines
    served = [media for media in sections(restarted) if media.head.port]
    assert {(media.value("ice-ufrag"), media.value("ice-pwd")) for media in served} == {(FRESH.ufrag, FRESH.pwd)}
    assert served[0].candidates
    assert restarted.transport.local_ufrag == FRESH.ufrag
    assert restarted.transport.remote_fingerprints == first.transport.remote_fingerprints
    assert (restarted.transport.remote_ufrag, restarted.transport.remote_pwd) != (
        first.transport.remote_ufrag,
        first.transport.remote_pwd,
    )


def test_after_a_restart_its_credentials_are_those_that_stay() -> None:
    text = capture("chromium-av")
    restart = changed(text, *OF_ICE)
    restarted = negotiate(restart, text, negotiate(text, text))
    assert negotiate(restart, text, restarted).transport == restarted.transport
    older = replace(restarted, local=LOCAL)
    assert negotiate(restart, text, older).local == LOCAL
    assert negotiate(changed(restart, *OF_ICE), text, older).transport.local_ufrag == FRESH.ufrag


@pytest.mark.parametrize("name", OFFERS)
def test_another_certificate_is_another_peer_connection(name: str) -> None:
    text = capture(name)
    first = negotiate(text, text)
    digest = first.transport.remote_fingerprints[0].value
    for offer in (text, changed(text, *OF_ICE)):
        with pytest.raises(SdpError, match="new: true"):
            negotiate(offer.replace(digest, ":".join(["CD"] * 32)), text, first)
