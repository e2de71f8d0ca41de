"""Settings (`confserver.config_sources`): settings in their range, or ConfigError with one sentence.

Behind a first byte of zero an input is a TOML file, behind any other it is an environment: lines of NAME=value.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from confserver.addresses import advertised_addresses, public_url
from confserver.config import Settings
from confserver.config_example import render_example
from confserver.config_sources import ENVIRONMENT_PREFIX, load_settings
from confserver.errors import ConfigError

MAX_BYTES = 4096
"""A file of the operator's own: that tomllib takes a second for a key of ten thousand parts harms nobody."""
MOST_SENTENCE = 4096


def target(data: bytes) -> None:
    """A mistake is told in one line; what is right can be started with."""
    try:
        settings = _load(data[:1] != b"\0" and bool(data), data[1:])
    except ConfigError as error:
        assert "\n" not in error.message
        assert "\x1b" not in error.message
        assert len(error.message) <= MOST_SENTENCE
        return
    assert public_url(settings).startswith("http")
    advertised_addresses(settings)


def _load(is_environment: bool, text: bytes) -> Settings:
    if is_environment:
        with patch.dict(os.environ, _environment(text), clear=True):
            return load_settings()
    with tempfile.NamedTemporaryFile(suffix=".toml") as file, patch.dict(os.environ, {}, clear=True):
        file.write(text)
        file.flush()
        return load_settings(Path(file.name))


def _environment(text: bytes) -> Mapping[str, str]:
    """Names that are not ours change nothing here, so all are made ours."""
    lines = text.decode(errors="replace").replace("\0", "").split("\n")
    pairs = (line.partition("=") for line in lines)
    return {ENVIRONMENT_PREFIX + name: value for name, _, value in pairs}


def seeds() -> Iterator[bytes]:
    """The example, and the same settings by environment."""
    yield b"\0" + render_example().encode()
    yield b"\0[http]\nport = 9000\nallowed_origins = ['https://a.example.com']\n[media]\nadvertised_addresses = ['::1']"
    yield b"\1HTTP__PORT=9000\nHTTP__PUBLIC_URL=https://meet.example.com\nMEDIA__ADVERTISED_ADDRESSES=192.0.2.1,::1"
    yield b"\1HTTP={}\nADMIN_PASSWORD=hush\nLOG__LEVEL=debug\nDATA_DIR=/srv"
