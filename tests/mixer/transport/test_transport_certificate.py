"""The key a media process identifies itself with: its own, in memory only."""

import subprocess
import sys
from pathlib import Path

MAKE_ONE = """
from mixer.transport.certificate import Certificate
print([each.value for each in Certificate().fingerprints if each.algorithm == "sha-256"][0])
"""


def test_each_process_has_a_key_of_its_own_that_nobody_can_read(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    command, environment = [sys.executable, "-c", MAKE_ONE], {"PYTHONPATH": str(root)}
    fingerprints = {
        subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout for _ in range(2)
    }
    assert len(fingerprints) == 2
    assert list(tmp_path.iterdir()) == []
