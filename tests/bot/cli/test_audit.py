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
def test_a_lost_hash_outside_names_its_file(cli: Cli, settings: Settings) -> None:
    settings.audit_head_file.unlink()
    outcome = cli("audit", "verify")
    assert outcome.code == 1
    assert str(settings.audit_head_file) in outcome.out
