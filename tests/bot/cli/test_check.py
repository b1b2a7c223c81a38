"""`check`: names every fault at once and changes nothing."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.cli.check import Finding, State, look
from bot.config import DATA, Settings, load_settings
from tests.bot.cli.conftest import Cli

TODAY = date(2026, 1, 5)


def state(settings: Settings, what: str, today: date = TODAY) -> Finding:
    return next(finding for finding in look(settings, today) if finding.what == what)


def test_before_the_first_start_nothing_is_made(cli: Cli, settings: Settings) -> None:
    outcome = cli("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert "is made at the first start" in outcome.out
    assert not settings.data_dir.exists()
    assert not settings.keys_dir.exists()
    assert not settings.host_key_file.exists()


@pytest.mark.usefixtures("installed")
def test_a_sound_installation_has_no_fault(cli: Cli) -> None:
    outcome = cli("check")
    assert outcome.code == 0
    assert "No faults." in outcome.out
    assert "The host key fits" in outcome.out


@pytest.mark.usefixtures("installed")
def test_several_faults_are_all_named(cli: Cli, settings: Settings) -> None:
    settings.host_key_file.unlink()
    settings.database_file.chmod(0o644)
    outcome = cli("check")
    assert outcome.code == 1
    assert "2 faults." in outcome.out
    assert "These are not lost" in outcome.out
    assert "chmod go-rwx" in outcome.out


@pytest.mark.usefixtures("installed")
def test_a_damaged_database_is_a_fault(settings: Settings) -> None:
    with settings.database_file.open("r+b") as stream:
        stream.seek(5_000)
        stream.write(b"\xff" * 20_000)
    assert state(settings, "database").state is State.FAULT


@pytest.mark.usefixtures("installed")
def test_a_database_of_a_newer_version_is_a_fault(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.execute("PRAGMA user_version = 9999")
    finding = state(settings, "database")
    assert finding.state is State.FAULT
    assert "newer version" in finding.detail


@pytest.mark.usefixtures("installed")
def test_a_database_of_an_older_version_is_a_warning(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.execute("PRAGMA user_version = 1")
    assert state(settings, "database").state is State.WARNING


def test_stale_crisis_lines_are_named_and_no_fault(settings: Settings) -> None:
    finding = state(settings, "crisis lines", date(2030, 1, 1))
    assert finding.state is State.WARNING
    assert "more than 90 days ago" in finding.detail


def test_a_broken_crisis_file_of_the_operator_is_a_fault(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[lines]]\nid = "x"\n', encoding="utf-8")
    monkeypatch.setenv("INTERLUDE_CRISIS_FILE", str(own))
    finding = state(load_settings(), "content")
    assert finding.state is State.FAULT
    assert "own.toml" in finding.detail
    assert len(finding.detail.splitlines()) > 3


def test_a_broken_text_file_is_a_fault(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for locale in ("en", "es"):
        (tmp_path / "locales" / locale).mkdir(parents=True)
    (tmp_path / "locales" / "en" / "core.toml").write_text('a = "x"', encoding="utf-8")
    (tmp_path / "content").symlink_to(DATA / "content")
    (tmp_path / "crisis_lines.toml").symlink_to(DATA / "crisis_lines.toml")
    monkeypatch.setattr("bot.cli.check.DATA", tmp_path)
    finding = state(settings, "texts")
    assert finding.state is State.FAULT
    assert "es: core.a is missing" in finding.detail


def test_keys_beside_the_database_are_a_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERLUDE_KEYS_DIR", str(settings.data_dir))
    assert state(load_settings(), "three places").state is State.FAULT


def test_a_ladder_with_faults_is_a_fault_that_names_them_all(
    settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "ladder.toml"
    own.write_text("[now]\n[soon]\n[today]\n", encoding="utf-8")

    found = state(settings.model_copy(update={"ladder_file": own}), "ladder")

    assert found.state is State.FAULT
    for part in ("now.steps", "soon.repeats_every", "watch", "morning"):
        assert part in found.detail


def test_without_a_way_to_call_people_it_warns(settings: Settings) -> None:
    assert state(settings, "call-outs").state is State.WARNING


def test_a_test_call_with_nobody_to_call_says_so(cli: Cli) -> None:
    assert "There is nobody to call" in cli("check", "--call-out").out
