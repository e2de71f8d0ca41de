"""A session description to text, byte for byte what was parsed, with CRLF line ends.

It checks nothing. RFC 8866 section 5.
"""

from signaling.sdp.model import SessionDescription


def render(description: SessionDescription) -> str:
    """The text of a description."""
    sections = (description, *description.media)
    return "".join(f"{line.kind}={line.value}\r\n" for section in sections for line in section.lines)
