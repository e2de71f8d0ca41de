"""Runs targets under atheris, each in a process of its own for a given time, and reads what libFuzzer says of it.

What was found worth keeping stays in `artifacts/fuzz/<target>`, so that the next run begins where this one ended; an
input that breaks a promise stays beside it.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.promise import LIMIT_MS, cost_ms
from fuzz.target import Target, load

FOUND = Path(__file__).parents[1] / "artifacts" / "fuzz"
LONGEST = 16 * 1024
"""Longer inputs are measured, not varied: in the time of one, hundreds of short ones reach the same code."""

HANG_LIMIT_S = 10
"""An input that is not done by then hangs, whatever it costs."""

_NUMBER = r"\s*([0-9]+)"
_ARTIFACT = re.compile(r"Test unit written to (\S+)")
_ERROR = re.compile(r"=== Uncaught Python exception: ===\n(.*?)\n\n", re.DOTALL)
WORDS_SHOWN = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a target has come to. `crasher` is None when it kept its promises; `words` say how it broke one."""

    name: str
    inputs: int
    per_s: int
    coverage: int
    new_inputs: int
    slowest_ms: float
    crasher: str | None
    words: str


def fuzz(name: str, seconds: int) -> Outcome:
    """Run one target for so many seconds."""
    target = load(name)
    with tempfile.TemporaryDirectory() as folder:
        known, costly, found = Path(folder) / "known", Path(folder) / "costly", FOUND / name
        for place in (known, costly, found):
            place.mkdir(parents=True, exist_ok=True)
        for index, data in enumerate(target.known()):
            ((known if len(data) <= LONGEST else costly) / f"known-{index}").write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-m", "fuzz.under_atheris", name, str(costly), *_flags(target, seconds), found, known],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        slowest_ms, slowest = max(_costs(target, costly), default=(0.0, b""))
    crasher, words = _blame(done.stdout, done.returncode)
    if crasher is None and slowest_ms > LIMIT_MS:
        crasher, words = _keep(name, slowest), f"{name}: {slowest_ms:.0f} ms for {len(slowest)} bytes"
    return Outcome(
        name,
        _last(done.stdout, "stat::number_of_executed_units:"),
        _last(done.stdout, "stat::average_exec_per_sec:"),
        _last(done.stdout, " cov:"),
        _last(done.stdout, "stat::new_units_added:"),
        slowest_ms,
        crasher,
        words,
    )


def _flags(target: Target, seconds: int) -> list[str]:
    return [
        f"-max_total_time={seconds}",
        f"-max_len={min(target.max_bytes, LONGEST)}",
        f"-timeout={HANG_LIMIT_S}",
        f"-artifact_prefix={FOUND}/{target.name}-",
        "-print_final_stats=1",
    ]


def _costs(target: Target, folder: Path) -> Iterator[tuple[float, bytes]]:
    """What the inputs in a folder cost without coverage, and they themselves."""
    for path in folder.iterdir():
        data = path.read_bytes()
        yield cost_ms(target.check, data), data


def _blame(said: str, code: int) -> tuple[str | None, str]:
    """The input that broke a promise and the error it raised; None and nothing when all were kept."""
    if code == 0:
        return None, ""
    artifact, error = _ARTIFACT.search(said), _ERROR.search(said)
    return artifact[1] if artifact else "unknown", (error[1] if error else said)[-WORDS_SHOWN:]


def _keep(name: str, data: bytes) -> str:
    path = FOUND / f"{name}-slow"
    path.write_bytes(data)
    return str(path)


def _last(said: str, label: str) -> int:
    """The last number behind a label; 0 where there is none."""
    found = re.findall(re.escape(label) + _NUMBER, said)
    return int(found[-1]) if found else 0
