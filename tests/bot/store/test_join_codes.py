"""Join codes on a real file: used once, by one, in time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import ParticipantId
from bot.domain.joining import Answer, Progress, Screen
from bot.domain.participant import Participant
from bot.store.database import SqliteDatabase, open_database
from bot.store.join_codes import JoinCodeStore
from bot.store.joining import JoiningStore
from bot.store.participants import ParticipantStore
from bot.store.vault import KEY_BYTES, Vault

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LIFE = timedelta(days=14)


@pytest.fixture
def codes(database: SqliteDatabase) -> JoinCodeStore:
    return JoinCodeStore(database)


async def put(
    codes: JoinCodeStore, database: SqliteDatabase, digest: bytes, code: str = "P-1"
) -> None:
    async with database.transaction() as tx:
        await codes.put(tx, digest=digest, code=code, by=1, now=NOW, expires_at=NOW + LIFE)


async def use(
    codes: JoinCodeStore, database: SqliteDatabase, digest: bytes, at: datetime = NOW
) -> str | None:
    async with database.transaction() as tx:
        return await codes.use(tx, digest, at)


async def add(database: SqliteDatabase, user_id: int, code: str | None = None) -> Participant:
    person = Participant(
        id=ParticipantId(f"participant-{user_id:010}"), user_id=user_id, code=code, created_at=NOW
    )
    assert await ParticipantStore(database).add(person)
    return person


async def test_of_two_people_with_one_code_one_gets_in(
    codes: JoinCodeStore, database: SqliteDatabase
) -> None:
    await put(codes, database, b"digest")

    used = await asyncio.gather(*(use(codes, database, b"digest") for _ in range(5)))

    assert sorted(used, key=str) == [None, None, None, None, "P-1"]


async def use_and_fail(codes: JoinCodeStore, database: SqliteDatabase) -> None:
    async with database.transaction() as tx:
        assert await codes.use(tx, b"digest", NOW) == "P-1"
        raise RuntimeError


async def test_a_use_that_is_rolled_back_did_not_happen(
    codes: JoinCodeStore, database: SqliteDatabase
) -> None:
    await put(codes, database, b"digest")

    with pytest.raises(RuntimeError):
        await use_and_fail(codes, database)

    assert await use(codes, database, b"digest") == "P-1"


@pytest.mark.parametrize(
    ("after", "fits"), [(LIFE - timedelta(seconds=1), True), (LIFE, False), (LIFE * 2, False)]
)
async def test_a_code_lives_for_its_days(
    codes: JoinCodeStore, database: SqliteDatabase, after: timedelta, fits: bool
) -> None:
    await put(codes, database, b"digest")

    assert (await use(codes, database, b"digest", NOW + after) is not None) is fits


async def test_a_new_code_for_the_same_person_voids_the_old_one(
    codes: JoinCodeStore, database: SqliteDatabase
) -> None:
    await put(codes, database, b"old", "P-7")
    await put(codes, database, b"new", "P-7")

    assert await use(codes, database, b"old") is None
    assert await use(codes, database, b"new") == "P-7"


async def test_numbers_go_on_from_the_highest_ever_given(
    codes: JoinCodeStore, database: SqliteDatabase
) -> None:
    async with database.transaction() as tx:
        given = [await codes.next_free(tx)]
        await codes.count(tx, "P-104")
        given.append(await codes.next_free(tx))
        await codes.count(tx, "P-50")
        given.append(await codes.next_free(tx))

    assert given == ["P-1", "P-105", "P-106"]


async def test_an_id_in_use_is_taken(codes: JoinCodeStore, database: SqliteDatabase) -> None:
    await add(database, 5, "P-9")

    async with database.transaction() as tx:
        assert await codes.is_taken(tx, "P-9")
        assert not await codes.is_taken(tx, "P-10")


async def test_tries_count_for_one_account_and_one_hour(
    codes: JoinCodeStore, database: SqliteDatabase
) -> None:
    hour = timedelta(hours=1)
    async with database.transaction() as tx:
        await codes.note_try(tx, b"ana", NOW)
        await codes.note_try(tx, b"ana", NOW + hour / 2)
        await codes.note_try(tx, b"ben", NOW)

        assert await codes.tries(tx, b"ana", NOW - hour) == 2
        assert await codes.tries(tx, b"ana", NOW) == 1
        await codes.clear_tries(tx, b"ana")
        assert await codes.tries(tx, b"ana", NOW - hour) == 0
        assert await codes.tries(tx, b"ben", NOW - hour) == 1


async def test_what_is_over_is_deleted(codes: JoinCodeStore, database: SqliteDatabase) -> None:
    await put(codes, database, b"digest")
    async with database.transaction() as tx:
        await codes.note_try(tx, b"ana", NOW)

    await codes.purge(NOW + LIFE, timedelta(hours=1))

    for table in ("join_codes", "join_tries"):
        assert await database.fetch_all(f"SELECT * FROM {table}") == []


async def test_progress_is_kept_answer_by_answer(database: SqliteDatabase) -> None:
    person, store = await add(database, 5), JoiningStore(database)
    assert await store.progress(person.id) == Progress()

    await store.note(person.id, Answer.ZONE, NOW)
    await store.note(person.id, Answer.DAILY, NOW)
    halfway = await store.progress(person.id)
    await store.note(person.id, Answer.HOURS, NOW)
    done = await store.progress(person.id)

    assert halfway.is_hours_complete
    assert halfway.screen is Screen.HOURS
    assert done.screen is Screen.DELIVERY
    await store.end(person.id)
    assert await store.progress(person.id) == Progress()


async def test_a_mac_is_the_same_for_one_text_and_one_host_key(
    vault: Vault, tmp_path: Path
) -> None:
    async with open_database(tmp_path / "other" / "keys.db") as keys:
        same, other = Vault(keys, bytes(KEY_BYTES)), Vault(keys, b"x" * KEY_BYTES)

        assert vault.mac("P-104") == same.mac("P-104")
        assert vault.mac("P-104") != same.mac("P-105")
        assert vault.mac("P-104") != other.mac("P-104")
        assert len(vault.mac("P-104")) == 32
