"""The answer to what real browsers offer, line by line."""

import pytest

from mixer.params import HeaderExtensions, Purpose
from signaling.sdp.attributes import Direction, Setup
from signaling.sdp.errors import SdpError
from signaling.sdp.parse import parse
from tests.signaling.sdp.captures import LOCAL, OFFERS, answer_to, capture, publishing, sections, texts


def without(name: str, *starts: str) -> str:
    """A capture without the lines that start so."""
    return "".join(line for line in capture(name).splitlines(keepends=True) if not line.startswith(starts))


@pytest.mark.parametrize("name", OFFERS)
def test_every_offer_gets_an_answer_of_its_shape(name: str) -> None:
    text = capture(name)
    offer, negotiated = parse(text), answer_to(text, publishing(text))
    reply = parse(negotiated.sdp)
    assert [media.head.kind for media in reply.media] == [media.head.kind for media in offer.media]
    assert [media.mid for media in reply.media] == [media.mid for media in offer.media]
    assert reply.has("ice-lite")
    assert list(reply.bundle) == [line.mid for line in negotiated.lines]
    for ours, theirs in zip(reply.media, offer.media, strict=True):
        if ours.head.port:
            assert {entry.payload_type for entry in ours.formats} <= {entry.payload_type for entry in theirs.formats}
            assert {extmap.id for extmap in ours.extmaps} <= {extmap.id for extmap in theirs.extmaps}
            assert reply.setup_of(ours) is Setup.PASSIVE
            assert ours.value("ice-ufrag") == LOCAL.ufrag
            assert reply.fingerprints_of(ours) == LOCAL.fingerprints


def test_a_codec_of_another_clock_rate_is_another_codec() -> None:
    text = capture("chromium-av-simulcast").replace("opus/48000/2", "opus/1/2")
    assert [line.codec.name for line in answer_to(text, publishing(text)).lines] == ["vp8"]


@pytest.mark.parametrize("name", OFFERS)
def test_only_the_first_line_says_where_to_send(name: str) -> None:
    text = capture(name)
    first, *others = sections(answer_to(text, publishing(text)))
    assert first.head.port == 10000
    assert [(candidate.address, candidate.port) for candidate in first.candidates] == list(LOCAL.candidates)
    assert first.candidates[0].priority > first.candidates[1].priority
    assert first.has("end-of-candidates")
    assert all(media.head.port in (0, 9) and not media.candidates for media in others)


def test_the_microphone_line_carries_the_mix_back() -> None:
    negotiated = answer_to(capture("chromium-av-simulcast"), {"0": Purpose.AUDIO, "1": Purpose.CAMERA})
    audio = sections(negotiated)[0]
    assert audio.head.formats == ("111",)  # no RED, no telephone events
    assert audio.direction is Direction.SENDRECV
    assert "fmtp:111 minptime=10;useinbandfec=1;usedtx=1" in texts(audio)
    assert "ssrc:1000 cname:ourcname" in texts(audio)
    assert audio.msids
    line = negotiated.lines[0]
    assert (line.receives, line.sends, line.ssrc, line.rtx_ssrc) == (True, True, 1000, None)
    assert line.extensions == HeaderExtensions(mid=4, transport_cc=3, audio_level=1)
    assert line.remote_ssrcs == ((480769316, None),)
    assert not line.has_transport_cc


def test_a_simulcast_camera_is_answered_as_one() -> None:
    negotiated = answer_to(capture("chromium-av-simulcast"), {"0": Purpose.AUDIO, "1": Purpose.CAMERA})
    camera, line = sections(negotiated)[1], negotiated.lines[1]
    assert camera.direction is Direction.RECVONLY
    assert camera.head.formats == ("96", "97")
    assert camera.formats[0].feedback == ("nack", "nack pli", "ccm fir", "transport-cc")
    assert [f"rid:{rid} recv" in texts(camera) for rid in "qhf"] == [True] * 3
    assert "simulcast:recv q;h;f" in texts(camera)
    assert not camera.ssrc_pairs
    assert line.extensions == HeaderExtensions(mid=4, rid=10, repaired_rid=11, transport_cc=3)
    assert line.rids == ("q", "h", "f")
    assert (line.codec.name, line.codec.payload_type, line.codec.rtx_payload_type) == ("vp8", 96, 97)
    assert (line.has_nack, line.has_transport_cc, line.ssrc) == (True, True, None)


def test_firefox_learns_that_we_only_receive_stream_ids() -> None:
    negotiated = answer_to(capture("firefox-av-simulcast"), {"0": Purpose.AUDIO, "1": Purpose.CAMERA})
    camera = sections(negotiated)[1]
    assert "extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" in texts(camera)
    assert "extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid" in texts(camera)
    assert camera.head.formats == ("120", "124")
    assert negotiated.lines[1].remote_ssrcs[2] == (4113055069, 4235478032)


def test_a_screen_without_layers_has_no_stream_ids() -> None:
    negotiated = answer_to(capture("chromium-screenshare-audio"), {"0": Purpose.SCREEN_AUDIO, "1": Purpose.SCREEN})
    sound, screen = sections(negotiated)
    assert sound.direction is screen.direction is Direction.RECVONLY
    assert negotiated.lines[1].extensions == HeaderExtensions(mid=4, transport_cc=3)
    assert not screen.simulcast
    assert negotiated.lines[0].ssrc is None


@pytest.mark.parametrize(
    ("name", "payload_types"), [("chromium-av-recvonly", (96, 97)), ("firefox-av-recvonly", (120, 124))]
)
def test_a_slot_announces_its_streams(name: str, payload_types: tuple[int, int]) -> None:
    negotiated = answer_to(capture(name), {"0": Purpose.AUDIO, "1": Purpose.SLOT})
    slot, line = sections(negotiated)[1], negotiated.lines[1]
    assert slot.direction is Direction.SENDONLY
    assert slot.formats[0].feedback == ("nack", "nack pli", "ccm fir")
    assert slot.ssrc_pairs == ((1001, 1002),)
    assert [msid.stream_id for msid in slot.msids] == ["line-1"]
    assert (line.codec.payload_type, line.codec.rtx_payload_type) == payload_types
    assert (line.receives, line.sends, line.ssrc, line.rtx_ssrc, line.remote_ssrcs) == (False, True, 1001, 1002, ())
    assert line.extensions.transport_cc is None
    assert line.extensions.mid is not None


def test_the_transport_is_what_the_offer_says() -> None:
    transport = answer_to(capture("firefox-av"), {"0": Purpose.AUDIO}).transport
    assert (transport.local_ufrag, transport.local_pwd) == (LOCAL.ufrag, LOCAL.pwd)
    assert (transport.remote_ufrag, transport.remote_pwd) == (
        parse(capture("firefox-av")).media[0].value("ice-ufrag"),
        parse(capture("firefox-av")).media[0].value("ice-pwd"),
    )
    assert transport.remote_fingerprints[0].algorithm == "sha-256"


def test_what_is_not_known_is_rejected_and_the_rest_served() -> None:
    negotiated = answer_to(capture("chromium-av-datachannel"), {"0": Purpose.AUDIO, "2": Purpose.SLOT})
    audio, video, data = sections(negotiated)
    assert (audio.head.port, video.head.port, data.head.port) == (10000, 0, 0)
    assert data.head.protocol == "UDP/DTLS/SCTP"
    assert parse(negotiated.sdp).bundle == ("0",)
    assert video.direction is Direction.INACTIVE


@pytest.mark.parametrize("purposes", [{}, {"0": Purpose.CAMERA}, {"7": Purpose.AUDIO}])
def test_an_offer_of_nothing_we_can_serve_is_refused(purposes: dict[str, Purpose]) -> None:
    with pytest.raises(SdpError, match="no m-line of the offer can be served"):
        answer_to(capture("chromium-audio"), purposes)


def test_a_codec_we_do_not_have_is_rejected() -> None:
    negotiated = answer_to(capture("chromium-av-simulcast-h264"), {"0": Purpose.AUDIO, "1": Purpose.CAMERA})
    assert [media.head.port for media in sections(negotiated)] == [10000, 0]


def test_when_the_first_line_is_rejected_the_next_leads() -> None:
    negotiated = answer_to(capture("chromium-av"), {"1": Purpose.CAMERA})
    audio, video = sections(negotiated)
    assert audio.head.port == 0
    assert video.head.port == 10000
    assert video.candidates


def test_bundle_only_is_no_rejection_but_a_stopped_line_is() -> None:
    text = capture("firefox-av")
    bundled = text.replace("m=video " + text.split("m=video ")[1].split()[0], "m=video 0")
    bundled = bundled.replace("a=mid:1", "a=bundle-only\r\na=mid:1")
    purposes = {"0": Purpose.AUDIO, "1": Purpose.CAMERA}
    assert len(answer_to(bundled, purposes).lines) == 2
    stopped = bundled.replace("a=bundle-only\r\n", "").replace("BUNDLE 0 1", "BUNDLE 0")
    assert [media.head.port for media in sections(answer_to(stopped, purposes))] == [10000, 0]


def test_what_is_not_bundled_needs_another_transport_and_is_rejected() -> None:
    text = without("chromium-av", "a=group")
    negotiated = answer_to(text, {"0": Purpose.AUDIO, "1": Purpose.CAMERA})
    assert [line.mid for line in negotiated.lines] == ["0"]
    assert not parse(negotiated.sdp).bundle


def test_a_client_that_names_no_lines_is_served_by_their_order() -> None:
    negotiated = answer_to(without("chromium-audio", "a=mid", "a=group"), {"0": Purpose.AUDIO})
    assert negotiated.lines[0].mid == "0"
    assert sections(negotiated)[0].mid is None
    assert parse(negotiated.sdp).bundle == ()


def test_mixed_extension_forms_are_answered_only_when_offered() -> None:
    assert parse(answer_to(capture("chromium-audio"), {"0": Purpose.AUDIO}).sdp).has("extmap-allow-mixed")
    assert parse(answer_to(capture("firefox-audio"), {"0": Purpose.AUDIO}).sdp).has("extmap-allow-mixed")
    plain = without("chromium-audio", "a=extmap-allow-mixed")
    assert not parse(answer_to(plain, {"0": Purpose.AUDIO}).sdp).has("extmap-allow-mixed")


def slots(count: int) -> str:
    """An offer of a microphone and so many slots, made of a captured one."""
    head, audio, video = capture("chromium-av-recvonly").split("m=")
    videos = "".join("m=" + video.replace("a=mid:1", f"a=mid:{mid}") for mid in range(1, count + 1))
    mids = " ".join(str(mid) for mid in range(count + 1))
    return head.replace("BUNDLE 0 1", f"BUNDLE {mids}") + "m=" + audio + videos


def slot_purposes(count: int) -> dict[str, Purpose]:
    return {"0": Purpose.AUDIO} | {str(mid): Purpose.SLOT for mid in range(1, count + 1)}


def test_more_slots_than_cells_are_rejected() -> None:
    negotiated = answer_to(slots(12), slot_purposes(12))
    assert sum(line.purpose is Purpose.SLOT for line in negotiated.lines) == 9
    assert [media.head.port for media in sections(negotiated)][-3:] == [0, 0, 0]


def test_a_purpose_is_served_once() -> None:
    negotiated = answer_to(slots(2), {"0": Purpose.AUDIO, "1": Purpose.SCREEN, "2": Purpose.SCREEN})
    assert [line.mid for line in negotiated.lines] == ["0", "1"]


def test_a_renegotiation_keeps_what_was_there() -> None:
    first = answer_to(slots(2), slot_purposes(2))
    again = answer_to(slots(4), slot_purposes(4), previous=first)
    assert again.lines[:3] == first.lines
    assert [(line.ssrc, line.rtx_ssrc) for line in again.lines[3:]] == [(2000, 2001), (2002, 2003)]
    assert (first.version, again.version) == (1, 2)
    assert "o=- 4711 2 IN IP4" in again.sdp
    assert again.transport == first.transport


def test_a_line_that_is_reused_under_a_new_name_gets_new_streams() -> None:
    first = answer_to(slots(2), slot_purposes(2))
    text = slots(2).replace("a=mid:1", "a=mid:9").replace("BUNDLE 0 1 2", "BUNDLE 0 9 2")
    again = answer_to(text, {"0": Purpose.AUDIO, "9": Purpose.SLOT, "2": Purpose.SLOT}, previous=first)
    assert [line.mid for line in again.lines] == ["0", "9", "2"]
    assert [line.ssrc for line in again.lines] == [first.lines[0].ssrc, 2000, first.lines[2].ssrc]


def test_a_microphone_that_is_held_is_not_received() -> None:
    text = capture("chromium-audio").replace("a=sendrecv", "a=recvonly")
    line = answer_to(text, {"0": Purpose.AUDIO}).lines[0]
    assert (line.receives, line.sends) == (False, True)


def test_an_address_of_ipv6_is_written_as_such() -> None:
    assert "IN IP4 192.0.2.1" in answer_to(capture("chromium-audio"), {"0": Purpose.AUDIO}).sdp


@pytest.mark.parametrize(
    ("removed", "sentence"),
    [
        ("a=ice-ufrag", "there is no a=ice-ufrag with a=ice-pwd; media needs ICE"),
        ("a=ice-pwd", "there is no a=ice-ufrag with a=ice-pwd; media needs ICE"),
        ("a=fingerprint", "there is no a=fingerprint; media needs DTLS"),
        ("a=rtcp-mux", "there is no a=rtcp-mux; RTCP has to share the port of RTP"),
    ],
)
def test_what_is_missing_is_said(removed: str, sentence: str) -> None:
    with pytest.raises(SdpError, match=sentence):
        answer_to(without("chromium-audio", removed), {"0": Purpose.AUDIO})


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("a=setup:actpass", "a=setup:passive", "a=setup:passive cannot be answered"),
        ("a=mid:0", "a=mid:two words", "is not a word of at most 16 characters"),
        ("a=mid:0", "a=mid:" + "x" * 17, "is not a word of at most 16 characters"),
    ],
)
def test_what_cannot_be_answered_is_said(old: str, new: str, sentence: str) -> None:
    purposes = {"0": Purpose.AUDIO, new.partition(":")[2]: Purpose.AUDIO}
    with pytest.raises(SdpError, match=sentence):
        answer_to(capture("chromium-audio").replace(old, new), purposes)


def test_a_name_is_used_once() -> None:
    with pytest.raises(SdpError, match="the mid '0' is used twice"):
        answer_to(capture("chromium-av").replace("a=mid:1", "a=mid:0"), {"0": Purpose.AUDIO})


def test_a_weak_fingerprint_is_not_enough() -> None:
    weak = without("chromium-audio", "a=fingerprint") + "a=fingerprint:sha-1 " + ":".join(["AB"] * 20) + "\r\n"
    with pytest.raises(SdpError, match="sha-256 or better"):
        answer_to(weak, {"0": Purpose.AUDIO})
    both = weak + "a=fingerprint:sha-256 " + ":".join(["cd"] * 32) + "\r\n"
    fingerprints = answer_to(both, {"0": Purpose.AUDIO}).transport.remote_fingerprints
    assert [(entry.algorithm, entry.value[:5]) for entry in fingerprints] == [("sha-256", "CD:CD")]
