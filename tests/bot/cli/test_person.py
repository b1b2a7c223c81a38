"""`export` and `forget`, as an operator runs them."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import open_app
from bot.config import Settings
from bot.domain.case import CaseSource
from bot.domain.ids import ParticipantId
from bot.domain.participant import ParticipantState, Preferences
from bot.errors import KeyLostError
from bot.store.backup import FileKind, copy_live
from bot.store.deletions import DeletionList
from bot.store.lock import hold_directory
from tests.bot.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")

ACCOUNT = 812345678901234599


@pytest.fixture
def person(settings: Settings, installed: None) -> ParticipantId:
    """P-104, who asked for a person."""
    return asyncio.run(come_in(settings))


async def come_in(settings: Settings) -> ParticipantId:
    async with open_app(settings) as app:
        someone = await app.services.participants.begin(ACCOUNT, Preferences(locale="es"))
        await app.stores.participants.set_code(someone.id, "P-104")
        await app.services.participants.move(someone, ParticipantState.ACTIVE)
        await app.services.cases.ask(ACCOUNT, CaseSource.ASK, detail="a note to the team")
    return someone.id


async def lose_the_key(settings: Settings, person: ParticipantId) -> None:
    async with open_app(settings) as app:
        await app.services.cases.raise_concern(ACCOUNT, reason="other", text="something")
        await app.vault.destroy(person)
        with pytest.raises(KeyLostError):
            await app.stores.concerns.export(person)


def accounts(settings: Settings) -> list[int]:
    with closing(sqlite3.connect(settings.database_file)) as database:
        return [row[0] for row in database.execute("SELECT user_id FROM participants")]


def test_everything_is_written_for_the_operator_only(
    cli: Cli, settings: Settings, tmp_path: Path, person: ParticipantId
) -> None:
    outcome = cli("export", "p104", tmp_path / "out")

    assert (outcome.code, outcome.err) == (0, "")
    page, plain = sorted((tmp_path / "out").iterdir())
    assert page.name.startswith("P-104-interlude-")
    assert [file.stat().st_mode & 0o777 for file in (page, plain)] == [0o600, 0o600]
    assert "a note to the team" in page.read_text(encoding="utf-8")
    assert '<html lang="es">' in page.read_text(encoding="utf-8")
    data = json.loads(plain.read_text(encoding="utf-8"))
    assert data["with_safety_items"]
    assert data["participant"] == person
    with closing(sqlite3.connect(settings.database_file)) as database:
        last = database.execute("SELECT action, actor FROM audit_entries ORDER BY id DESC")
        assert last.fetchone() == ("opened.everything", "operator")
    assert "is whole" in cli("audit", "verify").out


def test_an_export_never_overwrites(cli: Cli, tmp_path: Path, person: ParticipantId) -> None:
    cli("export", person, tmp_path / "out")
    before = [file.read_bytes() for file in sorted((tmp_path / "out").iterdir())]

    again = cli("export", "P-104", tmp_path / "out")

    assert again.code == 2
    assert "exist already" in again.err
    assert [file.read_bytes() for file in sorted((tmp_path / "out").iterdir())] == before


def test_an_export_works_while_the_bot_runs(
    cli: Cli, settings: Settings, tmp_path: Path, person: ParticipantId
) -> None:
    with hold_directory(settings.data_dir):
        assert cli("export", person, tmp_path / "out").code == 0


@pytest.mark.parametrize("who", ["P-105", "nobody", "812345678901234599"])
@pytest.mark.parametrize("command", ["export", "forget"])
def test_someone_unknown_is_one_sentence(
    cli: Cli, tmp_path: Path, person: ParticipantId, command: str, who: str
) -> None:
    rest = [tmp_path / "out"] if command == "export" else []

    outcome = cli(command, who, *rest)

    assert outcome.code == 2
    assert f"Nobody here is {who}" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(
    cli: Cli, tmp_path: Path, person: ParticipantId
) -> None:
    (tmp_path / "out").write_text("a file", encoding="ascii")

    outcome = cli("export", person, tmp_path / "out")

    assert outcome.code == 2
    # The box around it breaks the line wherever the path ends.
    assert "cannot be written" in " ".join(outcome.err.replace("│", " ").split())


def test_a_database_of_another_schema_is_one_sentence(
    cli: Cli, settings: Settings, tmp_path: Path, person: ParticipantId
) -> None:
    with closing(sqlite3.connect(settings.database_file)) as database:
        database.execute("PRAGMA user_version = 5")

    outcome = cli("export", person, tmp_path / "out")

    assert outcome.code == 2
    assert "interlude migrate" in outcome.err


def test_forgetting_asks_for_the_number(
    cli: Cli, settings: Settings, person: ParticipantId
) -> None:
    outcome = cli("forget", "P-104", typed="yes\n")

    assert outcome.code == 2
    assert "You typed 'yes'. Nothing was deleted." in outcome.err
    assert accounts(settings) == [ACCOUNT]


def test_forgetting_deletes_everything_and_says_what_follows(
    cli: Cli, settings: Settings, tmp_path: Path, person: ParticipantId
) -> None:
    copy_live(settings.database_file, tmp_path / "copy.db", FileKind.DATABASE)

    outcome = cli("forget", "P-104", typed="p-104\n")

    assert outcome.code == 0
    assert "What others told the team stays" in " ".join(outcome.out.split())
    assert "next start" in outcome.out
    assert accounts(settings) == []
    assert DeletionList(settings.keys_dir).owners() == {person}
    assert "is whole" in cli("audit", "verify").out
    assert cli("restore", tmp_path / "copy.db").code == 0
    assert accounts(settings) == []


def test_forgetting_is_refused_while_the_bot_runs(
    cli: Cli, settings: Settings, person: ParticipantId
) -> None:
    with hold_directory(settings.data_dir):
        outcome = cli("forget", "P-104", typed="P-104\n")

    assert outcome.code == 2
    assert outcome.err.startswith("Another Interlude already uses")
    assert accounts(settings) == [ACCOUNT]


def test_a_lost_key_leaves_the_rest_readable(
    cli: Cli, settings: Settings, tmp_path: Path, person: ParticipantId
) -> None:
    asyncio.run(lose_the_key(settings, person))

    assert cli("export", person, tmp_path / "out").code == 0

    (plain,) = (tmp_path / "out").glob("*.json")
    sections = json.loads(plain.read_text(encoding="utf-8"))["sections"]
    unreadable = {section["name"] for section in sections if section["unreadable"]}
    assert unreadable == {"concerns"}
    assert next(one for one in sections if one["name"] == "participants")["rows"]
