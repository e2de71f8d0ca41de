"""Settings: their sources and precedence, and one sentence for each mistake."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from confserver.addresses import advertised_addresses, host_addresses, public_url
from confserver.config import Settings
from confserver.config_example import render_example
from confserver.config_sources import load_settings
from confserver.errors import ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CONFSERVER_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "confserver.toml"


def test_the_example_lists_every_setting_and_is_the_defaults() -> None:
    assert EXAMPLE.read_text() == render_example()
    assert load_settings(EXAMPLE) == Settings()


def test_a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("[http]\nport = 1\nhost = '10.0.0.1'\n[media]\nworkers = 2\n")
    monkeypatch.setenv("CONFSERVER_HTTP__PORT", "2")
    monkeypatch.setenv("CONFSERVER_MEDIA__UDP_PORT", "20")
    settings = load_settings(config, {"media": {"udp_port": 30}})
    assert (settings.http.port, settings.http.host) == (2, "10.0.0.1")
    assert (settings.media.udp_port, settings.media.workers, settings.media.max_speakers) == (30, 2, 6)


def test_the_environment_gives_lists_secrets_and_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFSERVER_DATA_DIR", "/srv/meetings")
    monkeypatch.setenv("CONFSERVER_ADMIN_PASSWORD", "hush")
    monkeypatch.setenv("CONFSERVER_MEDIA__ADVERTISED_ADDRESSES", "192.0.2.7, 2001:DB8::7")
    settings = load_settings()
    assert settings.data_dir == Path("/srv/meetings")
    assert settings.admin_password.get_secret_value() == "hush"
    assert "hush" not in repr(settings)
    assert settings.media.advertised_addresses == ("192.0.2.7", "2001:db8::7")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[media]\nudp_port = 70000", ("media.udp_port", "70000", "65535")),
        ("[media]\nudp_prt = 7", ("media.udp_prt", "7", "not a known field")),
        ("[medai]\nudp_port = 7", ("medai", "not a known field")),
        ("media = 7", ("media", "7")),
        ("[media]\nadvertised_addresses = ['1.2.3.4', 'x']", ("media.advertised_addresses", "'x'", "address")),
        ("[http]\npublic_url = 'meet.example.com'", ("http.public_url", "'meet.example.com'", "https://")),
        ("[http]\nallowed_origins = ['https://a/b']", ("http.allowed_origins", "https://a/b")),
        ("[http]\nframe_ancestors = ['https://a; script-src *']", ("http.frame_ancestors", "https://a; script-src *")),
        ("[http]\ntrusted_proxies = ['10.0.0.0/33']", ("http.trusted_proxies", "'10.0.0.0/33'", "network")),
        ("[log]\nlevel = 'loud'", ("log.level", "'loud'", "'debug'")),
        ("[media\n", ("TOML", "line 1")),
        ("x = " + "[" * 2000, ("TOML", "recursion")),
        (".".join(["a"] * 1500) + " = 1", ("a = {'a': {'a'", "not a known field")),
        ("'" + "x" * 1000 + "' = 1", ("xxx... = 1", "not a known field")),
        ('"a\\nb" = 1', ("a\\nb = 1", "not a known field")),
    ],
)
def test_a_mistake_in_the_file_is_told_in_one_sentence(config: Path, text: str, words: tuple[str, ...]) -> None:
    config.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(config)
    sentence = caught.value.message
    assert all(word in sentence for word in (str(config), *words)), sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("CONFSERVER_HTTP__PORT", "x", "http.port"),
        ("CONFSERVER_HTTP__PROT", "1", "http.prot"),
        ("CONFSERVER_HTTP", "1", "http"),
    ],
)
def test_a_mistake_in_the_environment_too(monkeypatch: pytest.MonkeyPatch, name: str, value: str, key: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"the environment: {key} = '{value}'"):
        load_settings()


def test_a_password_is_never_repeated(config: Path) -> None:
    config.write_text("admin_password = ['hush']")
    with pytest.raises(ConfigError) as caught:
        load_settings(config)
    assert "hush" not in caught.value.message


def test_nor_is_what_stands_under_a_misspelt_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFSERVER_ADMIN_PASWORD__X", "hush")
    with pytest.raises(
        ConfigError, match=r"CONFSERVER_ADMIN_PASWORD__X: there is no section \[admin_pasword\]"
    ) as caught:
        load_settings()
    assert "hush" not in caught.value.message


def test_a_missing_file_is_named(config: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_settings(config)


def http(**values: Any) -> Settings:
    return load_settings(flags={"http": values})


def test_links_begin_with_what_the_operator_said_or_what_is_listened_on() -> None:
    assert public_url(http(public_url="https://Meet.Example.com/")) == "https://meet.example.com"
    assert public_url(http(host="192.0.2.9", port=80)) == "https://192.0.2.9:80"
    assert public_url(http(host="::1")) == "http://[::1]:8080"


def test_media_addresses_follow_the_http_host() -> None:
    assert advertised_addresses(http()) == ("127.0.0.1",)
    assert advertised_addresses(http(host="localhost")) == ("127.0.0.1",)
    assert advertised_addresses(http(host="192.0.2.9")) == ("192.0.2.9",)
    assert "0.0.0.0" not in advertised_addresses(http(host="0.0.0.0"))
    published = http(public_url="https://meet.example.com")
    assert advertised_addresses(published) == (host_addresses() or ("127.0.0.1",))
    assert advertised_addresses(http(public_url="http://localhost:8080")) == ("127.0.0.1",)
    given = load_settings(flags={"media": {"advertised_addresses": ["203.0.113.5"]}})
    assert advertised_addresses(given) == ("203.0.113.5",)


def test_settings_are_checked_without_the_media_libraries() -> None:
    code = (
        "import sys; from confserver.cli import main\n"
        "try: main(['run', '--port', '0'])\n"
        "except SystemExit as exit: print(exit.code, [m for m in ('av', 'numpy', 'aiortc') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 []\n"
    assert done.stderr == "confserver: the command line: http.port = 0: should be greater than or equal to 1.\n"


def test_networks_of_proxies_may_be_written_as_addresses_in_them(config: Path) -> None:
    config.write_text("[http]\ntrusted_proxies = ['10.1.2.3/8', '::1']")
    assert load_settings(config).http.trusted_proxies == ("10.0.0.0/8", "::1/128")
