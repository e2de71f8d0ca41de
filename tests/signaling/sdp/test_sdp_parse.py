"""Parsing and rendering: nothing is lost, nothing but SdpError escapes, errors name the line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.capabilities import Capabilities
from mixer.params import Purpose
from signaling.sdp.attributes import Direction, Setup
from signaling.sdp.errors import SdpError
from signaling.sdp.model import SessionDescription
from signaling.sdp.negotiate import answer
from signaling.sdp.parse import MAX_CHARACTERS, parse
from signaling.sdp.render import render
from tests.signaling.sdp.captures import LOCAL, NAMES, OFFERS, capture

TELEPHONE = """v=0
o=jdoe 2890844526 2890842807 IN IP4 10.47.16.5
s=
c=IN IP4 224.2.17.12/127
t=2873397496 2873404696
m=audio 49170 RTP/SAVP 0 8 18 101
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4
a=ptime:20
a=sendonly
m=video 51372/2 RTP/AVP 99
a=rtpmap:99 h263-1998/90000
"""


def views(description: SessionDescription) -> None:
    """Look at everything there is to see."""
    _ = (description.groups, description.bundle, description.fingerprints, description.direction)
    for media in description.media:
        _ = (media.formats, media.extmaps, media.ssrc_pairs, media.msids, media.rids, media.simulcast, media.candidates)
        _ = (media.mid, media.is_bundle_only, media.values("crypto"))
        _ = (description.direction_of(media), description.setup_of(media), description.fingerprints_of(media))


@pytest.mark.parametrize("name", NAMES)
def test_a_capture_survives_byte_for_byte(name: str) -> None:
    description = parse(capture(name))
    views(description)
    assert render(description) == capture(name)
    assert render(parse(capture(name).replace("\r\n", "\n"))) == capture(name)


def test_a_telephone_is_understood() -> None:
    description = parse(TELEPHONE)
    audio, video = description.media
    assert [(entry.name, entry.clock_rate) for entry in audio.formats] == [
        ("PCMU", 8000),
        ("PCMA", 8000),
        ("G729", 8000),
        ("telephone-event", 8000),
    ]
    assert audio.formats[-1].parameters == (("0-15", ""),)
    assert audio.values("crypto")[0].startswith("1 AES_CM_128_HMAC_SHA1_80 inline:")
    assert description.direction_of(audio) is Direction.SENDONLY
    assert description.direction_of(video) is Direction.SENDRECV
    assert render(description) == TELEPHONE.replace("\n", "\r\n")


def test_what_a_browser_says_is_seen() -> None:
    firefox = parse(capture("firefox-av-simulcast"))
    video = firefox.media[1]
    assert firefox.bundle == ("0", "1")
    assert firefox.setup_of(video) is Setup.ACTPASS
    assert firefox.fingerprints_of(video)[0].value.startswith("FB:79:8E")
    assert firefox.value_of(video, "ice-ufrag") == "f85f0f41"
    assert [(extmap.id, extmap.direction) for extmap in video.extmaps if "stream-id" in extmap.uri] == [
        (9, Direction.SENDONLY),
        (10, Direction.SENDONLY),
    ]
    assert video.ssrc_pairs[0] == (2399662613, 3894659405)
    assert [layer[0].rid for layer in video.simulcast.sent] == ["q", "h", "f"] if video.simulcast else False
    assert video.candidates[0].address == "10.77.0.1"
    assert video.formats[0].feedback == ("nack", "nack pli", "ccm fir", "goog-remb", "transport-cc")
    assert video.formats[1].retransmits == 120


def test_a_format_counts_once_however_often_it_is_written() -> None:
    offer = capture("chromium-audio-red").replace("SAVPF 111 63", "SAVPF 111 63 63 111")
    assert [entry.payload_type for entry in parse(offer).media[0].formats] == [111, 63]


def test_feedback_of_all_formats_belongs_to_each() -> None:
    offer = capture("chromium-audio-red").replace("a=rtcp-fb:111 transport-cc", "a=rtcp-fb:* nack")
    assert [entry.feedback for entry in parse(offer).media[0].formats] == [("nack",), ("nack",)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: not of the form <letter>=<value>"),
        ("o=x\r\n", "line 1: a description starts with v=0"),
        ("v=1\r\no=x\r\n", "line 1: a description starts with v=0"),
        ("v=0\r\ns=-\r\n", "there is no o= line"),
        ("v=0\r\no=-\r\n\r\ns=-\r\n", "line 3: not of the form <letter>=<value>"),
        ("v=0\r\no=-\r\nhello\r\n", "line 3: not of the form <letter>=<value>"),
        ("v=0\r\no=-\r\nm=audio\r\n", "line 3: m= is malformed"),
        ("v=0\r\no=-\r\nm=audio 70000 RTP/AVP 0\r\n", "line 3: m= is malformed (70000 is not within 0..65535)"),
        ("v=0\r\no=-\r\nm=audio 9 RTP/AVP\r\n", "line 3: m= is malformed (no format)"),
        ("v=0\r\no=-\r\nm=audio 9 RTP/AVP 0\r\nv=0\r\n", "line 4: v= does not belong here"),
        ("v=0\r\no=-\r\na=x\0y\r\n", "line 3: a control character"),
        ("v=0\r\no=-\r\na=" + "x" * 5000, "line 3: longer than 4096 characters"),
        ("v=0\r\no=-\r\n" + "m=audio 9 RTP/AVP 0\r\n" * 65, "line 67: more than 64 m-lines"),
        ("v=0\r\no=-\r\n" + "a=x\r\n" * 20_000, "line 4097: more than 4096 lines"),
        ("v=0\r\n" * MAX_CHARACTERS, "longer than 262144 characters"),
    ],
)
def test_what_is_wrong_is_named(text: str, sentence: str) -> None:
    with pytest.raises(SdpError) as caught:
        parse(text)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "line",
    [
        "a=rtpmap:one opus/48000/2",
        "a=rtpmap:111 opus",
        "a=rtcp-fb:x nack",
        "a=extmap:0 urn:x",
        "a=extmap:1/sideways urn:x",
        "a=ssrc:99999999999 cname:x",
        "a=ssrc-group:FID one two",
        "a=rid:q sideways",
        "a=simulcast:q;h;f",
        "a=simulcast:send q send h",
        "a=simulcast:send " + ";".join("q" * 33),
        "a=candidate:1 1 udp",
        "a=fingerprint:sha-256 AB:CD",
        "a=setup:sideways",
        "a=msid:",
    ],
)
def test_a_malformed_attribute_is_named_by_whoever_looks_at_it(line: str) -> None:
    text = capture("chromium-audio") + line + "\r\n"
    with pytest.raises(SdpError) as caught:
        views(parse(text.replace("a=setup:actpass\r\n", "") if "setup" in line else text))
    name = line.partition(":")[0]
    assert f"{name} is malformed" in str(caught.value)
    assert caught.value.line_number


def test_a_stream_may_have_alternatives_and_pauses() -> None:
    text = capture("chromium-av-simulcast").replace("send q;h;f", "send q,x;~h;f")
    simulcast = parse(text).media[1].simulcast
    assert simulcast is not None
    assert [[(layer.rid, layer.is_paused) for layer in stream] for stream in simulcast.sent] == [
        [("q", False), ("x", False)],
        [("h", True)],
        [("f", False)],
    ]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        views(parse("v=0\no=-\nm=audio 9 RTP/AVP 0\n" + text))
    except SdpError:
        return


@settings(deadline=None)
@given(st.sampled_from(OFFERS), st.data())
def test_a_damaged_offer_is_answered_or_refused(name: str, data: st.DataObject) -> None:
    lines = capture(name).split("\r\n")
    index = data.draw(st.integers(0, len(lines) - 1))
    damage = data.draw(st.sampled_from(["drop", "double", "cut", "text"]))
    line = lines[index]
    lines[index : index + 1] = {
        "drop": [],
        "double": [line, line],
        "cut": [line[: len(line) // 2]],
        "text": [line[:6] + data.draw(st.text(max_size=8))],
    }[damage]
    try:
        offer = parse("\r\n".join(lines))
        answer(offer, {"0": Purpose.AUDIO, "1": Purpose.CAMERA}, LOCAL, Capabilities(), iter(range(1, 100)).__next__)
    except SdpError:
        return
