"""Set-up's notes on a real file."""

from datetime import UTC, datetime, timedelta

from bot.domain.place import PlaceKey
from bot.domain.readiness import Confirmation, ConfirmationKind
from bot.store.database import SqliteDatabase
from bot.store.setup import SetupStore

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def key_held_by(user_id: int, at: datetime = NOW) -> Confirmation:
    return Confirmation(kind=ConfirmationKind.KEY_BACKUP, subject="", user_id=user_id, at=at)


async def test_what_was_begun_is_kept_until_it_is_finished(database: SqliteDatabase) -> None:
    store = SetupStore(database)
    await store.begin(PlaceKey.CHANNEL_ROOM, NOW)
    await store.begin(PlaceKey.CHANNEL_ROOM, NOW + timedelta(hours=1))
    assert await store.begun() == {PlaceKey.CHANNEL_ROOM: NOW}

    await store.finish(PlaceKey.CHANNEL_ROOM)

    assert await store.begun() == {}


async def test_a_confirmation_counts_once_for_a_person_from_its_last_day(
    database: SqliteDatabase,
) -> None:
    store = SetupStore(database)
    later = NOW + timedelta(days=3)
    await store.confirm(key_held_by(1))
    await store.confirm(key_held_by(2))
    await store.confirm(key_held_by(1, later))

    said = await store.confirmations(ConfirmationKind.KEY_BACKUP)

    assert [(one.user_id, one.at) for one in said] == [(2, NOW), (1, later)]
    assert await store.confirmations(ConfirmationKind.NO_STAFF) == []


async def test_a_kind_is_taken_back_whole_and_alone(database: SqliteDatabase) -> None:
    store = SetupStore(database)
    await store.confirm(key_held_by(1))
    await store.confirm(Confirmation(kind=ConfirmationKind.NO_STAFF, subject="", user_id=1, at=NOW))

    await store.take_back(ConfirmationKind.NO_STAFF)

    assert await store.confirmations(ConfirmationKind.NO_STAFF) == []
    assert len(await store.confirmations(ConfirmationKind.KEY_BACKUP)) == 1
