"""House rules that no linter knows: sizes, silenced checks with a reason, names, one name for one test file."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("confserver", "signaling", "mixer")
SOURCES = sorted(path for folder in (*PACKAGES, "tests", "benches", "fuzz") for path in (ROOT / folder).rglob("*.py"))
PAGES = sorted(path for path in (ROOT / "confserver" / "web").rglob("*.*") if path.suffix in {".js", ".css", ".html"})

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 40
MAX_LINE = 120
FORBIDDEN_WORDS = re.compile(r"(Manager|Helper|Util)s?$")
BARE_SILENCER = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:\s*[A-Z]+[0-9]+))")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def _definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def _in_file(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_files_are_short() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES + PAGES}
    assert not {name: lines for name, lines in sizes.items() if lines >= MAX_FILE_LINES}


def test_lines_of_pages_are_short() -> None:
    """Those of Python are ruff's."""
    found = [
        _in_file(path, number)
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_LINE
    ]
    assert not found


def test_functions_are_short() -> None:
    found = [
        f"{_in_file(path, node.lineno)} {node.name}"
        for path in SOURCES
        for node in _definitions(path)
        if not isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert not found


def test_no_class_is_named_after_nothing_in_particular() -> None:
    found = [
        f"{_in_file(path, node.lineno)} {node.name}"
        for path in SOURCES
        for node in _definitions(path)
        if isinstance(node, ast.ClassDef) and FORBIDDEN_WORDS.search(node.name)
    ]
    assert not found


@pytest.mark.parametrize(
    "pattern",
    [BARE_SILENCER, UNFINISHED],
    ids=["a silenced check names its code", "nothing is left for later"],
)
def test_comments(pattern: re.Pattern[str]) -> None:
    found = [
        _in_file(path, number)
        for path in SOURCES + PAGES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_test_files_have_unique_names() -> None:
    names = Counter(path.name for path in SOURCES if path.name.startswith("test_"))
    assert not [name for name, count in names.items() if count > 1]
