"""Chromium's media find another way under a running call: behind a NAT that forgets, by a restart of ICE, and when
their network is gone.
"""

import logging
import time
from typing import Any

import pytest

from mixer.wire.demux import Protocol, classify
from tests.browser.company import ADA, is_in
from tests.browser.conftest import Visit
from tests.browser.conversation import BOB, Conversation
from tests.browser.guest import Guest
from tests.browser.line import Line, line_to
from tests.peers.daemon import Daemon
from tests.peers.meeting_client import guest
from tests.peers.nat import Nat, nat_before

pytestmark = pytest.mark.alone

LIMIT_S = 3.0
HEARING_S = 0.7
"""A page's ear says what the last 0.68 s sounded like."""
PAUSE_S = 1.0
"""A pause in the media that nobody minds; a handshake, or a wait for the next check, would be longer."""

BEHIND_NAT = """
  const connections = (window.connections = []);
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    if (!connections.includes(this)) connections.push(this);
    const sdp = description.sdp.replaceAll(" 127.0.0.1 SERVER typ", " 127.0.0.1 NAT typ");
    return setRemoteDescription.call(this, { type: description.type, sdp });
  };
"""
TRANSPORT = """async () => {
  const report = [...(await connections.at(-1).getStats()).values()];
  const transport = report.find(({ type }) => type === "transport");
  const pair = report.find(({ id }) => id === transport.selectedCandidatePairId);
  return { connections: connections.length, ufrag: transport.iceLocalUsernameFragment, pair: pair.id,
           dtls: transport.dtlsState, certificate: transport.remoteCertificateId };
}"""

KEPT = ("connections", "certificate", "dtls")
"""What a call keeps that goes on by another path."""


class Traffic:
    """What passes a router: how many DTLS datagrams and checks, and the longest pause in the media, each way."""

    def __init__(self) -> None:
        self.handshake = self.checks = 0
        self._media_at: dict[bool, float] = {}
        self._pauses: dict[bool, float] = {}

    def watch(self, datagram: bytes, is_outward: bool) -> None:
        protocol = classify(datagram)
        self.handshake += protocol is Protocol.DTLS
        self.checks += is_outward and protocol is Protocol.STUN
        if protocol is Protocol.RTP:
            now = time.monotonic()
            pause_s = now - self._media_at.get(is_outward, now)
            self._pauses[is_outward] = max(pause_s, self._pauses.get(is_outward, 0.0))
            self._media_at[is_outward] = now

    def forget_pauses(self) -> None:
        self._pauses.clear()

    @property
    def longest_pause_s(self) -> float:
        return max(self._pauses.values())


async def come_through(line: Line, nat: Nat, daemon: Daemon, visit: Visit, access_key: str) -> Guest:
    """Follow an invite link as Ada, with everything over this line and all media through this router."""
    url = f"{line.url}/join/{access_key}"
    ada = await visit(url, ADA.senses)
    script = BEHIND_NAT.replace("SERVER", str(daemon.udp_port)).replace("NAT", str(nat.address[1]))
    await ada.page.add_init_script(script)
    await ada.open(url)
    await ada.join(ADA.name)
    await is_in(ada)
    return ada


async def restarted_from(ada: Guest, before: dict[str, Any]) -> dict[str, Any]:
    """Wait until the browser uses other credentials and a path that they have proven; what it says of it."""
    found: dict[str, Any] = {}

    async def has_restarted() -> bool:
        found.update(await ada.page.evaluate(TRANSPORT))
        return all(found[what] != before[what] for what in ("ufrag", "pair"))

    await ada.until(has_restarted, "restart of ICE")
    return found


@pytest.mark.timeout(180)
async def test_media_find_another_way_whatever_becomes_of_their_path(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    key, traffic = meeting["access_key"], Traffic()
    with nat_before(daemon.udp_port, traffic.watch) as nat:
        async with line_to(daemon.http_url) as line, guest(daemon.http_url, key, "Bob", tone=BOB, slots=0) as bob:
            ada = await come_through(line, nat, daemon, visit, key)
            conversation = Conversation(ada, bob)
            await conversation.goes_on()
            before, handshake = await ada.page.evaluate(TRANSPORT), traffic.handshake

            # At the worst moment: a check has just passed, and the next one is as far away as can be.
            checks = traffic.checks
            await bob.until(lambda: traffic.checks > checks, "a check")
            nat.rebind()
            rebound_s = await conversation.pauses()
            await is_in(ada)
            rebound = await ada.page.evaluate(TRANSPORT)
            assert all(rebound[what] == before[what] for what in KEPT)
            assert traffic.handshake == handshake, "one handshake serves all"

            line.fall_silent()
            nat.fall_silent()
            moved_s = await conversation.pauses()
            await is_in(ada)
            moved, handshake = await ada.page.evaluate(TRANSPORT), traffic.handshake
            assert max(*rebound_s, *moved_s) <= LIMIT_S + HEARING_S

            traffic.forget_pauses()
            await ada.page.evaluate("dispatchEvent(new Event('online'))")
            restarted = await restarted_from(ada, moved)
            await conversation.goes_on()
            assert all(restarted[what] == moved[what] for what in KEPT)
            assert traffic.longest_pause_s <= PAUSE_S
            assert traffic.handshake == handshake
            logging.getLogger(__name__).info(
                "heard and hears again after the NAT forgot in %.1f and %.1f s, after the network was gone in %.1f and "
                "%.1f s; longest pause of a restart %.2f s", *rebound_s, *moved_s, traffic.longest_pause_s,
            )  # fmt: skip
            await ada.page.close()
