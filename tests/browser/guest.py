"""A person at a real browser: opens links, presses buttons, and says what is heard and seen.

Microphone, camera and screen are those of devices.js; measuring is done by senses.js and tests/peers/tone.py. It has no
opinion on what should be seen: the tests do.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.peers.tone import ToneMeter
from tests.peers.tracks import Colour

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
LIMIT_S = 30.0
"""What comes, comes at once; on a machine that is busy with other things it may take long."""
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Voice:
    """What a microphone hears: a tone whose gate opens three times a second, at a level while it is open."""

    hz: float
    dbov: float = -20.0
    gate_hz: float = 3.0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Senses:
    """The devices of a person. `refused`: microphone, camera, screen that the browser may not have."""

    microphones: dict[str, Voice] = field(default_factory=dict)
    cameras: dict[str, Colour] = field(default_factory=dict)
    screen: Colour | None = None
    screen_sound: Voice | None = None
    refused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form in which devices.js reads them; a device's name is its id."""
        screen = {"colour": self.screen, "tone": self.screen_sound and asdict(self.screen_sound)}
        return {
            "microphones": [{"id": name, "label": name, **asdict(voice)} for name, voice in self.microphones.items()],
            "cameras": [{"id": name, "label": name, "colour": colour} for name, colour in self.cameras.items()],
            "screen": screen if self.screen else None,
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Tile:
    """What one tile shows. `picture` is `none`, `live`, `held` or `hidden`; `colour` None where there is no picture."""

    slot: str
    participant_id: str
    purpose: str
    picture: str
    name: str
    colour: Colour | None
    at_ms: float | None = None

    @classmethod
    def of(cls, seen: dict[str, Any]) -> "Tile":
        """From what senses.js tells."""
        return cls(**{**seen, "colour": tuple(seen["colour"]) if seen["colour"] else None})


@dataclass(frozen=True, slots=True)
class Received:
    """What a browser has counted. `audio_energy` as in webrtc-stats, "totalAudioEnergy": no unit, 0 for silence."""

    audio_energy: float
    video_frames: int
    video_bytes: int


NOTHING = Received(0.0, 0, 0)


class Guest:
    """One person at one page in a browser context of their own. Made by the fixture `visit`."""

    def __init__(self, page: Page, senses: Senses) -> None:
        self.page = page
        self.senses = senses
        self.complaints: list[str] = []
        """Errors that no script caught, and what the content security policy forbade: there should be none."""
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._read_console)

    @classmethod
    async def arrive(cls, browser: Browser, senses: Senses, **context: Any) -> "Guest":
        """A person with an empty page; `context` are options of Playwright's browser context, such as `viewport`."""
        return await cls._at_new_page(await browser.new_context(**context), senses)

    async def in_new_tab(self) -> "Guest":
        """The same person at another, empty page of the same browser."""
        return await self._at_new_page(self.page.context, self.senses)

    @classmethod
    async def _at_new_page(cls, context: BrowserContext, senses: Senses) -> "Guest":
        page = await context.new_page()
        await page.add_init_script(f"window.testSenses = {json.dumps(senses.as_json())}")
        await page.add_init_script(path=HERE / "devices.js")
        await page.add_init_script(path=HERE / "senses.js")
        return cls(page, senses)

    async def open(self, url: str) -> None:
        """Follow a link."""
        await self.page.goto(url)

    async def press(self, test_id: str) -> None:
        """Press the button that the page marks with this `data-testid`."""
        await self.page.get_by_test_id(test_id).click()

    async def join(self, name: str, pin: str = "") -> None:
        """Fill in the join page and press Join; it does not wait for the seat."""
        await self.page.get_by_test_id("display-name").fill(name)
        if pin:
            await self.page.get_by_test_id("pin").fill(pin)
        await self.press("join")

    async def hear(self) -> ToneMeter:
        """The sound of the last two thirds of a second as the page plays it."""
        heard = await self.page.evaluate("testEars.listen()")
        meter = ToneMeter()
        meter.hear(np.frombuffer(base64.b64decode(heard), dtype="<i2"))
        return meter

    async def heard(self, hz: float) -> float:
        """Level of a tone in dBov; 3 dB less than sent is not noticed by most people."""
        return (await self.hear()).dbov(hz)

    async def received(self) -> Received:
        """All that has come to the page so far."""
        return Received(**await self.page.evaluate("testWire.received()"))

    async def tiles(self) -> list[Tile]:
        """What the tiles show now, in the order of the layout."""
        return [Tile.of(seen) for seen in await self.page.evaluate("testEyes.tiles()")]

    async def sightings(self) -> list[Tile]:
        """Every change of what any tile has shown so far, name and colour of the same animation frame."""
        return [Tile.of(seen) for seen in await self.page.evaluate("testEyes.sightings")]

    async def seen(self) -> dict[str, Colour]:
        """Colours of the pictures by the names under them."""
        return {tile.name: tile.colour for tile in await self.tiles() if tile.colour}

    async def is_told(self, words: str) -> None:
        """Wait until a notice or the banner says this, or has said it since the last one that was waited for."""

        async def has_been_said() -> bool:
            return bool(await self.page.evaluate("words => testNotices.tell(words)", words))

        await self.until(has_been_said, f"notice {words!r}")

    async def speak(self, microphone: str, is_speaking: bool) -> None:
        """Start or stop talking into a microphone."""
        await self.page.evaluate("([id, on]) => testDevices.speak(id, on)", [microphone, is_speaking])

    async def paint(self, camera: str, colour: Colour) -> None:
        """Let a camera see another colour."""
        await self.page.evaluate("([id, colour]) => testDevices.paint(id, colour)", [camera, list(colour)])

    async def unplug(self, device: str) -> None:
        """Pull a device out."""
        await self.page.evaluate("id => testDevices.unplug(id)", device)

    async def until(self, condition: Callable[[], Awaitable[object]], what: str, limit_s: float = LIMIT_S) -> None:
        """Return as soon as the condition holds. Raises TimeoutError, which says what was waited for."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + limit_s
        while not await condition():
            if loop.time() > give_up_at:
                raise TimeoutError(f"no {what} within {limit_s:g} s; tiles: {await self.tiles()}")
            await asyncio.sleep(POLL_S)

    async def accessibility_issues(self) -> list[str]:
        """What axe-core finds serious or critical on the page as it is now."""
        await self.page.evaluate(AXE.read_text())
        found = await self.page.evaluate("axe.run()")
        return [
            f"{issue['id']}: {issue['help']} ({node['target']})"
            for issue in found["violations"]
            if issue["impact"] in {"serious", "critical"}
            for node in issue["nodes"]
        ]

    def _read_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)
