"""`python -m fuzz`: every target for a bounded time, and a table of how many inputs each has stood.

Exit code 1 when one has broken a promise; the input that did it is named.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

import click
from rich.console import Console
from rich.table import Table

from fuzz.campaign import Outcome, fuzz
from fuzz.target import NAMES


@click.command()
@click.option("--seconds", default=30, show_default=True, type=click.IntRange(1), help="How long each target runs.")
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Only this target; may be repeated.")
@click.option(
    "--jobs", default=os.cpu_count() or 1, show_default=True, type=click.IntRange(1), help="How many at once."
)
def main(seconds: int, only: tuple[str, ...], jobs: int) -> None:
    """Throw invented input at every parser of confserver."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    names = only or NAMES
    with ThreadPoolExecutor(jobs) as pool, console.status("fuzzing") as status:
        running = [pool.submit(fuzz, name, seconds) for name in names]
        for count, _ in enumerate(as_completed(running), 1):
            status.update(f"fuzzing: {count} of {len(names)} targets are done")
    outcomes = [done.result() for done in running]
    for broken in (outcome for outcome in outcomes if outcome.crasher):
        console.print(broken.words, markup=False, highlight=False)
    console.print(_table(outcomes))
    sys.exit(any(outcome.crasher for outcome in outcomes))


def _table(outcomes: list[Outcome]) -> Table:
    shown = Table("target", "inputs", "per second", "coverage", "new", "slowest, ms", "broken by")
    for column in shown.columns[1:6]:
        column.justify = "right"
    for outcome in outcomes:
        shown.add_row(
            outcome.name,
            f"{outcome.inputs:,}",
            f"{outcome.per_s:,}",
            str(outcome.coverage),
            str(outcome.new_inputs),
            f"{outcome.slowest_ms:.1f}",
            outcome.crasher or "",
        )
    shown.add_section()
    shown.add_row("all", f"{sum(outcome.inputs for outcome in outcomes):,}")
    return shown


if __name__ == "__main__":
    main()
