"""Private words and their tries on a real file."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.domain.private_word import PrivateWord
from bot.store.database import SqliteDatabase
from bot.store.participants import ParticipantStore
from bot.store.private_words import PrivateWordStore
from tests.fakes.clock import FakeClock

ANA, BO = ParticipantId("a" * 22), ParticipantId("b" * 22)
HOUR = timedelta(hours=1)


@pytest.fixture
async def store(database: SqliteDatabase, clock: FakeClock) -> PrivateWordStore:
    for number, person in enumerate((ANA, BO)):
        await ParticipantStore(database).add(
            Participant(id=person, user_id=number, created_at=clock())
        )
    return PrivateWordStore(database)


@pytest.fixture
def word(clock: FakeClock) -> PrivateWord:
    return PrivateWord(salt=b"s", digest=b"d", cost=2, set_at=clock(), open_until=clock() + HOUR)


async def test_a_word_comes_back_and_replaces_the_one_before(
    store: PrivateWordStore, word: PrivateWord
) -> None:
    await store.put(ANA, word)
    await store.put(ANA, replace(word, digest=b"e"))

    assert await store.get(ANA) == replace(word, digest=b"e")
    assert await store.get(BO) is None


async def test_it_is_closed_and_kept_open(
    store: PrivateWordStore, word: PrivateWord, clock: FakeClock
) -> None:
    await store.put(ANA, word)
    await store.keep_open(ANA, None)
    assert await store.get(ANA) == replace(word, open_until=None)

    await store.keep_open(ANA, clock())
    assert await store.get(ANA) == replace(word, open_until=clock())


async def test_tries_are_counted_each_for_their_own(
    store: PrivateWordStore, clock: FakeClock
) -> None:
    since = clock() - HOUR
    left = [await store.take_try(ANA, clock(), since, 3) for _ in range(4)]

    assert left == [2, 1, 0, None]
    assert await store.take_try(BO, clock(), since, 3) == 2
    assert await store.first_try(ANA, since) == clock()
    await store.clear_tries(ANA)
    assert await store.first_try(ANA, since) is None


async def test_many_tries_at_once_are_not_more_than_are_allowed(
    store: PrivateWordStore, clock: FakeClock
) -> None:
    tries = [store.take_try(ANA, clock(), clock() - HOUR, 5) for _ in range(20)]

    taken = await asyncio.gather(*tries)

    assert sum(left is not None for left in taken) == 5


async def test_old_tries_count_no_more_and_are_deleted(
    store: PrivateWordStore, clock: FakeClock
) -> None:
    await store.take_try(ANA, clock(), clock() - HOUR, 1)
    clock.advance(HOUR)

    assert await store.take_try(ANA, clock(), clock() - HOUR, 1) == 0
    assert await store.purge_tries(clock() - HOUR) == 1


async def test_removing_says_whether_there_was_one(
    store: PrivateWordStore, word: PrivateWord, clock: FakeClock
) -> None:
    await store.put(ANA, word)
    await store.take_try(ANA, clock(), clock() - HOUR, 5)

    assert await store.remove(ANA)
    assert not await store.remove(ANA)
    assert await store.export(ANA) == []


async def test_an_export_tells_times_and_never_the_digest(
    store: PrivateWordStore, word: PrivateWord
) -> None:
    await store.put(ANA, word)

    (row,) = await store.export(ANA)

    assert set(row) == {"set_at", "open_until"}
