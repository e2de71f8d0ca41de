"""`python -m tests.crashes`: kill the daemon and the media worker at random moments, and look each time what is left.

Exit code 0 if nothing was half there, 1 if something was; the times are printed beside their limits.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

import aiohttp
import click
from rich.console import Console
from rich.table import Table

from tests.crashes.crash import crash_crowd, crash_in_turn
from tests.peers.daemon import running_daemon

SERVING_LIMIT_S = 2.0
BACK_LIMIT_S = 15.0


@click.command()
@click.option(
    "--times", default=50, show_default=True, type=click.IntRange(1), help="Crashes, daemon and worker in turn."
)
@click.option("--seed", default=None, type=int, help="Repeats a run, as far as processes can.  [default: at random]")
@click.option("--guests", default=100, show_default=True, type=click.IntRange(0, 200), help="In the crowd at the end.")
def main(times: int, seed: int | None, guests: int) -> None:
    """Crash a server again and again, and bring it back."""
    seed = Random().randrange(10**6) if seed is None else seed
    click.echo(f"--seed {seed}")
    with tempfile.TemporaryDirectory(prefix="confserver-crashes-") as folder:
        faults = asyncio.run(_run(Path(folder), times, Random(seed), guests))
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


async def _run(folder: Path, times: int, random: Random, guests: int) -> list[str]:
    (folder / "life").mkdir()
    (folder / "crowd").mkdir()
    crashes = await crash_in_turn(folder / "life", times, random)
    faults = [
        f"crash {turn + 1}, {crash.victim}: {fault}" for turn, crash in enumerate(crashes) for fault in crash.faults
    ]
    table = Table("what", "times", "p50 s", "p95 s", "max s", "limit s", box=None)
    for victim in ("daemon", "worker"):
        taken = [crash.serving_s for crash in crashes if crash.victim == victim]
        _row(table, f"{victim} killed: serves again", taken, SERVING_LIMIT_S)
    if guests:
        with running_daemon(folder / "crowd") as daemon:
            async with aiohttp.ClientSession(daemon.http_url, connector=aiohttp.TCPConnector(limit=0)) as http:
                returned = await crash_crowd(daemon, http, guests)
        _row(table, f"{guests} guests have seat and media again", returned.back_s, BACK_LIMIT_S)
        faults += [f"{returned.strangers} of the crowd came back to another seat"] * bool(returned.strangers)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    return faults


def _row(table: Table, what: str, taken: list[float], limit_s: float) -> None:
    if taken:
        ordered = sorted(taken)
        p50, p95 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95))
        table.add_row(what, str(len(taken)), *(f"{value:.2f}" for value in (p50, p95, ordered[-1], limit_s)))


if __name__ == "__main__":
    main()
