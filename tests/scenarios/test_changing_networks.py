"""Guests whose network changes under a running call: where their media go, what goes on, and when it is over."""

import pytest

from mixer.events import EndpointConnected, EndpointLost
from mixer.transport.ice_lite import CONSENT_S
from mixer.wire.stun import Address
from tests.peers.thin_client import KEEPALIVE_S
from tests.peers.tone import Tone
from tests.scenarios.media_world import ROOM, Device, MediaWorld

SENT_DBOV = -20.0
ADA_HZ, BOB_HZ = 440.0, 1000.0
LIMIT_S = 3.0
ELSEWHERE: dict[str, Address] = {
    "another port": ("192.0.2.1", 9999),
    "another network": ("198.51.100.1", 5000),
    "another family": ("2001:db8::1", 4000, 0, 0),
}


def pair(world: MediaWorld) -> tuple[Device, Device]:
    """Two who speak and have heard each other."""
    ada, bob = world.enter("ada", Tone(ADA_HZ, SENT_DBOV)), world.enter("bob", Tone(BOB_HZ, SENT_DBOV))
    world.run(2.0)
    assert hear_each_other(ada, bob)
    return ada, bob


def silent_pair(world: MediaWorld) -> tuple[Device, Device]:
    """Two who look at each other."""
    ada, bob = [world.enter(name, has_camera=True, slots=1) for name in ("ada", "bob")]
    world.run(1.0)
    assert ada.screen.frames
    assert bob.screen.frames
    return ada, bob


def is_seen_by(other: Device, since: float) -> bool:
    return bool(other.screen.frames) and other.screen.frames[-1][0] >= since


def hear_each_other(ada: Device, bob: Device) -> bool:
    return abs(ada.heard(BOB_HZ) - SENT_DBOV) <= 3 and abs(bob.heard(ADA_HZ) - SENT_DBOV) <= 3


def heard_again_after(world: MediaWorld, ada: Device, bob: Device) -> float:
    """Seconds until each hears the other at the level of before."""
    ada.earpiece.forget()
    bob.earpiece.forget()
    began_at = world.now
    while not hear_each_other(ada, bob):
        world.run(0.1)
        assert world.now - began_at < 30.0, "they do not hear each other any more"
        if ada.heard(BOB_HZ) < SENT_DBOV - 3:
            ada.earpiece.forget()
        if bob.heard(ADA_HZ) < SENT_DBOV - 3:
            bob.earpiece.forget()
    return world.now - began_at


@pytest.mark.parametrize("address", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_who_comes_from_elsewhere_is_heard_and_hears_within_three_seconds(address: Address) -> None:
    """A NAT that forgot its mapping, a telephone that left the house: the old address is dead without a word."""
    world = MediaWorld()
    ada, bob = pair(world)
    ada.move(address)
    assert heard_again_after(world, ada, bob) <= LIMIT_S
    world.run(5.0)
    assert hear_each_other(ada, bob), "and it stays so"
    assert world.reported(EndpointLost) == []


def test_who_prefers_another_network_is_followed_though_the_first_is_alive() -> None:
    world = MediaWorld()
    ada, bob = pair(world)
    before, after = ada.address, ELSEWHERE["another network"]
    ada.move(after, leaves=False)
    world.run(LIMIT_S)
    world.network.sent.clear()
    world.run(5.0)
    assert {to for _, to in world.network.sent} == {after, bob.address}, f"nothing goes to {before}"
    assert hear_each_other(ada, bob)


def test_a_restart_of_ice_changes_nothing_that_anybody_notices() -> None:
    world = MediaWorld()
    ada, bob = silent_pair(world)
    asked = len(ada.camera.asked_at), len(bob.camera.asked_at)
    begun = len(ada.earpiece.seqs), len(bob.earpiece.seqs)
    for _ in range(3):
        ada.restart_ice()
        world.run(2.0)
    assert world.reported(EndpointConnected) == [EndpointConnected(ROOM, each.endpoint_id) for each in (ada, bob)]
    assert world.reported(EndpointLost) == []
    assert (len(ada.camera.asked_at), len(bob.camera.asked_at)) == asked, "no picture had to begin anew"
    for device, count in zip((ada, bob), begun, strict=True):
        assert is_seen_by(device, world.now - 0.1)
        seqs = device.earpiece.seqs[count - 1 :]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), "one stream without a gap"


def test_a_restart_from_another_network_is_followed_at_once() -> None:
    world = MediaWorld()
    ada, bob = pair(world)
    ada.move(ELSEWHERE["another network"])
    world.run(1.0)  # the page has noticed by now
    ada.restart_ice()
    assert heard_again_after(world, ada, bob) <= 0.5


def test_consent_ends_after_thirty_seconds_and_with_it_everything_that_is_sent() -> None:
    world = MediaWorld()
    ada, bob = silent_pair(world)
    ada.peer.stop_checking()
    world.run(CONSENT_S - KEEPALIVE_S - 0.1)
    assert is_seen_by(bob, world.now - 0.1)
    assert world.reported(EndpointLost) == []
    world.run(KEEPALIVE_S)
    assert world.reported(EndpointLost) == [EndpointLost(ROOM, ada.endpoint_id, "consent-expired")]
    world.network.sent.clear()
    world.run(2.0)
    assert {to for _, to in world.network.sent} == {bob.address}, "though their media come without end"
    assert not is_seen_by(bob, world.now - 1.0)


@pytest.mark.parametrize(("silent_s", "is_in_time"), [(CONSENT_S - KEEPALIVE_S - 0.5, True), (CONSENT_S + 0.5, False)])
def test_a_restart_saves_a_call_until_consent_has_ended_and_not_after(silent_s: float, is_in_time: bool) -> None:
    world = MediaWorld()
    ada, bob = silent_pair(world)
    ada.peer.stop_checking()
    world.run(silent_s)
    ada.restart_ice()
    world.run(KEEPALIVE_S + 1.0)
    assert is_seen_by(bob, world.now - 0.1) == is_seen_by(ada, world.now - 0.1) == is_in_time
    assert bool(world.reported(EndpointLost)) != is_in_time
