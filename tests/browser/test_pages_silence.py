"""When a page finds that nothing comes any more: soon, but not over every packet that is lost. On invented time."""

from collections.abc import Sequence

from playwright.async_api import Browser, Page

from tests.browser.fake_server import fake_server

LOOK_MS = 250
NOTICED_WITHIN_S = 1.25

WATCH = """async lookMs => {
  const { watchSilence } = await import("/static/net/silence.js");
  const end = new AbortController();
  window.line = { bytes: 0, sizes: [], told: [], end: () => end.abort() };
  setInterval(() => (line.bytes += line.sizes.shift() ?? 0), lookMs);
  const tell = what => () => line.told.push(what);
  watchSilence(async () => line.bytes, tell("silence"), tell("sound"), end.signal);
}"""


class Line:
    """A path to a page that counts what comes."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def carries(self, sizes: Sequence[int]) -> list[str]:
        """So many bytes arrive, each before another look. What was told meanwhile."""
        known: int = await self._page.evaluate("sizes => { line.sizes = sizes; return line.told.length; }", sizes)
        await self._page.clock.run_for(len(sizes) * LOOK_MS)
        told: list[str] = await self._page.evaluate("known => line.told.slice(known)", known)
        return told

    async def is_silent(self, seconds: float) -> list[str]:
        """Nothing arrives for so long."""
        return await self.carries([0] * round(seconds * 1000 / LOOK_MS))


async def test_a_dead_path_is_noticed_soon_and_a_bad_one_is_left_in_peace(browser: Browser) -> None:
    async with fake_server(browser) as server:
        page = await browser.new_page()
        await page.clock.install()
        await page.goto(f"{server.url}/login")
        await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))
        await page.evaluate(WATCH, LOOK_MS)
        line = Line(page)

        assert await line.is_silent(3) == [], "what has not begun cannot have stopped"
        assert await line.carries([100] * 4) == ["sound"]
        assert await line.carries([100, 0, 0, 0] * 3) == [], "the server pauses for 400 ms, and a packet may be lost"
        assert await line.is_silent(NOTICED_WITHIN_S) == ["silence"]
        assert await line.is_silent(2) == [], "it is told once"
        lossy = await line.carries([100, 0, 0, 0, 0] * 8)
        assert lossy == ["sound", "silence"] * 2 + ["sound"], "where most is lost there is no try after try"
        assert await line.is_silent(15) == []
        assert await line.is_silent(10) == ["silence"], "but later there is another"
        await page.evaluate("line.end()")
        assert await line.carries([100, 100, 0, 0, 0, 0, 0, 0]) == []
