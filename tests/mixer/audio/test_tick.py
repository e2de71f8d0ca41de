"""The beat on invented time, and one short run on a real loop."""

import asyncio

import pytest

from mixer.audio.tick import REMEMBERED_TICKS, Ticker, TickSchedule


def test_deadlines_stay_on_the_grid_however_late_a_tick_is() -> None:
    schedule = TickSchedule(100.0)
    deadlines = []
    for _ in range(1000):
        deadlines.append(schedule.deadline)
        assert schedule.pass_deadline(schedule.deadline + 0.015) == 0
    assert deadlines == pytest.approx([100 + 0.02 * n for n in range(1000)])
    assert schedule.skipped == 0


def test_missed_ticks_are_counted_and_skipped() -> None:
    schedule = TickSchedule(100.0)
    assert schedule.pass_deadline(100.065) == 3
    assert schedule.deadline == pytest.approx(100.08)
    assert schedule.skipped == 3


def test_lateness_is_told_in_percentiles_of_the_last_minute() -> None:
    schedule = TickSchedule(0.0)
    assert schedule.lateness_percentile(99) == 0
    for _ in range(100):
        schedule.pass_deadline(schedule.deadline + 0.010)
    for _ in range(REMEMBERED_TICKS):
        schedule.pass_deadline(schedule.deadline + 0.001)
    assert schedule.lateness_percentile(50) == pytest.approx(0.001)
    assert schedule.lateness_percentile(100) == pytest.approx(0.001)


async def test_a_ticker_ticks_until_it_is_closed() -> None:
    ticks: list[tuple[float, int]] = []
    third = asyncio.Event()

    def on_tick(now: float, skipped: int) -> None:
        ticks.append((now, skipped))
        if sum(1 + skipped for _, skipped in ticks) >= 3:
            third.set()

    loop = asyncio.get_running_loop()
    started = loop.time()
    ticker = Ticker(on_tick)
    await asyncio.wait_for(third.wait(), 5)
    ticker.close()
    assert ticks[-1][0] - started >= 0.055
    count = len(ticks)
    await asyncio.wait_for(asyncio.sleep(0), 1)
    assert len(ticks) == count


async def test_an_error_in_a_tick_is_reported_and_the_next_one_comes() -> None:
    reported: list[str] = []
    second = asyncio.Event()
    calls = 0

    def on_tick(now: float, skipped: int) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("first tick")
        second.set()

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: reported.append(str(context["exception"])))
    ticker = Ticker(on_tick)
    await asyncio.wait_for(second.wait(), 5)
    ticker.close()
    assert reported == ["first tick"]
