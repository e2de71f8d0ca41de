"""What the table says of a figure is what a reader would conclude from it."""

import io

import pytest
from rich.console import Console

from benches.figures import Figure, percentile, table


def test_a_figure_at_its_target_has_met_it() -> None:
    assert Figure("a", "b", 2.0, "ms", 2.0).verdict == "met"
    assert Figure("a", "b", 2.1, "ms", 2.0).verdict == "missed"
    assert Figure("a", "b", 2.1, "ms").verdict == ""


def test_the_table_shows_value_target_and_verdict() -> None:
    console = Console(width=200, file=io.StringIO(), record=True)
    console.print(table([Figure("join", "p95", 120.0, "ms", 300.0), Figure("room", "encodes", 5.0, "", 4.0)]))
    lines = console.export_text().splitlines()
    assert any("120 ms" in line and "<= 300 ms" in line and "met" in line for line in lines)
    assert any("encodes" in line and "missed" in line for line in lines)


def test_a_bench_that_saw_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)
