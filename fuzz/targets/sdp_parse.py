"""Session descriptions (`signaling.sdp.parse`, `model`): a description that renders as it was read, or SdpError."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from signaling.sdp.errors import SdpError
from signaling.sdp.model import MediaDescription, SessionDescription
from signaling.sdp.parse import MAX_CHARACTERS, MAX_LINES, MAX_MEDIA, parse
from signaling.sdp.render import render
from tests.signaling.sdp.captures import NAMES, capture

MAX_BYTES = MAX_CHARACTERS

SESSION_VIEWS: tuple[Callable[[SessionDescription], object], ...] = (
    lambda session: session.bundle,
    lambda session: session.fingerprints,
    lambda session: session.setup,
    lambda session: session.extmaps,
)
MEDIA_VIEWS: tuple[Callable[[MediaDescription], object], ...] = (
    lambda media: media.formats,
    lambda media: media.extmaps,
    lambda media: media.ssrc_pairs,
    lambda media: media.msids,
    lambda media: media.rids,
    lambda media: media.simulcast,
    lambda media: media.candidates,
    lambda media: media.fingerprints,
    lambda media: media.setup,
    lambda media: (media.mid, media.direction, media.is_bundle_only),
)


def target(data: bytes) -> None:
    """Everything can be looked at; what was parsed is rendered, and parsed as the same."""
    text = data.decode(errors="replace")
    try:
        description = parse(text)
    except SdpError:
        return
    assert parse(render(description)) == description
    for look in SESSION_VIEWS:
        with suppress(SdpError):
            look(description)
    for media in description.media:
        _look_at(media)


def _look_at(media: MediaDescription) -> None:
    for look in MEDIA_VIEWS:
        with suppress(SdpError):
            look(media)
    with suppress(SdpError):
        assert all(0 <= entry.payload_type <= 127 and entry.clock_rate > 0 for entry in media.formats)
    with suppress(SdpError):
        assert all(0 <= ssrc < 2**32 for pair in media.ssrc_pairs for ssrc in pair if ssrc is not None)


def seeds() -> Iterator[bytes]:
    """What real browsers wrote, and texts that once took seconds."""
    yield from (capture(name).encode() for name in NAMES)
    yield from LONG


def _long(session: str, section: str) -> bytes:
    """A description of as many sections as go into the longest text."""
    head = f"v=0\r\no=-\r\n{session}"
    return (head + section * min(MAX_MEDIA, (MAX_CHARACTERS - len(head)) // len(section))).encode()


HEAD = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
LONG = (
    _long("a=group:BUNDLE 0\r\n" * (MAX_LINES - 2 * MAX_MEDIA - 2), HEAD + "a=mid:0\r\n"),
    _long("", HEAD[:-2] + " 96" * 1300 + "\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 " + "a;" * 2000 + "\r\n"),
    _long("", HEAD + "a=simulcast:send " + "a;" * 2000 + "\r\n"),
    _long("", HEAD + "a=rtcp-fb:* nack\r\n" * (MAX_LINES // MAX_MEDIA - 2)),
    _long("", HEAD + "".join(f"a=ssrc-group:FID {ssrc} {ssrc + 1}\r\n" for ssrc in range(MAX_LINES - 5))),
)
