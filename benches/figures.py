"""What a bench found: figures, some with a target, and the table they are printed as.

It measures nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `target` is the most it should be; `note` says what a reader must know to read it right."""

    bench: str
    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`met` or `missed`; empty without a target."""
        if self.target is None:
            return ""
        return "met" if self.value <= self.target else "missed"

    def as_dict(self) -> dict[str, str | float | None]:
        """For JSON."""
        return {
            "bench": self.bench,
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "target": self.target,
            "verdict": self.verdict or None,
            "note": self.note or None,
        }


_COLOURS = {"met": "green", "missed": "bold red", "": ""}


def table(figures: Iterable[Figure]) -> Table:
    """All figures, in order, a rule between two benches."""
    shown = Table("bench", "figure", "value", "target", "verdict", "note", title="confserver, measured from outside")
    for column in (2, 3):
        shown.columns[column].justify = "right"
    latest = None
    for figure in figures:
        if latest not in {None, figure.bench}:
            shown.add_section()
        target = "" if figure.target is None else f"<= {figure.target:.4g} {figure.unit}"
        style = _COLOURS[figure.verdict]
        shown.add_row(
            figure.bench if figure.bench != latest else "",
            figure.name,
            f"{round(figure.value, 3):.3g} {figure.unit}",
            target,
            f"[{style}]{figure.verdict}[/]" if style else "",
            figure.note,
        )
        latest = figure.bench
    return shown


def percentile(values: Sequence[float], percent: float) -> float:
    """Interpolated percentile. Raises ValueError when there are no values: a bench that saw nothing has failed."""
    if not values:
        raise ValueError("nothing was measured")
    return float(np.percentile(values, percent))
