"""Which simulcast layer of a picture to forward.

The best one that is alive; a viewer's own bandwidth is not considered yet. RFC 8853.
"""

from mixer.router.layer import Layer
from mixer.router.video_up_track import VideoUpTrack


def best_layer(track: VideoUpTrack, now: float) -> Layer | None:
    """The highest layer that brings packets; if none does, the highest that ever did; None before the first packet."""
    layers = [track.layers[rid] for rid in reversed(track.line.rids or ("",)) if rid in track.layers]
    return next((layer for layer in layers if layer.is_alive(now)), layers[0] if layers else None)
