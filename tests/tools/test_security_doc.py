"""What docs/security.md names is there: every test, fuzz target, bench and command."""

import re
from pathlib import Path

from benches.__main__ import BENCHES
from fuzz.target import NAMES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
TESTS = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
NAMED_TEST = re.compile(r"`(test_\w+\.py)?(?:::(test_\w+))?`")


def missing_tests(text: str) -> list[str]:
    """Files and functions that are named and do not exist. `::test_x` alone is of the file named before it."""
    missing = []
    file = ""
    for named, function in NAMED_TEST.findall(text):
        file = named or file
        source = TESTS.get(file)
        if (named or function) and (source is None or (function and f"def {function}(" not in source)):
            missing.append(f"{file}::{function}")
    return missing


def test_every_test_exists() -> None:
    assert len(NAMED_TEST.findall(TEXT)) > 80
    assert not missing_tests(TEXT)


def test_one_that_is_missing_is_noticed() -> None:
    assert missing_tests("`test_security_doc.py`, `::test_every_test_exists`, `test_nowhere.py`") == [
        "test_nowhere.py::"
    ]
    assert missing_tests("`test_security_doc.py::test_nothing`") == ["test_security_doc.py::test_nothing"]


def test_every_fuzz_target_bench_and_command_exists() -> None:
    targets = [name for names in re.findall(r"fuzz targets? ((?:`\w+`(?:, )?)+)", TEXT) for name in names.split(", ")]
    assert {name.strip("`") for name in targets if name} <= set(NAMES)
    assert set(re.findall(r"benches --only (\w+)", TEXT)) <= BENCHES.keys()
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{target}:" in makefile for target in re.findall(r"`make (\w+)`", TEXT))
