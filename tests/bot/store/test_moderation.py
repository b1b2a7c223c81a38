"""How long the texts of hidden posts, acts and notes to colleagues are kept."""

from datetime import timedelta

import pytest

from bot.domain.ids import ModerationId
from bot.domain.moderation import Act, ActKind
from bot.store.colleague_notes import ColleagueNoteStore
from bot.store.database import SqliteDatabase
from bot.store.moderation import ModerationStore
from bot.store.times import to_us
from bot.store.vault import Vault
from tests.fakes.clock import START
from tests.fakes.room_tools import ANA, keep, person
from tests.rows import RowMaker

DAY = timedelta(days=1)


@pytest.fixture
def store(database: SqliteDatabase, vault: Vault) -> ModerationStore:
    return ModerationStore(database, vault)


async def owners(vault: Vault) -> set[str]:
    """Return whose keys there are."""
    return {row["owner"] for row in await vault._keys.fetch_all("SELECT owner FROM owner_keys")}


async def hidden(
    store: ModerationStore, database: SqliteDatabase, name: str, case_id: str | None = None
) -> str:
    """Keep a hidden post."""
    act = Act(id=ModerationId(name), kind=ActKind.HIDE, by_id=1, begun_at=START)
    sealed = await store.seal_post(f"post-{name}", "words")
    async with database.transaction() as tx:
        await store.add(act, tx)
        await store.add_post(f"post-{name}", act.id, None, sealed, tx)
        await tx.execute(
            "UPDATE moderation_acts SET state = 'done', case_id = :case WHERE id = :id",
            {"case": case_id, "id": name},
        )
    return name


async def test_a_hidden_text_goes_three_days_after_its_case_is_closed(
    store: ModerationStore, database: SqliteDatabase, vault: Vault
) -> None:
    rows = RowMaker(database, vault)
    closed = await rows.add("cases", state="closed", closed_at=to_us(START))
    open_case = await rows.add("cases", state="open", closed_at=None)
    with_closed = await hidden(store, database, "closed", closed["id"])
    with_open = await hidden(store, database, "open", open_case["id"])
    alone = await hidden(store, database, "alone")

    assert await store.purge_posts(START - DAY, START, 10) == 0
    assert await store.purge_posts(START - DAY, START + DAY, 10) == 1
    assert await store.post(with_closed) is None
    assert await store.purge_posts(START + DAY, START + DAY, 10) == 1
    assert await store.post(alone) is None
    assert await store.post(with_open) == "words"
    assert {"post-closed", "post-alone"}.isdisjoint(await owners(vault))


async def test_an_act_stays_as_long_as_its_post(
    store: ModerationStore, database: SqliteDatabase
) -> None:
    await hidden(store, database, "one")

    assert await store.purge(START + DAY, 10) == 0
    await store.purge_posts(START + DAY, START + DAY, 10)
    assert await store.purge(START + DAY, 10) == 1
    assert await store.get("one") is None


async def test_a_note_about_someone_who_joined_later_is_theirs_to_have_deleted(
    database: SqliteDatabase, vault: Vault
) -> None:
    notes = ColleagueNoteStore(database, vault)
    before = await owners(vault)
    for text in ("first", "second"):
        sealed = await notes.seal(text)
        async with database.transaction() as tx:
            await notes.add(sealed, user_id=ANA, participant_id=None, by_id=1, at=START, tx=tx)
    ana = person("ana", ANA)
    await keep(database, ana)

    assert [note.text for note in await notes.about(ANA)] == ["second", "first"]
    assert [row["text"] for row in await notes.export_safety(ana.id)] == ["first", "second"]
    await notes.forget(ana.id)
    assert await notes.about(ANA) == []
    assert await owners(vault) == before
