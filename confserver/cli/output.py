"""How commands answer: tables and lines for people, JSON for programs.

Both go to standard output; what goes wrong is told elsewhere (`confserver.cli.refusals`).
"""

import json
import sys
from collections.abc import Iterable, Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text


def show_json(value: object) -> None:
    """One JSON document."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; what people typed is shown as text, never as markup."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text("-" if value is None else str(value)) for value in row))
    # Wide enough for links: a table for people may be piped, and a folded link is none.
    Console(width=None if sys.stdout.isatty() else 300).print(table)


def show_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Names and values, one a line; what is None is left out."""
    known = [(name, value) for name, value in facts if value is not None]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        click.echo(f"{name:<{width}}  {value}")
