"""The command line as an operator meets it: what it prints, in words and in JSON, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from confserver import __version__
from confserver.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `confserver` with arguments on a data folder of its own."""
    monkeypatch.setenv("CONFSERVER_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str, code: int = 0, stdin: str = "") -> Result:
        result = CliRunner().invoke(main, arguments, input=stdin)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def admin(run: Run) -> str:
    run("user", "add", "root", "--role", "ADMIN", "--password-stdin", stdin="hush\n")
    return "root"


def answer(run: Run, *arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_version_and_help(run: Run) -> None:
    assert __version__ in run("--version").stdout
    for command in ("run", "check-config", "user", "user add", "meeting", "invite", "backup", "restore"):
        assert command.split()[-1] in run(*command.split(), "--help").stdout
    for command in ("create", "list", "show", "delete"):
        assert "Exit codes" in run("meeting", command, "--help").stdout


def test_every_command_takes_json() -> None:
    def commands(group: click.Group) -> list[click.Command]:
        context = click.Context(group)
        found = [group.get_command(context, name) for name in group.list_commands(context)]
        return [
            leaf for item in found if item for leaf in (commands(item) if isinstance(item, click.Group) else [item])
        ]

    leaves = commands(main)
    assert {leaf.name for leaf in leaves} >= {
        "run",
        "check-config",
        "add",
        "limit",
        "create",
        "list",
        "show",
        "delete",
        "invite",
        "backup",
        "restore",
    }
    assert all("is_json" in {parameter.name for parameter in leaf.params} for leaf in leaves)


def test_a_user_gets_a_password_once_or_brings_one(run: Run) -> None:
    assert len(answer(run, "user", "add", "ada")["password"]) >= 12
    run("user", "add", "ada", code=1)
    brought = run("user", "add", "bob", "--password-stdin", "--json", stdin="hush\n")
    assert json.loads(brought.stdout)["password"] is None
    run("user", "add", "eve", "--password-stdin", code=2, stdin="\n")
    run("user", "add", "eve", "--role", "KING", code=2)


def test_meetings_are_made_listed_shown_and_deleted(run: Run, admin: str) -> None:
    made = answer(run, "meeting", "create", "Weekly", "--pin", "0123", "--set", "capacity=3", "--set", "layout=LAYOUT2")
    assert (made["room_pin"], made["capacity"], made["layout"], made["ownership"]) == ("0123", 3, "LAYOUT2", "root")
    assert made["invite_url"] == f"http://127.0.0.1:8080/join/{made['access_key']}"
    assert "Weekly" in run("meeting", "list").stdout
    assert [item["id"] for item in answer(run, "meeting", "list", "--search", "week")] == [made["id"]]
    assert answer(run, "meeting", "list", "--search", "daily") == []
    for reference in (made["id"], made["extension_number"], made["access_key"]):
        assert answer(run, "meeting", "show", reference) == made
    assert answer(run, "meeting", "delete", made["id"]) == {"id": made["id"]}
    assert "no meeting" in run("meeting", "show", made["id"], code=3).stderr


def test_a_number_may_be_chosen(run: Run, admin: str) -> None:
    assert answer(run, "meeting", "create", "Hotline", "--set", "extension_number=0800")["extension_number"] == "0800"
    assert "in use" in run("meeting", "create", "Another", "--set", "extension_number=0800", code=1).stderr


def test_a_tenant_may_have_more_meetings_at_once_than_others(run: Run, admin: str) -> None:
    assert answer(run, "tenant", "limit", "default", "50") == {"domain": "default", "max_online": 50}
    assert answer(run, "tenant", "limit", "default") == {"domain": "default", "max_online": None}
    assert "no tenant" in run("tenant", "limit", "nobody.example", "5", code=3).stderr
    run("tenant", "limit", "default", "-1", code=2)


def test_an_invitation_has_what_a_guest_needs(run: Run, admin: str) -> None:
    start = "scheduled_start_at=2027-05-04T09:30:00Z"
    made = answer(run, "meeting", "create", "Weekly", "--pin", "4711", "--timezone", "Europe/Berlin", "--set", start)
    text = run("invite", made["id"]).stdout
    assert made["invite_url"] in text
    assert "4711" in text
    assert "2027-05-04 11:30 (Europe/Berlin)" in text
    assert answer(run, "invite", made["id"], "--with-pin")["invite_url"] == f"{made['invite_url']}#pin=4711"
    run("invite", "nothing", code=3)


def test_what_is_wrong_with_a_meeting_is_told_by_field(run: Run, admin: str) -> None:
    refused = run("meeting", "create", "Weekly", "--capacity", "900", "--set", "colour=blue", code=2)
    assert "capacity should be less than or equal to 200" in refused.stderr
    assert "colour is not a known field" in refused.stderr
    run("meeting", "create", "Weekly", "--set", "colour", code=2)
    run("meeting", "create", "Weekly", "--owner", "nobody", code=3)
    run("meeting", "list", "--domain", "nowhere", code=3)


def test_check_config_shows_what_settings_come_to(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "confserver.toml"
    config.write_text("[http]\nport = 9000\n")
    assert "http://127.0.0.1:9000" in run("check-config", "--config", str(config)).stdout
    assert answer(run, "check-config")["http"]["port"] == 8080
    config.write_text("[http]\nport = 0\n")
    refused = run("check-config", "--config", str(config), code=2)
    assert refused.stderr.startswith(f"confserver: {config}: http.port = 0: ")


def test_check_config_tells_which_certificate_is_served_and_what_is_wrong_with_it(run: Run, tmp_path: Path) -> None:
    assert "none: plain HTTP" in run("check-config").stdout
    config = tmp_path / "confserver.toml"
    config.write_text("[http]\nhost = '0.0.0.0'\n")
    assert "self-signed: browsers will warn of it" in run("check-config", "--config", str(config)).stdout
    config.write_text("[tls]\ncertificate = '/nowhere/site.pem'\n")
    refused = run("check-config", "--config", str(config), code=2)
    assert refused.stderr == (
        "confserver: tls.certificate = '/nowhere/site.pem': the file cannot be read: no such file or directory.\n"
    )
