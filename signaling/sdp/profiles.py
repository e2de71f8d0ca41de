"""What each purpose of an m-line means on the wire: kind, direction, header extensions and feedback.

A table; which of it comes true depends on the other side (`plan`). The feedback of sound is left out on purpose:
transport-wide feedback is sent only while video arrives, and a sender who was promised it for sound waits for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mixer.capabilities import URI_AUDIO_LEVEL, URI_MID, URI_REPAIRED_RID, URI_RID, URI_TRANSPORT_CC
from mixer.params import Purpose

NACK = "nack"
TRANSPORT_CC = "transport-cc"
PICTURE_FEEDBACK = (NACK, "nack pli", "ccm fir")

LAYER_URIS = frozenset({URI_RID, URI_REPAIRED_RID})
"""Of use with simulcast only."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One purpose, seen from us. `extensions` by URI."""

    kind: str
    receives: bool
    sends: bool
    extensions: tuple[str, ...]
    feedback: tuple[str, ...] = ()


SOUND_EXTENSIONS = (URI_MID, URI_TRANSPORT_CC, URI_AUDIO_LEVEL)
PICTURE_EXTENSIONS = (URI_MID, URI_RID, URI_REPAIRED_RID, URI_TRANSPORT_CC)
PUBLISHED_PICTURE = Profile("video", True, False, PICTURE_EXTENSIONS, (*PICTURE_FEEDBACK, TRANSPORT_CC))

PROFILES: Mapping[Purpose, Profile] = {
    Purpose.AUDIO: Profile("audio", True, True, SOUND_EXTENSIONS),
    Purpose.CAMERA: PUBLISHED_PICTURE,
    Purpose.SCREEN: PUBLISHED_PICTURE,
    Purpose.SCREEN_AUDIO: Profile("audio", True, False, SOUND_EXTENSIONS),
    Purpose.SLOT: Profile("video", False, True, (URI_MID,), PICTURE_FEEDBACK),
}
