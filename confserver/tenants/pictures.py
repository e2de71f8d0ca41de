"""Which pictures a page may show that somebody uploaded: told by their first bytes, never by their name or header.

Bitmaps only: a picture that is a document, such as SVG, could bring script along.
"""

MOST_BYTES = 256 * 1024


def type_of(picture: bytes) -> str | None:
    """`image/png`, `image/jpeg` or `image/webp`; None for anything else."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    return None
