"""`python -m benches.soak`: a thousand joins and leaves, then many times the churn of an ordinary day; what was kept?

Exit code 1 when anything was kept that should not have been.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import monotonic

import aiohttp
import click
import numpy as np
import uvloop
from rich.console import Console

from benches.load.crowd import Crowd
from benches.soak.churn import Churn
from benches.soak.footprint import Footprint, take_footprint
from benches.subject import running_subject

ROUND_JOINS = 200
ROUND_REST_S = 3.0
WARM_UP_ROUNDS = 5
"""Caches fill, allocators take their first arenas."""
MEDIAN_OF = 3
"""Allocators take and return whole megabytes: one look at an empty server says little."""
REST_S = 50.0
"""Those who vanished are expected back for 12 s, their media for 30 s."""
SAMPLE_EVERY_S = 10.0
MOST_KEPT_MB = 1.0

TakeFootprint = Callable[[], Awaitable[Footprint]]

console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    minutes: float
    joins: int
    joins_per_minute: float
    people: int
    meetings: int


@click.command()
@click.option("--minutes", default=20.0, show_default=True, help="How long the churn goes on.")
@click.option("--joins", default=1000, show_default=True, help="Joins and leaves before that, as fast as they go.")
@click.option(
    "--joins-per-minute",
    default=100.0,
    show_default=True,
    help="Pace of the churn. 200 people who stay 20 minutes each make 10 a minute.",
)
@click.option("--people", default=30, show_default=True, help="How many are in at a time.")
@click.option("--meetings", default=5, show_default=True, help="In how many meetings.")
def main(minutes: float, joins: int, joins_per_minute: float, people: int, meetings: int) -> None:
    """Soak a fresh daemon and print what it kept."""
    sys.exit(0 if uvloop.run(_soak(Plan(minutes, joins, joins_per_minute, people, meetings))) else 1)


async def _soak(plan: Plan) -> bool:
    async with running_subject() as subject, Crowd() as crowd, aiohttp.ClientSession() as http:
        churn = Churn(subject.daemon, crowd, plan.meetings, plan.people)

        async def footprint() -> Footprint:
            return await take_footprint(http, subject.daemon.http_url, subject.daemon.process.pid)

        empty = await _come_and_go(churn, plan.joins, footprint)
        has_kept_little = _report_kept(empty)
        samples = await _churn(churn, plan, footprint)
        await churn.end()
        await asyncio.sleep(REST_S)
        is_flat = _report_slope(samples)
        return _report_held(empty[-1], await footprint()) and has_kept_little and is_flat


async def _come_and_go(churn: Churn, joins: int, footprint: TakeFootprint) -> list[Footprint]:
    """Footprints of the empty server, each after a round in which as many came as left, as fast as they could."""
    empty: list[Footprint] = []
    rounds = WARM_UP_ROUNDS + joins // ROUND_JOINS + MEDIAN_OF
    for number in range(rounds):
        with console.status(f"joins and leaves, round {number + 1} of {rounds}"):
            for _ in range(ROUND_JOINS):
                await churn.step(may_vanish=False)
            await churn.end()
            await asyncio.sleep(ROUND_REST_S)
        empty.append(await footprint())
    return empty[WARM_UP_ROUNDS:]


async def _churn(churn: Churn, plan: Plan, footprint: TakeFootprint) -> list[tuple[float, Footprint]]:
    """Joins at the planned pace; the footprint every few seconds, with the joins so far."""
    samples: list[tuple[float, Footprint]] = []
    began_at, first = monotonic(), churn.joins
    next_sample_at = began_at
    with console.status(f"{plan.minutes:g} minutes of churn"):
        while (now := monotonic()) < began_at + 60 * plan.minutes:
            if now >= next_sample_at:
                next_sample_at += SAMPLE_EVERY_S
                samples.append((churn.joins - first, await footprint()))
            await churn.step()
            due_at = began_at + (churn.joins - first) * 60 / plan.joins_per_minute
            await asyncio.sleep(max(0.0, due_at - monotonic()))
    return samples


def _report_kept(empty: list[Footprint]) -> bool:
    """From the first rounds to the last ones, which are `joins` apart."""
    joins = ROUND_JOINS * (len(empty) - MEDIAN_OF)
    kept = {
        name: median(sizes[-MEDIAN_OF:]) - median(sizes[:MEDIAN_OF])
        for name, sizes in {
            "daemon": [each.daemon_mb for each in empty],
            "worker": [each.worker_mb for each in empty],
        }.items()
    }
    for name, kept_mb in kept.items():
        click.echo(f"{joins} joins and leaves: the {name} keeps {kept_mb:+.2f} MB (at most {MOST_KEPT_MB:g})")
    return max(kept.values()) <= MOST_KEPT_MB and _report_held(empty[0], empty[-1])


def _report_held(before: Footprint, after: Footprint) -> bool:
    grown = after.grown(before)
    click.echo("more than before: " + (", ".join(f"{count} {name}" for name, count in grown.items()) or "nothing"))
    return not grown


def _report_slope(samples: list[tuple[float, Footprint]]) -> bool:
    """The trend after the first quarter, in which as many come in as are to be there."""
    steady = samples[len(samples) // 4 :]
    if len(steady) < 3:
        click.echo("too short for a slope")
        return True
    joins = [joined for joined, _ in steady]
    slopes = {
        name: 1000 * float(np.polyfit(joins, [getattr(footprint, f"{name}_mb") for _, footprint in steady], 1)[0])
        for name in ("daemon", "worker")
    }
    for name, slope in slopes.items():
        last = getattr(steady[-1][1], f"{name}_mb")
        click.echo(f"churn of {joins[-1]:g} joins: {name} {slope:+.3f} MB per 1,000 joins, {last:.1f} MB at the end")
    return max(slopes.values()) <= MOST_KEPT_MB


if __name__ == "__main__":
    main()
