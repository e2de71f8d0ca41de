"""`python -m fuzz.under_atheris NAME FOLDER [libFuzzer's flags and folders]`: one target in a process of its own.

It decides nothing about time or corpus: `fuzz.campaign` passes that on to libFuzzer, which never returns, and reads
what it says at its end. The costliest inputs are left in FOLDER, to be measured where no coverage is taken.
"""

import sys
from pathlib import Path

import atheris

from fuzz.promise import Costliest
from fuzz.target import load

PACKAGES = ["confserver", "signaling", "mixer"]


def main() -> None:
    """Fuzz the target that the command line names."""
    name, folder, *flags = sys.argv[1:]
    with atheris.instrument_imports(include=PACKAGES):
        target = load(name)
    atheris.Setup([sys.argv[0], *flags], Costliest(target.check, Path(folder)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
