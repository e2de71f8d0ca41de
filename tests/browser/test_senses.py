"""The harness itself: what a guest's devices send over a peer connection is what their ears and eyes measure."""

from typing import Any

import pytest
from playwright.async_api import Browser, Route

from tests.browser.company import ADA, BEN, CLEO, DAN, EVERYBODY, whose
from tests.browser.guest import Guest, Senses, Voice
from tests.peers.tracks import Colour, looks_like

URL = "http://localhost/loopback"
RED, BLUE = (200, 30, 30), (30, 30, 200)

LOOPBACK = """
<!doctype html>
<audio autoplay></audio>
<conf-tile data-slot="1" data-participant-id="p1" data-purpose="camera" data-picture="live">
  <video autoplay muted></video><canvas></canvas><span class="name">Ada</span>
</conf-tile>
<script type="module">
  const [up, down] = [new RTCPeerConnection(), new RTCPeerConnection()];
  up.onicecandidate = ({ candidate }) => down.addIceCandidate(candidate);
  down.onicecandidate = ({ candidate }) => up.addIceCandidate(candidate);
  down.ontrack = ({ track }) => {
    document.querySelector(track.kind).srcObject = new MediaStream([track]);
  };
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of media.getTracks()) up.addTrack(track, media);
  await up.setLocalDescription();
  await down.setRemoteDescription(up.localDescription);
  await down.setLocalDescription();
  await up.setRemoteDescription(down.localDescription);
</script>
"""


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        *((person.colour, person.name) for person in EVERYBODY),
        # A first frame as it was once decoded, and others as far away.
        ((39, 221, 31), BEN.name),
        ((160, 80, 80), ADA.name),
        ((80, 0, 240), CLEO.name),
        ((230, 140, 0), DAN.name),
        # Nobody: black, greys, white, a decoder's picture of zeros, a screen.
        *((nobody, None) for nobody in [(0, 0, 0), (64, 64, 64), (128, 128, 128), (255, 255, 255), (0, 135, 0)]),
        ((60, 170, 180), None),
        (None, None),
    ],
)
def test_a_picture_is_of_the_nearest_person_or_of_nobody(colour: Colour | None, name: str | None) -> None:
    assert whose(colour) == name


async def _arrive(browser: Browser, senses: Senses, html: str, **context: Any) -> Guest:
    guest = await Guest.arrive(browser, senses, **context)

    async def serve(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html")

    await guest.page.route(URL, serve)
    await guest.open(URL)
    return guest


async def test_a_guest_hears_and_sees_what_was_sent(browser: Browser) -> None:
    guest = await _arrive(browser, Senses({"headset": Voice(700)}, {"webcam": RED}), LOOPBACK)

    async def is_heard() -> bool:
        return await guest.heard(700) == pytest.approx(-20, abs=1.5)

    async def is_red() -> bool:
        return looks_like((await guest.seen()).get("Ada"), RED)

    async def is_blue() -> bool:
        return looks_like((await guest.seen()).get("Ada"), BLUE)

    await guest.until(is_heard, "tone at its level")
    assert await guest.heard(1100) < -60

    async def is_noted() -> bool:
        colours = [tile.colour for tile in await guest.sightings()]
        return all(any(looks_like(colour, wanted) for colour in colours) for wanted in (RED, BLUE))

    await guest.until(is_red, "red picture")
    await guest.paint("webcam", BLUE)
    await guest.until(is_blue, "blue picture")
    await guest.until(is_noted, "note of both pictures")
    assert guest.complaints == []


async def test_one_who_stops_talking_is_not_heard(browser: Browser) -> None:
    guest = await _arrive(browser, Senses({"headset": Voice(700)}, {"webcam": RED}), LOOPBACK)

    async def is_heard() -> bool:
        return await guest.heard(700) > -23

    async def is_silent() -> bool:
        return await guest.heard(700) < -60

    await guest.until(is_heard, "tone")
    await guest.speak("headset", is_speaking=False)
    await guest.until(is_silent, "silence")


async def test_devices_are_listed_refused_and_unplugged(browser: Browser) -> None:
    senses = Senses({"headset": Voice(700), "built in": Voice(900)}, refused=("camera",))
    guest = await _arrive(browser, senses, "<!doctype html><title>No scripts</title>")
    listed = "navigator.mediaDevices.enumerateDevices().then(all => all.map(one => one.label).filter(Boolean))"
    opened = "navigator.mediaDevices.getUserMedia({%s: true}).then(stream => stream.id, error => error.name)"

    assert {"headset", "built in"} <= set(await guest.page.evaluate(listed))
    assert await guest.page.evaluate(opened % "video") == "NotAllowedError"
    await guest.unplug("headset")
    assert "headset" not in await guest.page.evaluate(listed)


async def test_serious_accessibility_issues_are_found(browser: Browser) -> None:
    guest = await _arrive(
        browser, Senses(), "<!doctype html><html lang=en><title>A page</title><main><button></button>"
    )
    assert [issue for issue in await guest.accessibility_issues() if issue.startswith("button-name")]
