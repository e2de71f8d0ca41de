"""How long an Opus packet sounds, told from its first bytes.

It decodes nothing and does not check the frames inside. RFC 6716 section 3.1.
"""

MAX_SAMPLES = 5_760
"""120 ms, the longest packet."""

_SILK_SAMPLES = (480, 960, 1920, 2880)
_HYBRID_SAMPLES = (480, 960)
_CELT_SAMPLES = (120, 240, 480, 960)

FRAME_SAMPLES_OF_CONFIG = _SILK_SAMPLES * 3 + _HYBRID_SAMPLES * 2 + _CELT_SAMPLES * 4
"""Samples at 48 kHz of one frame for each of the 32 configurations."""


def packet_samples(payload: bytes) -> int:
    """Samples at 48 kHz in `payload`; 0 if no decoder could make sense of it."""
    if not payload:
        return 0
    samples = _frame_count(payload) * FRAME_SAMPLES_OF_CONFIG[payload[0] >> 3]
    return samples if samples <= MAX_SAMPLES else 0


def _frame_count(payload: bytes) -> int:
    code = payload[0] & 3
    if code < 3:
        return 1 if code == 0 else 2
    return payload[1] & 63 if len(payload) > 1 else 0
