"""A guest who floods: signs and sends packets of its camera and microphone, and feedback, ever so many a second.

What it sends is believed, as it has a seat; that is the difference to a stranger.
"""

import asyncio
import os
from time import monotonic

from benches.load.guest import Guest
from benches.load.packets import OPUS_PT, VP8_PT, vp8_descriptor
from mixer.wire.rtcp import Nack, PictureLoss, ReceiverReport
from mixer.wire.rtp import build_rtp_header

TURN_S = 0.005
CHUNK = os.urandom(1000)
STRANGE_SSRCS = 512
FEEDBACK = ReceiverReport(1).pack() + Nack(1, 2, tuple(range(0, 500, 2))).pack() + PictureLoss(1, 2).pack()


async def flood(guest: Guest, per_s: int, seconds: float) -> int:
    """Send at that rate; gives how many packets were sent."""
    began_at, sent = monotonic(), 0
    while (elapsed_s := monotonic() - began_at) < seconds:
        while sent < elapsed_s * per_s:
            if sent % 8 == 0:
                guest.peer.send_rtcp(FEEDBACK)
            else:
                guest.peer.send_rtp(_packet(guest, sent))
            sent += 1
        await asyncio.sleep(TURN_S)
    return sent


def _packet(guest: Guest, number: int) -> bytes:
    """Of eight, one is of a stream that nobody has announced, one is sound, and five are pictures."""
    if number % 8 == 1:
        return build_rtp_header(VP8_PT, number, number, number % STRANGE_SSRCS + 1) + CHUNK
    if number % 8 == 2:
        return build_rtp_header(OPUS_PT, number, number * 960, guest.streams.audio) + CHUNK[:80]
    frame_type = b"\x10" if number % 10 == 3 else b"\x11"
    payload = vp8_descriptor(number, number, True) + frame_type + CHUNK
    return build_rtp_header(VP8_PT, number, number * 90, guest.streams.camera, marker=True) + payload
