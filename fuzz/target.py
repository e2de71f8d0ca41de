"""What is fuzzed: one function for each parser, which raises only when the parser breaks a promise.

It runs nothing. A target takes any bytes at all; errors that its parser declares are no broken promise.
"""

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CRASHERS = Path(__file__).parent / "crashers"

NAMES = (
    "stun",
    "rtp",
    "hdrext",
    "rtcp",
    "twcc",
    "vp8",
    "opus_packet",
    "router",
    "srtp",
    "dtls",
    "mux",
    "sdp_parse",
    "sdp_negotiate",
    "ws_message",
    "ws_session",
    "rest_body",
    "token",
    "config",
)
"""The modules of `fuzz.targets`. They are imported by name so that atheris can instrument what they import."""


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises on a broken promise; `seeds` are inputs worth starting from; longer ones than `max_bytes` are not
    invented, because the door in front of the parser lets none through or because nothing new happens there.
    """

    name: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    max_bytes: int

    def known(self) -> Iterator[bytes]:
        """The seeds, and every input that once broke a promise: those are kept for ever."""
        yield from self.seeds()
        folder = CRASHERS / self.name
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            yield path.read_bytes()


def load(name: str) -> Target:
    """The target of that name. Raises KeyError for any that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    module = importlib.import_module(f"fuzz.targets.{name}")
    return Target(name, module.target, module.seeds, module.MAX_BYTES)
