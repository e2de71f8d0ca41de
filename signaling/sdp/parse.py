"""Text to a session description: strict about form, tolerant of what ordinary telephones and browsers write.

Accepts LF for CRLF, a missing last line end, an empty `s=` and lines out of the order that the RFC prescribes. The
values of attributes are looked at by the views of `model`, not here.

RFC 8866 section 5 and 9.
"""

from itertools import pairwise

from signaling.sdp.errors import SdpError
from signaling.sdp.model import Line, MediaDescription, SessionDescription

MAX_CHARACTERS = 256 * 1024
MAX_LINES = 4 * 1024
MAX_LINE_CHARACTERS = 4096
MAX_MEDIA = 64

SESSION_KINDS = frozenset("vosiuepcbtrzka")
MEDIA_KINDS = frozenset("micbka")


def parse(text: str) -> SessionDescription:
    """The description that `text` is. Raises SdpError."""
    if len(text) > MAX_CHARACTERS:
        raise SdpError(f"longer than {MAX_CHARACTERS} characters")
    lines = _lines(text)
    if (lines[0].kind, lines[0].value) != ("v", "0"):
        raise SdpError("a description starts with v=0", 1)
    starts = [index for index, line in enumerate(lines) if line.kind == "m"]
    if len(starts) > MAX_MEDIA:
        raise SdpError(f"more than {MAX_MEDIA} m-lines", lines[starts[MAX_MEDIA]].number)
    bounds = [*starts, len(lines)]
    media = tuple(_media(lines[start:end]) for start, end in pairwise(bounds))
    session = lines[: bounds[0]]
    _check_kinds(session, SESSION_KINDS)
    if not any(line.kind == "o" for line in session):
        raise SdpError("there is no o= line")
    return SessionDescription(session, media)


def _lines(text: str) -> tuple[Line, ...]:
    rows = text.rstrip("\r\n").split("\n", MAX_LINES)
    if len(rows) > MAX_LINES:
        raise SdpError(f"more than {MAX_LINES} lines", MAX_LINES + 1)
    return tuple(_line(row.removesuffix("\r"), number) for number, row in enumerate(rows, 1))


def _line(row: str, number: int) -> Line:
    if row[1:2] != "=" or not row[0].islower():
        raise SdpError("not of the form <letter>=<value>", number)
    if len(row) > MAX_LINE_CHARACTERS:
        raise SdpError(f"longer than {MAX_LINE_CHARACTERS} characters", number)
    if "\r" in row or "\0" in row:
        raise SdpError("a control character", number)
    return Line(row[0], row[2:], number)


def _media(lines: tuple[Line, ...]) -> MediaDescription:
    _check_kinds(lines, MEDIA_KINDS)
    media = MediaDescription(lines)
    _ = media.head  # a malformed m= line is an error of the whole description, not of whoever looks at it first
    return media


def _check_kinds(lines: tuple[Line, ...], kinds: frozenset[str]) -> None:
    for line in lines:
        if line.kind not in kinds:
            raise SdpError(f"{line.kind}= does not belong here", line.number)
