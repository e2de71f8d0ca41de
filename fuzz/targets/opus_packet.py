"""How long an Opus packet sounds (`mixer.audio.opus_packet`): at most 120 ms, whatever it contains."""

from collections.abc import Iterator

from mixer.audio.opus_packet import MAX_SAMPLES, packet_samples

MAX_BYTES = 64


def target(data: bytes) -> None:
    """No error, and a multiple of the shortest frame."""
    samples = packet_samples(data)
    assert 0 <= samples <= MAX_SAMPLES
    assert samples % 120 == 0


def seeds() -> Iterator[bytes]:
    """One of each frame count code."""
    yield from (bytes((0xF8 | code, 0x42, 1, 2)) for code in range(4))
