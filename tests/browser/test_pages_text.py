"""The pages and their catalogue: every text that is asked for exists, and none waits in vain."""

import re
from pathlib import Path

from confserver.pages import WEB_ROOT

STATIC = WEB_ROOT / "static"
CATALOGUE = STATIC / "text" / "en.js"


def scripts() -> dict[Path, str]:
    return {path: path.read_text() for path in STATIC.rglob("*.js") if path != CATALOGUE}


def known_keys() -> set[str]:
    return set(re.findall(r'^  "?([\w.]+)"?:\s+"', CATALOGUE.read_text(), re.MULTILINE))


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys spelled out, and patterns of those that are put together."""
    spelled: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for source in scripts().values():
        spelled |= set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', source)) | set(re.findall(r'\bt\("(\w+)"', source))
        for template in re.findall(r"(?:\bt|#say)\(`([^`]+)`", source):
            patterns.append(re.compile(re.sub(r"\\\$\\\{[^}]*\\\}", r"[\\w.]+", re.escape(template))))
    return spelled, patterns


def test_every_text_is_there_and_used() -> None:
    keys = known_keys()
    spelled, patterns = asked_for()
    modules = {f"{path.stem}.js" for path in STATIC.rglob("*.js")}
    assert {key for key in spelled if key not in modules} <= keys
    assert {key for key in keys if key not in spelled and not any(p.fullmatch(key) for p in patterns)} == set()


def test_every_import_leads_to_a_module() -> None:
    missing = [
        f"{path.name}: {target}"
        for path, source in scripts().items()
        for target in re.findall(r'from "(\.[^"]+)"|^import "(\.[^"]+)"', source, re.MULTILINE)
        if not (path.parent / "".join(target)).exists()
    ]
    assert missing == []


def test_no_markup_carries_script_or_style() -> None:
    """The policy of the server forbids it, and nothing that people typed may ever become markup."""
    for page in WEB_ROOT.glob("*.html"):
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page.read_text()), page
    for path, source in scripts().items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", source), path
