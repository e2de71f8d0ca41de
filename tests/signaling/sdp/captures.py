"""Descriptions captured from real browsers, and our side of a transport to answer them with."""

import itertools
from collections.abc import Mapping
from pathlib import Path

from mixer.capabilities import Capabilities
from mixer.params import Fingerprint, Purpose
from signaling.sdp.model import MediaDescription
from signaling.sdp.negotiate import LocalDescription, Negotiated, answer
from signaling.sdp.parse import parse

FOLDER = Path(__file__).parents[2] / "fixtures" / "sdp"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sdp"))
OFFERS = [name for name in NAMES if "answer" not in name]

LOCAL = LocalDescription(
    ufrag="ourufrag",
    pwd="ourpasswordthatislongenough",
    fingerprints=(Fingerprint("sha-256", ":".join(["AB"] * 32)),),
    candidates=(("192.0.2.1", 10000), ("2001:db8::1", 10000)),
    cname="ourcname",
    session_id=4711,
)


def capture(name: str) -> str:
    """The text as captured, line ends included."""
    return (FOLDER / f"{name}.sdp").read_bytes().decode()


def publishing(text: str) -> dict[str, Purpose]:
    """Purposes for an offer of a microphone and a camera or screen."""
    by_kind = {"audio": Purpose.AUDIO, "video": Purpose.CAMERA}
    return {str(media.mid): by_kind[media.head.kind] for media in parse(text).media if media.head.kind in by_kind}


def answer_to(text: str, purposes: Mapping[str, Purpose], previous: Negotiated | None = None) -> Negotiated:
    """Our answer; SSRCs count from 1000, from 2000 when it answers a re-offer."""
    counter = itertools.count(2000 if previous else 1000)
    return answer(parse(text), purposes, LOCAL, Capabilities(), counter.__next__, previous)


def sections(negotiated: Negotiated) -> tuple[MediaDescription, ...]:
    """The m-lines of our answer."""
    return parse(negotiated.sdp).media


def texts(media: MediaDescription) -> list[str]:
    """The attribute lines of an m-line, without `a=`."""
    return [line.value for line in media.lines if line.kind == "a"]
