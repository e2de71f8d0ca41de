"""Which inputs a fuzz run hands over to be measured, on invented time."""

from pathlib import Path

import pytest

from fuzz import promise
from fuzz.promise import KEPT, Costliest, cost_ms


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What each further input takes, in milliseconds."""
    ahead: list[float] = []
    times = (time for took in iter(lambda: ahead.pop(0), None) for time in (0.0, took / 1000))
    monkeypatch.setattr(promise, "thread_time", times.__next__)
    return ahead


def test_the_costliest_inputs_are_left_behind(costs: list[float], tmp_path: Path) -> None:
    costs += [float(number * 7 % 100 + 1) for number in range(100)]
    expected = {str(int(cost)).encode() for cost in sorted(costs)[-KEPT:]}
    check = Costliest(lambda data: None, tmp_path)
    for cost in list(costs):
        check(str(int(cost)).encode())
    assert {path.read_bytes() for path in tmp_path.iterdir()} == expected


def test_an_input_costs_what_it_takes_at_the_least(costs: list[float]) -> None:
    costs += [90.0, 20.0, 70.0, 80.0]
    assert cost_ms(lambda data: None, b"") == pytest.approx(20.0)


def test_an_input_that_breaks_a_promise_is_not_measured_again(costs: list[float], tmp_path: Path) -> None:
    def broken(data: bytes) -> None:
        raise ZeroDivisionError

    costs += [1.0]
    with pytest.raises(ZeroDivisionError):
        Costliest(broken, tmp_path)(b"x")
    assert not list(tmp_path.iterdir())
