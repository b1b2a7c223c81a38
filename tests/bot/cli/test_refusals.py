"""What cannot start says so in one sentence, without a traceback, and exits with 2."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.store.lock import hold_directory
from tests.bot.cli.conftest import Cli


def test_run_without_a_token_says_what_is_missing_and_where_to_get_it(cli: Cli) -> None:
    outcome = cli("run")
    assert outcome.code == 2
    assert outcome.err.startswith("INTERLUDE_TOKEN is missing")
    assert "https://discord.com/developers/applications" in outcome.err
    assert "`make demo` needs none" in outcome.err
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("token", ["", "   ", "ключ"])
def test_a_token_that_cannot_be_one_is_refused_before_the_network(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("INTERLUDE_TOKEN", token)
    outcome = cli("run")
    assert outcome.code == 2
    assert "INTERLUDE_TOKEN" in outcome.err


def test_every_setting_that_cannot_be_used_is_named_at_once(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERLUDE_GUILD_ID", "home")
    monkeypatch.setenv("INTERLUDE_DEMO_PORT", "many")
    outcome = cli("check")
    assert outcome.code == 2
    assert "INTERLUDE_GUILD_ID" in outcome.err
    assert "INTERLUDE_DEMO_PORT" in outcome.err


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "command",
    [
        ("migrate",),
        ("staff", "add", "812345678901234568", "--role", "moderator"),
        ("staff", "remove", "812345678901234567"),
        ("restore", "copy.db"),
        ("keys", "start-over"),
    ],
    ids=" ".join,
)
def test_what_writes_is_refused_while_the_bot_runs(
    cli: Cli, settings: Settings, command: tuple[str, ...]
) -> None:
    cli("backup", "copy.db")

    with hold_directory(settings.data_dir):
        outcome = cli(*command, typed="start over")

    assert outcome.code == 2
    assert outcome.err.startswith("Another Interlude already uses")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    "command",
    [
        ("staff", "list"),
        ("backup", "copy.db"),
        ("keys", "backup", "keys-copy"),
        ("audit", "verify"),
    ],
    ids=" ".join,
)
def test_what_only_reads_works_while_the_bot_runs(
    cli: Cli, settings: Settings, command: tuple[str, ...]
) -> None:
    with hold_directory(settings.data_dir):
        outcome = cli(*command)

    assert (outcome.code, outcome.err) == (0, "")


def test_a_data_directory_that_cannot_be_written_is_one_sentence(
    cli: Cli, settings: Settings
) -> None:
    settings.data_dir.write_text("a file where a directory should be", encoding="ascii")
    outcome = cli("migrate")
    assert outcome.code == 2
    assert str(settings.data_dir) in outcome.err
    assert "INTERLUDE_DATA_DIR" in outcome.err


def test_a_file_that_is_no_database_is_one_sentence(cli: Cli, settings: Settings) -> None:
    settings.data_dir.mkdir()
    settings.database_file.write_text("not a database " * 100, encoding="ascii")
    outcome = cli("migrate")
    assert outcome.code == 2
    assert str(settings.database_file) in outcome.err


def test_no_command_shows_the_help(cli: Cli) -> None:
    outcome = cli()
    assert "Usage" in outcome.out + outcome.err


def test_what_is_made_is_for_this_user_only(cli: Cli, settings: Settings, tmp_path: Path) -> None:
    cli("staff", "add", "812345678901234567", "--role", "lead")
    files = [settings.database_file, settings.keys_file, settings.host_key_file]
    assert [file.stat().st_mode & 0o077 for file in files] == [0, 0, 0]
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
