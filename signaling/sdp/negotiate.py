"""The answer to a browser's offer, as a pure function.

Whatever the offer asks beyond the purposes it was given is rejected line by line, so that a newer client still gets
what this server knows. No sockets, no randomness: credentials and SSRCs are handed in.

RFC 8829 section 5.3 (answers), RFC 9143 (BUNDLE), RFC 8842 (DTLS), RFC 8839 (ICE; section 4.4 for restarts).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mixer.capabilities import MAX_CELLS, Capabilities
from mixer.params import Purpose, TransportParams
from signaling.sdp.attributes import Setup
from signaling.sdp.compose import media_section, rejected_section, session_lines
from signaling.sdp.errors import SdpError
from signaling.sdp.model import MediaDescription, SessionDescription
from signaling.sdp.plan import LocalDescription, Negotiated, PlannedLine, mid_of, transport_of
from signaling.sdp.render import render
from signaling.sdp.serve import plan_line, served_format, with_streams

__all__ = ["LocalDescription", "Negotiated", "answer"]

ALLOW_MIXED = "extmap-allow-mixed"
MID = re.compile(r"[!-~]{1,16}")
"""16 bytes are what a one-byte header extension can carry (RFC 8285 section 4.2)."""


def answer(
    offer: SessionDescription,
    purposes: Mapping[str, Purpose],
    fresh: LocalDescription,
    capabilities: Capabilities,
    allocate_ssrc: Callable[[], int],
    previous: Negotiated | None = None,
) -> Negotiated:
    """The answer to `offer`, whose m-lines serve `purposes` (by mid; by place where there are no mids).

    `fresh` is our side with credentials that nobody has seen. A re-offer, which comes with what was negotiated before,
    keeps our side as it was and each mid its SSRCs; if it restarts ICE, the fresh credentials take the place of those
    before. Raises SdpError when the offer is malformed, cannot be trusted (ICE, DTLS), has no m-line that can be served
    or comes from another peer connection than before.
    """
    _check_mids(mid_of(media, index) for index, media in enumerate(offer.media))
    kept = {line.mid: line for line in previous.lines} if previous else {}
    cname = previous.local.cname if previous else fresh.cname
    planned = {
        index: with_streams(plan, kept.get(plan.line.mid), cname, allocate_ssrc)
        for index, plan in _plan(offer, purposes, capabilities).items()
    }
    if not planned:
        raise SdpError("no m-line of the offer can be served")
    leader = offer.media[min(planned)]
    if offer.setup_of(leader) not in (Setup.ACTPASS, Setup.ACTIVE):
        raise SdpError(f"a=setup:{offer.setup_of(leader)} cannot be answered; the client starts the DTLS handshake")
    transport = transport_of(offer, leader, fresh)
    local = _continued(previous, fresh, transport) if previous else fresh
    transport = replace(transport, local_ufrag=local.ufrag, local_pwd=local.pwd)
    version = previous.version + 1 if previous else 1
    description = _describe(offer, planned, local, version)
    return Negotiated(render(description), local, transport, tuple(plan.line for plan in planned.values()), version)


def _continued(previous: Negotiated, fresh: LocalDescription, transport: TransportParams) -> LocalDescription:
    """Our side after a re-offer, whose author has restarted ICE if either credential is another (RFC 8839 4.4.1.1.1).

    A restart keeps the DTLS association. Another certificate would need another one (RFC 8842 section 5.5), that is
    another peer connection: its handshake would wait in vain for ours, so it is better told at once.
    """
    before = previous.transport
    if set(transport.remote_fingerprints) != set(before.remote_fingerprints):
        raise SdpError("a=fingerprint is not that of the peer connection before; one that replaces it says new: true")
    if (transport.remote_ufrag, transport.remote_pwd) == (before.remote_ufrag, before.remote_pwd):
        return previous.local
    return replace(previous.local, ufrag=fresh.ufrag, pwd=fresh.pwd)


def _check_mids(mids: Iterable[str]) -> None:
    for mid, count in Counter(mids).items():
        if not MID.fullmatch(mid):
            raise SdpError(f"the mid {mid[:16]!r} is not a word of at most 16 characters")
        if count > 1:
            raise SdpError(f"the mid {mid!r} is used twice")


def _plan(
    offer: SessionDescription, purposes: Mapping[str, Purpose], capabilities: Capabilities
) -> dict[int, PlannedLine]:
    """The m-lines that are accepted, by place. The first of them leads the bundle."""
    planned: dict[int, PlannedLine] = {}
    free = Counter(dict.fromkeys(Purpose, 1) | {Purpose.SLOT: MAX_CELLS})
    for index, media in enumerate(offer.media):
        mid = mid_of(media, index)
        purpose = purposes.get(mid)
        leader = offer.media[min(planned)] if planned else None
        if purpose is None or not free[purpose] or not _has_transport(offer, media, leader):
            continue
        entry = served_format(media, purpose, capabilities)
        if entry is not None:
            free[purpose] -= 1
            planned[index] = plan_line(media, mid, purpose, entry, offer.direction_of(media), capabilities)
    return planned


def _has_transport(offer: SessionDescription, media: MediaDescription, leader: MediaDescription | None) -> bool:
    """There is one transport: what is not bundled with the first accepted m-line would need another.

    Port 0 in the bundle has no port of its own (Firefox writes that); out of the bundle, the m-line is stopped.
    """
    if leader is None:
        return media.head.port != 0 or media.mid in offer.bundle
    return media.mid in offer.bundle and leader.mid in offer.bundle


def _describe(
    offer: SessionDescription, planned: Mapping[int, PlannedLine], local: LocalDescription, version: int
) -> SessionDescription:
    first = min(planned)
    mids = [plan.line.mid for index, plan in planned.items() if offer.media[index].mid in offer.bundle]
    is_mixed = offer.has(ALLOW_MIXED) or all(offer.media[index].has(ALLOW_MIXED) for index in planned)
    return SessionDescription(
        session_lines(local, version, mids, is_mixed=is_mixed),
        tuple(
            media_section(planned[index], local, Setup.PASSIVE, is_first=index == first)
            if index in planned
            else rejected_section(media)
            for index, media in enumerate(offer.media)
        ),
    )
