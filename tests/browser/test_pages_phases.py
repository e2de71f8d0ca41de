"""How a page goes on after a loss: the table of its phases, walked through, and the pauses between its tries."""

from itertools import pairwise
from typing import Any

from playwright.async_api import Browser, Page

from tests.browser.fake_server import fake_server

SEEKING = {"rejoining", "awaiting", "cut_off"}
SEATED = {"connecting", "connected", "wavering", "restarting", "reviving", "repairing"}
PHASES = [*sorted(SEATED | SEEKING), "over"]
MEDIA = ["media_up", "media_wavers", "media_silent", "media_heard", "media_down", "media_lost"]
EVENTS = [*MEDIA, "link_down", "path_changed", "server_stops", "over"]

WALK = """async ([phases, inputs]) => {
  const { LIMITS_S, nextPhase } = await import("/static/room/phases.js");
  const step = (phase, input) => {
    try { return nextPhase(phase, input); } catch { return null; }
  };
  const steps = phases.flatMap(phase => inputs.map(input => [phase, input, step(phase, input)]));
  return { steps, limits: LIMITS_S };
}"""

PAUSES = """async () => {
  const { backoff } = await import("/static/net/backoff.js");
  return Array.from({ length: 100 }, (_, guest) => [...backoff(() => (guest * 0.618034) % 1)]);
}"""


async def open_page(browser: Browser, url: str) -> Page:
    page = await browser.new_page()
    await page.goto(f"{url}/login")
    return page


async def walk(browser: Browser) -> tuple[dict[tuple[str, str], Any], dict[str, float]]:
    async with fake_server(browser) as server:
        page = await open_page(browser, server.url)
        found = await page.evaluate(WALK, [PHASES, [*EVENTS, "late", "resumed", "seated"]])
    return {(phase, happened): step for phase, happened, step in found["steps"]}, found["limits"]


async def test_every_phase_knows_what_to_do_whatever_happens(browser: Browser) -> None:
    table, limits = await walk(browser)
    for phase in PHASES:
        assert all(table[phase, happened] for happened in EVENTS), phase
        assert (table[phase, "late"] is not None) is (phase in limits), "a limit and its end go together"
        for outcome in ("resumed", "seated"):
            assert (table[phase, outcome] is not None) is (phase in SEEKING), "only who seeks a seat gets one"
        action, after = table[phase, "over"]
        assert (action, after) == (("nothing" if phase == "over" else "finish"), "over")
    assert all(table["over", happened] == ["nothing", "over"] for happened in EVENTS)

    for phase in SEATED:
        assert table[phase, "link_down"] == ["rejoin", "rejoining"]
        assert table[phase, "path_changed"] == ["rejoinAtOnce", "rejoining"], "nobody waits for TCP to notice"
        assert table[phase, "server_stops"] == ["rejoin", "awaiting"]
        assert table[phase, "media_lost"] == ["renewMedia", "repairing"]
        assert table[phase, "media_up"] == ["nothing", phase if phase == "reviving" else "connected"]
        is_taken_for_good = phase in {"connected", "wavering"}
        after = ["rejoinAtOnce", "cut_off"] if is_taken_for_good else ["nothing", phase]
        assert table[phase, "media_silent"] == after, "a WebSocket on a dead path would never tell"
    for phase in SEEKING:
        after = "reviving" if phase == "cut_off" else "restarting"
        assert table[phase, "resumed"] == ["restartIce", after]
        assert table[phase, "seated"] == ["renewMedia", "repairing"]
        ignored = {*MEDIA, "link_down"} - ({"media_heard"} if phase == "cut_off" else set())
        assert all(table[phase, happened] == ["nothing", phase] for happened in ignored)
    assert table["cut_off", "media_heard"] == ["nothing", "rejoining"], "there is no hurry any more"
    assert table["reviving", "media_heard"] == ["nothing", "connected"], "what the browser says is not enough"
    assert table["reviving", "late"] == ["renewMedia", "repairing"]
    assert table["wavering", "late"] == ["restartIce", "restarting"], "the same media first"
    assert table["restarting", "late"] == ["renewMedia", "repairing"], "and new ones when that brings nothing"


async def test_a_hundred_pages_do_not_come_back_in_one_instant(browser: Browser) -> None:
    async with fake_server(browser) as server:
        page = await open_page(browser, server.url)
        guests: list[list[float]] = await page.evaluate(PAUSES)
    for pauses in guests:
        assert 0.25 <= pauses[0] <= 0.5
        assert max(pauses) <= 1.5, "back within 5 s of the server's serving again"
        assert 170 <= sum(pauses) <= 190
    for silent_s in (0.0, 2.0, 10.0):
        arrivals = sorted(first_after(silent_s, pauses) for pauses in guests)
        busiest = max(sum(at <= other < at + 0.05 for other in arrivals) for at in arrivals)
        assert busiest <= 25, f"{busiest} of 100 within 50 ms after {silent_s} s"
        assert all(later - earlier < 1.5 for earlier, later in pairwise(arrivals))


def first_after(silent_s: float, pauses: list[float]) -> float:
    """When a page tries for the first time after the server has been away for so long."""
    at = 0.0
    for pause in pauses:
        at += pause
        if at >= silent_s:
            return at
    raise AssertionError("it has given up")
