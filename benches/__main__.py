"""`python -m benches`: measure the shipped daemon and print the figures beside their targets.

Exit code 0 whatever the figures say; 1 when a bench could not be carried out.
"""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping

import click
import uvloop
from rich.console import Console

from benches import api, events, flood, forwarding, joins, latency, rooms, ticks
from benches.figures import Figure, table
from benches.machine import Onlooker
from benches.scale import FULL, QUICK, Scale

BENCHES: Mapping[str, Callable[[Scale], Awaitable[list[Figure]]]] = {
    "join": joins.measure,
    "rooms": rooms.measure,
    "ticks": ticks.measure,
    "latency": latency.measure,
    "forwarding": forwarding.measure,
    "api": api.measure,
    "events": events.measure,
    "flood": flood.measure,
}


@click.command()
@click.option("--quick", is_flag=True, help="Less than 3 minutes, for rough figures.")
@click.option("--only", type=click.Choice(tuple(BENCHES)), multiple=True, help="Only this bench; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(quick: bool, only: tuple[str, ...], as_json: bool) -> None:
    """Measure confserver on this machine. Nothing else should keep it busy meanwhile."""
    progress = Console(stderr=True)
    figures, failures = uvloop.run(_run(only or tuple(BENCHES), QUICK if quick else FULL, progress))
    if as_json:
        click.echo(json.dumps([figure.as_dict() for figure in figures], indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 160).print(table(figures))
    for name, error in failures.items():
        progress.print(f"{name} failed: {type(error).__name__}: {error}", style="red", markup=False)
    sys.exit(1 if failures else 0)


async def _run(names: tuple[str, ...], scale: Scale, progress: Console) -> tuple[list[Figure], dict[str, Exception]]:
    """One bench after the other; one that fails does not keep the others from running."""
    figures: list[Figure] = []
    failures: dict[str, Exception] = {}
    onlooker = Onlooker()
    for name in names:
        with progress.status(f"measuring: {name}"):
            try:
                figures += await BENCHES[name](scale)
            except Exception as error:
                failures[name] = error
    return [*figures, onlooker.figure()], failures


if __name__ == "__main__":
    main()
