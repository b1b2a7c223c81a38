"""A restored backup undoes no deletion and sends nothing from before."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.app import open_vault
from bot.config import Settings
from bot.domain.delivery import CatchUp, Channel, Kind, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, Preferences
from bot.domain.recurrence import Daily, Rule, Slot
from bot.errors import KeyLostError, StartError
from bot.restore import restore
from bot.store.backup import FileKind, copy_live
from bot.store.database import SqliteDatabase, open_database
from bot.store.deletions import DeletionList
from bot.store.migrate import load_migrations, migrate
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.schedules import ScheduleStore
from bot.store.times import to_us
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import settings_in

GONE, STAYS = ParticipantId("g" * 22), ParticipantId("s" * 22)
NOTICE = Kind(name="test.notice", priority=Priority.REMINDER, catch_up=CatchUp.SEND_LATE)
PLACE = {"at": "checkins.texts", "row": "1"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


async def live_on(database: SqliteDatabase, clock: FakeClock) -> None:
    """Let two people have joined, with messages due tomorrow and next week."""
    await migrate(database, load_migrations())
    for number, person in enumerate((GONE, STAYS)):
        await ParticipantStore(database).add(
            Participant(id=person, user_id=number, created_at=clock(), preferences=Preferences())
        )
        to = Personal(participant_id=person)
        for days in (1, 7):
            await OutboxStore(database).add(NOTICE, to, due_at=clock() + timedelta(days=days))
    await ScheduleStore(database).put(
        kind="test.daily",
        address=Channel(key="channel.staff"),
        rule=Rule(dates=Daily(), slots=(Slot(at=time(9)),)),
        zone="UTC",
        now=clock(),
    )


async def test_deletions_are_done_again_and_old_messages_closed(
    settings: Settings, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_database(settings.database_file) as database:
        await live_on(database, clock)
    async with open_vault(settings) as vault:
        sealed = {who: await vault.seal(who, "a note", **PLACE) for who in (GONE, STAYS)}
    copy_live(settings.database_file, tmp_path / "copy.db", FileKind.DATABASE)
    # The person was forgotten after the backup; an older copy of the keys brought theirs back.
    DeletionList(settings.data_dir).add(GONE)
    clock.advance(timedelta(days=3))

    done = await restore(settings, tmp_path / "copy.db", clock)

    assert (done.forgotten, done.closed) == (1, 1)
    async with open_database(settings.database_file) as database:
        rows = await database.fetch_all("SELECT * FROM outbox ORDER BY due_at")
        assert [(row["participant_id"], row["state"], row["reason"]) for row in rows] == [
            (STAYS, "closed", "restored"),
            (STAYS, "pending", ""),
        ]
        schedule = await database.fetch_one("SELECT decided_until FROM schedules")
        assert schedule is not None
        assert schedule["decided_until"] == to_us(clock())
    async with open_vault(settings) as vault:
        assert await vault.open(STAYS, sealed[STAYS], **PLACE) == "a note"
        with pytest.raises(KeyLostError):
            await vault.open(GONE, sealed[GONE], **PLACE)


async def test_nothing_is_changed_when_the_host_key_is_lost(
    settings: Settings, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_database(settings.database_file) as database:
        await live_on(database, clock)
    async with open_vault(settings):
        settings.host_key_file.unlink()
    copy_live(settings.database_file, tmp_path / "copy.db", FileKind.DATABASE)
    before = settings.database_file.read_bytes()

    with pytest.raises(StartError, match="host key"):
        await restore(settings, tmp_path / "copy.db", clock)

    assert settings.database_file.read_bytes() == before
    assert not (settings.data_dir / "restoring.db").exists()


async def test_a_backup_is_restored_onto_an_empty_machine(
    settings: Settings, tmp_path: Path, clock: FakeClock
) -> None:
    async with open_database(tmp_path / "elsewhere.db") as database:
        await live_on(database, clock)

    await restore(settings, tmp_path / "elsewhere.db", clock)

    async with open_database(settings.database_file) as database:
        assert len(await database.fetch_all("SELECT * FROM participants")) == 2
