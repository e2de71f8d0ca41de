"""No picture under another's name: the page's rules for slots, in every order in which words and frames may arrive."""

import random
from typing import Any

from playwright.async_api import Browser

from tests.browser.fake_server import fake_server

PLAY = """async stories => {
  const { Slot } = await import("/static/media/slot.js");
  return stories.map(story => {
    const slot = new Slot();
    return story.map(step => {
      "frame" in step ? slot.frame(step.frame) : slot.tell(step.tell);
      return slot.view;
    });
  });
}"""

Step = dict[str, Any]


def tell(owner: str | None, generation: int | None) -> Step:
    return {"tell": {"participant_id": owner, "purpose": owner and "camera", "generation": generation}}


def frame(generation: int) -> Step:
    return {"frame": generation}


def story(seed: int) -> list[Step]:
    """A server that counts generations up, cameras that go off, frames that lag behind or run ahead."""
    dice = random.Random(seed)
    generation = 0
    steps: list[Step] = []
    for _ in range(40):
        kind = dice.choice(["switch", "off", "frame", "frame", "frame"])
        if kind == "switch":
            generation = (generation + 1) % 8
            steps.append(tell(f"p{dice.randrange(3)}", generation))
        elif kind == "off":
            steps.append(tell(dice.choice(["p0", None]), None))
        else:
            steps.append(frame((generation + dice.choice([-1, 0, 0, 0, 1])) % 8))
    return steps


async def play(browser: Browser, stories: list[list[Step]]) -> list[list[dict[str, Any]]]:
    async with fake_server(browser) as server:
        page = await browser.new_page()
        await page.goto(f"{server.url}/login")
        views: list[list[dict[str, Any]]] = await page.evaluate(PLAY, stories)
        return views


def check(steps: list[Step], views: list[dict[str, Any]]) -> None:
    """Live is only a frame of the generation that was told, held only what was live, hidden nobody's."""
    intended: dict[str, Any] = tell(None, None)["tell"]
    newest_frame = None
    last_live = None
    for step, view in zip(steps, views, strict=True):
        intended = step.get("tell", intended)
        newest_frame = step.get("frame", newest_frame)
        if view["picture"] == "live":
            assert newest_frame == intended["generation"]
            assert view["participantId"] == intended["participant_id"]
            last_live = view["participantId"]
        elif view["picture"] == "held":
            assert view["participantId"] == last_live
        elif view["picture"] == "hidden":
            assert view["participantId"] is None
        else:
            assert view["participantId"] == intended["participant_id"]


async def test_slots(browser: Browser) -> None:
    a_then_b = [tell("a", 0), frame(0), tell("b", 1), frame(0), frame(1)]
    camera_off = [tell("a", 0), frame(0), tell("a", None), frame(0), tell("a", 1), frame(0), frame(1)]
    frame_before_word = [tell("a", 0), frame(0), frame(1), tell("b", 1)]
    called_back = [tell("a", 0), frame(0), tell("b", 1), tell("a", 0)]
    told = [a_then_b, camera_off, frame_before_word, called_back]
    stories = [story(seed) for seed in range(200)]
    shown = await play(browser, [*told, *stories])

    seen = [[f"{view['participantId']} {view['picture']}" for view in views] for views in shown[: len(told)]]
    assert seen == [
        ["a none", "a live", "a held", "a held", "b live"],
        ["a none", "a live", "a none", "a none", "a none", "a none", "a live"],
        ["a none", "a live", "None hidden", "b live"],
        ["a none", "a live", "a held", "a live"],
    ]
    for steps, views in zip(stories, shown[len(told) :], strict=True):
        check(steps, views)


GATE = """async () => {
  await import("/static/media/gate_worker.js");
  const { port1, port2 } = new MessageChannel();
  const passed = [];
  const frames = new TransformStream();
  const transformer = {
    options: { port: port2 },
    readable: frames.readable,
    writable: new WritableStream({ write: frame => void passed.push(frame.timestamp & 7) }),
  };
  dispatchEvent(Object.assign(new Event("rtctransform"), { transformer }));
  const writer = frames.writable.getWriter();
  const settled = () => new Promise(resolve => setTimeout(resolve, 20));
  const seen = [];
  port1.postMessage(3);
  for (const timestamp of [80_003, 80_003, 80_004, 80_004])
    writer.write({ timestamp, getMetadata: () => ({ rtpTimestamp: timestamp }) });
  await settled();
  seen.push([...passed]);
  port1.postMessage(4);
  await settled();
  seen.push([...passed]);
  return seen;
}"""


async def test_an_unannounced_picture_waits_for_its_word(browser: Browser) -> None:
    async with fake_server(browser) as server:
        page = await browser.new_page()
        await page.goto(f"{server.url}/login")
        assert await page.evaluate(GATE) == [[3, 3], [3, 3, 4, 4]]
