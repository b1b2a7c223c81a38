"""`backup`, `restore` and `keys`: three places that never meet."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.store.backup import expire_key_copies, integrity_fault
from bot.store.deletions import DeletionList
from tests.bot.cli.conftest import Cli
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.usefixtures("installed")

PERSON = "p" * 22


def add_participant(settings: Settings, participant_id: str, user_id: int) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database, database:
        database.execute(
            "INSERT INTO participants (id, user_id, state, created_at) VALUES (?, ?, 'active', 0)",
            (participant_id, user_id),
        )


def participants(settings: Settings) -> list[str]:
    with closing(sqlite3.connect(settings.database_file)) as database:
        return [row[0] for row in database.execute("SELECT id FROM participants ORDER BY id")]


def test_a_backup_is_whole_and_private(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()

    outcome = cli("backup", tmp_path / "copies")

    (copy,) = (tmp_path / "copies").iterdir()
    assert outcome.code == 0
    assert str(copy) in outcome.out
    assert integrity_fault(copy) is None
    assert copy.stat().st_mode & 0o777 == 0o600


def test_the_audit_log_says_at_the_next_start_what_was_copied(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    cli("backup", tmp_path / "copies")
    cli("keys", "backup", tmp_path / "keys_copies")
    left = settings.data_dir / "host-actions.jsonl"
    left.write_text(left.read_text() + "not a line\n")

    cli("staff", "add", "812345678901234568", "--role", "moderator")
    cli("staff", "add", "812345678901234569", "--role", "moderator")

    with closing(sqlite3.connect(settings.database_file)) as database:
        actions = [row[0] for row in database.execute("SELECT action FROM audit_entries")]
    assert actions.count("data.backed_up") == 1
    assert actions.count("keys.backed_up") == 1
    assert not left.exists()
    assert cli("audit", "verify").code == 0


def test_a_backup_is_made_though_the_audit_log_cannot_be_told(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    (settings.data_dir / "host-actions.jsonl").mkdir()
    (tmp_path / "copies").mkdir()

    outcome = cli("backup", tmp_path / "copies")

    assert outcome.code == 0
    assert "The audit log will not say so" in outcome.out
    assert len(list((tmp_path / "copies").iterdir())) == 1


def test_a_backup_holds_what_was_only_just_written(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(settings.database_file)) as live:
        live.execute(
            "INSERT INTO participants (id, user_id, state, created_at) VALUES ('x',1,'a',0)"
        )
        live.commit()
        cli("backup", tmp_path / "copy.db")

    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM participants").fetchone() == (1,)


def test_a_backup_never_overwrites(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious", encoding="ascii")

    outcome = cli("backup", target)

    assert outcome.code == 2
    assert "never overwrites" in outcome.err
    assert target.read_text(encoding="ascii") == "precious"


def test_a_damaged_database_is_not_copied(cli: Cli, settings: Settings, tmp_path: Path) -> None:
    with settings.database_file.open("r+b") as stream:
        stream.seek(5_000)
        stream.write(b"\xff" * 20_000)
    outcome = cli("backup", tmp_path / "copy.db")
    assert outcome.code == 2
    assert [file.name for file in tmp_path.glob("*copy*")] == []


def test_database_keys_and_host_key_are_never_copied_into_one_place(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    cli("backup", tmp_path / "a" / "copy.db")
    cli("keys", "backup", tmp_path / "b")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "my notes").write_bytes(settings.host_key_file.read_bytes())
    refused = [
        cli("keys", "backup", tmp_path / "a"),
        cli("backup", tmp_path / "b"),
        cli("keys", "backup", tmp_path / "c"),
        cli("keys", "backup", settings.data_dir),
        cli("keys", "backup", settings.keys_dir),
        cli("keys", "backup", settings.host_key_file.parent),
        cli("backup", settings.keys_dir),
        cli("backup", settings.host_key_file.parent),
    ]
    assert [outcome.code for outcome in refused] == [2] * len(refused)
    assert all("another directory" in outcome.err for outcome in refused)


def test_copies_of_keys_are_kept_seven_days(
    cli: Cli, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.keys.system_clock", clock)
    cli("keys", "backup", tmp_path / "copies")
    (tmp_path / "copies" / "something else").touch()
    clock.advance(timedelta(days=8))

    outcome = cli("keys", "backup", tmp_path / "copies")

    assert "interlude-keys-20260105-120000.db was over 7 days old and is deleted" in outcome.out
    assert {file.name for file in (tmp_path / "copies").iterdir()} == {
        "interlude-keys-20260113-120000.db",
        "something else",
    }


def test_only_copies_over_seven_days_old_expire(tmp_path: Path) -> None:
    now = datetime(2026, 1, 15, 12, tzinfo=UTC)
    for age in (timedelta(days=7), timedelta(days=7, seconds=1), timedelta(0)):
        (tmp_path / f"interlude-keys-{now - age:%Y%m%d-%H%M%S}.db").touch()

    expired = expire_key_copies(tmp_path, now)

    assert [file.name for file in expired] == ["interlude-keys-20260108-115959.db"]
    assert len(list(tmp_path.glob("interlude-keys-*"))) == 2


def test_restore_brings_back_the_rows_and_keeps_the_earlier_database(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    add_participant(settings, PERSON, 1)
    cli("backup", tmp_path / "copy.db")
    add_participant(settings, "later" * 4, 2)

    outcome = cli("restore", tmp_path / "copy.db")

    assert outcome.code == 0
    assert participants(settings) == [PERSON]
    earlier = settings.data_dir / "before-restore.db"
    assert str(earlier) in outcome.out
    with closing(sqlite3.connect(earlier)) as database:
        assert database.execute("SELECT count(*) FROM participants").fetchone() == (2,)


def test_restore_does_deletions_over_again(cli: Cli, settings: Settings, tmp_path: Path) -> None:
    add_participant(settings, PERSON, 1)
    add_participant(settings, "q" * 22, 2)
    cli("backup", tmp_path / "copy.db")
    DeletionList(settings.keys_dir).add(PERSON)

    outcome = cli("restore", tmp_path / "copy.db")

    assert participants(settings) == ["q" * 22]
    assert "Deletions done again: 1." in outcome.out


def test_after_restore_the_audit_log_is_whole_and_says_so(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    cli("backup", tmp_path / "copy.db")
    cli("staff", "add", "812345678901234568", "--role", "moderator")
    cli("staff", "add", "812345678901234569", "--role", "moderator")

    cli("restore", tmp_path / "copy.db")

    assert "whole: 2 lines" in cli("audit", "verify").out
    with closing(sqlite3.connect(settings.database_file)) as database:
        last = database.execute("SELECT action FROM audit_entries ORDER BY id DESC").fetchone()
    assert last == ("data.restored",)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0broken"])
def test_restore_refuses_what_is_no_backup_and_changes_nothing(
    cli: Cli, settings: Settings, tmp_path: Path, content: bytes
) -> None:
    before = settings.database_file.read_bytes()
    (tmp_path / "copy.db").write_bytes(content)

    outcome = cli("restore", tmp_path / "copy.db")

    assert outcome.code == 2
    assert settings.database_file.read_bytes() == before
    assert not (settings.data_dir / "restoring.db").exists()


def test_restore_refuses_a_backup_of_a_newer_version(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    cli("backup", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        copy.execute("PRAGMA user_version = 9999")
    before = settings.database_file.read_bytes()

    outcome = cli("restore", tmp_path / "copy.db")

    assert outcome.code == 2
    assert "newer version" in outcome.err
    assert settings.database_file.read_bytes() == before


def test_restore_works_though_the_live_database_is_damaged(
    cli: Cli, settings: Settings, tmp_path: Path
) -> None:
    add_participant(settings, PERSON, 1)
    cli("backup", tmp_path / "copy.db")
    settings.database_file.write_bytes(b"\0" * 4096)

    assert cli("restore", tmp_path / "copy.db").code == 0
    assert participants(settings) == [PERSON]


def test_starting_over_needs_the_word(cli: Cli, settings: Settings) -> None:
    outcome = cli("keys", "start-over", typed="yes")
    assert outcome.code == 2
    assert "Nothing was changed." in outcome.err
    assert settings.keys_file.exists()
    assert settings.host_key_file.exists()


def test_starting_over_keeps_the_old_keys_aside_and_goes_on(cli: Cli, settings: Settings) -> None:
    settings.host_key_file.write_text("QUFB" * 10 + "QUE=", encoding="ascii")
    refused = cli("staff", "add", "812345678901234568", "--role", "moderator")
    assert "start-over" in refused.err

    outcome = cli("keys", "start-over", typed="start over")

    assert outcome.code == 0
    assert "These are not lost" in outcome.out
    assert list(settings.keys_dir.glob("keys.db.old-*"))
    assert list(settings.host_key_file.parent.glob("host.key.old-*"))
    assert cli("staff", "add", "812345678901234568", "--role", "moderator").code == 0
    assert "whole: 3 lines" in cli("audit", "verify").out


def test_starting_over_without_keys_says_so(cli: Cli, settings: Settings) -> None:
    settings.keys_file.unlink()
    settings.host_key_file.unlink()
    outcome = cli("keys", "start-over", typed="start over")
    assert outcome.code == 2
    assert "nothing to start over" in outcome.err
