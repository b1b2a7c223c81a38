"""`audit verify`: names the first line that does not fit."""

import sqlite3
from contextlib import closing

import pytest

from bot.config import Settings
from tests.bot.cli.conftest import Cli


def test_without_a_database_there_is_nothing_to_verify(cli: Cli, settings: Settings) -> None:
    outcome = cli("audit", "verify")
    assert outcome.code == 2
    assert not settings.data_dir.exists()


@pytest.mark.usefixtures("installed")
def test_a_changed_line_is_named_and_exits_with_1(cli: Cli, settings: Settings) -> None:
    cli("staff", "add", "812345678901234568", "--role", "moderator")
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        database.execute("DROP TRIGGER audit_entries_never_change")
        database.execute("UPDATE audit_entries SET at = at - 1 WHERE id = 1")

    outcome = cli("audit", "verify")

    assert outcome.code == 1
    assert outcome.out.startswith("Line 1 was changed")


@pytest.mark.usefixtures("installed")
def test_a_whole_log_says_so_and_exits_with_0(cli: Cli) -> None:
    outcome = cli("audit", "verify")

    assert outcome.code == 0
    assert "The audit log is whole: 1 lines" in outcome.out


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("UPDATE audit_entries SET at = at - 1 WHERE id IN (2, 3)", "Line 2 was changed"),
        ("DELETE FROM audit_entries WHERE id = 2", "Line 2"),
        ("DELETE FROM audit_entries WHERE id = 4", "Line 4"),
    ],
)
def test_of_several_broken_lines_the_first_is_named(
    cli: Cli, settings: Settings, broken: str, said: str
) -> None:
    for account in (812345678901234568, 812345678901234569, 812345678901234570):
        cli("staff", "add", str(account), "--role", "moderator")
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(broken)

    outcome = cli("audit", "verify")

    assert outcome.code == 1
    assert outcome.out.startswith(said)


@pytest.mark.usefixtures("installed")
def test_a_lost_hash_outside_names_its_file(cli: Cli, settings: Settings) -> None:
    settings.audit_head_file.unlink()
    outcome = cli("audit", "verify")
    assert outcome.code == 1
    assert str(settings.audit_head_file) in outcome.out
