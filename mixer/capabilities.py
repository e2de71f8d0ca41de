"""What the media plane can do, for those who negotiate on its behalf. Values only."""

from dataclasses import dataclass

MAX_CELLS = 9
GENERATIONS = 8
"""How many generations of a slot are told apart by the low bits of its RTP timestamps."""

URI_MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
URI_RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
URI_REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
URI_AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
URI_TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Codecs by name (lower case), most wanted first, and what the Opus answer asks for."""

    audio_codecs: tuple[str, ...] = ("opus",)
    video_codecs: tuple[str, ...] = ("vp8",)
    opus_parameters: tuple[tuple[str, str], ...] = (("minptime", "10"), ("useinbandfec", "1"), ("usedtx", "1"))
