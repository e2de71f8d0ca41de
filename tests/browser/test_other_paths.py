"""Chromium's media find another way under a running call: behind a NAT that forgets, and by a restart of ICE."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mixer.wire.demux import Protocol, classify
from tests.browser.company import ADA, SENT_DBOV, is_in
from tests.browser.conftest import Visit
from tests.browser.guest import Guest
from tests.peers.daemon import Daemon
from tests.peers.meeting_client import MeetingClient, guest
from tests.peers.nat import Nat, nat_before
from tests.peers.tone import Tone

BOB_HZ = 1000.0
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


async def come_through(nat: Nat, daemon: Daemon, visit: Visit, url: str) -> Guest:
    """Follow an invite link as Ada, with all media through a router."""
    ada = await visit(url, ADA.senses)
    script = BEHIND_NAT.replace("SERVER", str(daemon.udp_port)).replace("NAT", str(nat.address[1]))
    await ada.page.add_init_script(script)
    await ada.open(url)
    await ada.join(ADA.name)
    await is_in(ada)
    return ada


async def restarted_from(ada: Guest, ufrag: str) -> dict[str, Any]:
    """Wait until the browser uses other credentials and a path that they have proven; what it says of it."""
    found: dict[str, Any] = {}

    async def has_restarted() -> bool:
        found.update(await ada.page.evaluate(TRANSPORT))
        return found["ufrag"] != ufrag

    await ada.until(has_restarted, "restart of ICE")
    return found


class Conversation:
    """Ada in her browser and Bob; each speaks all the time."""

    def __init__(self, ada: Guest, bob: MeetingClient) -> None:
        self._ada, self._bob = ada, bob

    async def hears(self) -> bool:
        """Whether Ada hears Bob as loud as he speaks."""
        return abs(await self._ada.heard(BOB_HZ) - SENT_DBOV) <= 3

    async def is_heard(self) -> bool:
        """Whether Bob hears Ada."""
        return abs(self._bob.heard(ADA.hz) - SENT_DBOV) <= 3

    async def goes_on(self) -> None:
        for does, what in ((self.hears, "Bob's voice"), (self.is_heard, "Ada's voice")):
            await self._ada.until(does, what)

    async def pauses(self) -> tuple[float, float]:
        """From now, seconds until Ada is heard again, and until she hears again; both stop first."""
        began_at = time.monotonic()

        async def until_again(does: Callable[[], Awaitable[bool]]) -> float:
            async def does_not() -> bool:
                return not await does()

            await self._ada.until(does_not, "silence")
            await self._ada.until(does, "voice")
            return time.monotonic() - began_at

        heard_s, hears_s = await asyncio.gather(until_again(self.is_heard), until_again(self.hears))
        return heard_s, hears_s


@pytest.mark.timeout(180)
async def test_a_nat_that_forgets_and_a_restart_of_ice_are_hardly_heard(daemon: Daemon, visit: Visit) -> None:
    meeting = await daemon.create_meeting(mode="AUDIO")
    traffic, tone = Traffic(), Tone(BOB_HZ, SENT_DBOV)
    with nat_before(daemon.udp_port, traffic.watch) as nat:
        async with guest(daemon.http_url, meeting["access_key"], "Bob", tone=tone, slots=0) as bob:
            ada = await come_through(nat, daemon, visit, meeting["invite_url"])
            conversation = Conversation(ada, bob)
            await conversation.goes_on()
            before, handshake = await ada.page.evaluate(TRANSPORT), traffic.handshake

            # At the worst moment: a check has just passed, and the next one is as far away as can be.
            checks = traffic.checks
            await bob.until(lambda: traffic.checks > checks, "a check")
            nat.rebind()
            heard_s, hears_s = await conversation.pauses()
            assert max(heard_s, hears_s) <= LIMIT_S + HEARING_S
            rebound = await ada.page.evaluate(TRANSPORT)
            assert (rebound["ufrag"], rebound["connections"]) == (before["ufrag"], 1), "nobody restarted anything"

            traffic.forget_pauses()
            await ada.page.evaluate("dispatchEvent(new Event('online'))")
            restarted = await restarted_from(ada, before["ufrag"])
            await conversation.goes_on()
            assert restarted["pair"] != before["pair"]
            assert (restarted["certificate"], restarted["dtls"], restarted["connections"]) == (
                before["certificate"], "connected", 1,
            )  # fmt: skip
            assert traffic.longest_pause_s <= PAUSE_S
            assert traffic.handshake == handshake, "one handshake served all"
            logging.getLogger(__name__).info(
                "after the NAT forgot: heard in %.1f s, hears in %.1f s; longest pause of a restart %.2f s",
                heard_s, hears_s, traffic.longest_pause_s,
            )  # fmt: skip
