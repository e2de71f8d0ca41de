"""A real peer connection reads what we write: aiortc answers our offer and accepts our answer."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from mixer.capabilities import Capabilities
from mixer.params import Purpose
from signaling.sdp.errors import SdpError
from signaling.sdp.offer import accept_answer, offer
from signaling.sdp.parse import parse
from tests.signaling.sdp.captures import LOCAL, answer_to, capture

PHONE = Capabilities(audio_codecs=("opus", "g722", "pcmu", "pcma"))


@pytest.fixture
async def peer() -> AsyncIterator[RTCPeerConnection]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    yield connection
    await connection.close()
    # Nobody is at the other end, and closing leaves the attempts to connect running.
    attempts = [task for task in asyncio.all_tasks() if "RTCPeerConnection" in repr(task.get_coro())]
    for attempt in attempts:
        attempt.cancel()
    await asyncio.gather(*attempts, return_exceptions=True)


async def test_aiortc_accepts_our_answer(peer: RTCPeerConnection) -> None:
    purposes = [Purpose.AUDIO, Purpose.CAMERA, Purpose.SCREEN, Purpose.SLOT, Purpose.SLOT]
    peer.addTransceiver("audio")
    for purpose in purposes[1:]:
        peer.addTransceiver("video", direction="recvonly" if purpose is Purpose.SLOT else "sendonly")
    await peer.setLocalDescription(await peer.createOffer())
    negotiated = answer_to(peer.localDescription.sdp, {str(mid): purpose for mid, purpose in enumerate(purposes)})
    assert [line.purpose for line in negotiated.lines] == purposes
    await peer.setRemoteDescription(RTCSessionDescription(negotiated.sdp, "answer"))
    assert [transceiver.currentDirection for transceiver in peer.getTransceivers()] == [
        "sendrecv",
        "sendonly",
        "sendonly",
        "recvonly",
        "recvonly",
    ]


async def test_aiortc_answers_our_offer(peer: RTCPeerConnection) -> None:
    counter = itertools.count(1000)
    offered = offer([Purpose.AUDIO, Purpose.CAMERA, Purpose.SLOT], LOCAL, PHONE, counter.__next__)
    peer.addTransceiver("audio")
    peer.addTransceiver("video")
    await peer.setRemoteDescription(RTCSessionDescription(offered.sdp, "offer"))
    await peer.setLocalDescription(await peer.createAnswer())
    negotiated = accept_answer(offered, parse(peer.localDescription.sdp))
    assert [(line.codec.name, line.receives, line.sends, line.ssrc) for line in negotiated.lines] == [
        ("opus", True, True, 1000),
        ("vp8", True, False, None),
        ("vp8", False, True, 1001),
    ]
    assert negotiated.lines[1].remote_ssrcs[0][1] is not None
    assert negotiated.lines[2].rtx_ssrc == 1002
    assert negotiated.transport.remote_ufrag


@pytest.mark.parametrize("name", ["chromium-answer-to-aiortc", "firefox-answer-to-aiortc"])
def test_an_answer_narrows_our_offer(name: str) -> None:
    offered = offer([Purpose.AUDIO, Purpose.CAMERA], LOCAL, PHONE, itertools.count(1).__next__)
    # These browsers answered somebody else: put their payload types and extension ids where ours are.
    renumbered = (
        capture(name)
        .replace("SAVPF 96 9 0 8", "SAVPF 111 0")
        .replace(":96 opus", ":111 opus")
        .replace("SAVPF 97 98", "SAVPF 96 97")
        .replace(":97 VP8", ":96 VP8")
    )
    negotiated = accept_answer(offered, parse(renumbered))
    assert [(line.mid, line.codec.name, line.receives) for line in negotiated.lines] == [
        ("0", "opus", True),
        ("1", "vp8", True),
    ]
    assert negotiated.lines[0].extensions.mid == 1
    assert negotiated.lines[0].extensions.transport_cc is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("a=setup:active", "a=setup:passive", "the peer has to start the DTLS handshake"),
        ("SAVPF 96 9 0 8", "SAVPF 77", "without one of its payload types"),
        ("41093 UDP", "0 UDP", "the answer rejects every m-line"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(old: str, new: str, sentence: str) -> None:
    offered = offer([Purpose.AUDIO, Purpose.CAMERA], LOCAL, PHONE, itertools.count(1).__next__)
    text = capture("firefox-answer-to-aiortc").replace("a=group:BUNDLE 0 1\r\n", "").replace(old, new)
    with pytest.raises(SdpError, match=sentence):
        accept_answer(offered, parse(text))


def test_an_answer_has_as_many_lines_as_the_offer() -> None:
    offered = offer([Purpose.AUDIO], LOCAL, PHONE, itertools.count(1).__next__)
    with pytest.raises(SdpError, match="the answer has 2 m-lines, the offer 1"):
        accept_answer(offered, parse(capture("firefox-answer-to-aiortc")))
