"""What becomes of a plan when someone deletes their data, and when the space closes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import KeyLostError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, LEAD, CoupleWorld
from tests.fakes.plans import SIGNS, in_force, put, rows


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def test_whose_data_is_deleted_leaves_what_both_signed_until_the_end(
    world: CoupleWorld, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    version = await in_force(world)
    waiting = await put(world, ADA, "only Ada's words")
    ada, store = await world.person(ADA), world.settling.plans

    async with database.transaction() as tx:
        await store.forget(ada.id, tx)
    await vault.destroy(ada.id)

    space = await world.space(BEN)
    kept = await world.plans.signed(space, version.id)
    assert kept.texts[SIGNS] == "no sleep"
    assert kept.theirs(space.mine) == "I go to my group"
    assert kept.put_by is None
    assert waiting.id not in [one.id for one in await world.plans.versions(space)]
    assert await store.export(ada.id) == []

    await world.desk.close(space.pair_id, LEAD)
    await world.run(clock() + timedelta(days=8))

    assert await rows(database, "pair_keys") == 0
    closed = await store.get(version.id)
    assert closed is not None
    assert closed.texts == {}


async def test_the_end_seals_what_was_joint_and_leaves_each_their_own(
    world: CoupleWorld, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    version = await in_force(world)
    row = await database.fetch_one("SELECT body FROM plan_versions")
    assert row is not None
    space = await world.space(ADA)

    await world.desk.close(space.pair_id, LEAD)
    await world.run(clock() + timedelta(days=8))

    with pytest.raises(KeyLostError):
        await vault.open(
            f"pair:{space.pair_id}", row["body"], at="plan_versions.body", row=version.id
        )
    store = world.settling.plans
    texts = [line.get("text") for line in await store.export(space.mine)]
    assert "no sleep" in texts
    assert "I go to my group" in texts
    assert "I go to my group" not in str(await store.export((await world.person(BEN)).id))


async def test_a_page_is_in_no_export_but_the_one_handed_over_in_person(
    world: CoupleWorld,
) -> None:
    person, space = await world.person(ADA), await world.space(ADA)
    await world.plans.write_page(person, space, "a secret page")
    store = world.settling.plans

    assert await store.export(person.id) == []
    assert [line["text"] for line in await store.export_safety(person.id)] == ["a secret page"]
    assert await store.export_safety((await world.person(BEN)).id) == []


async def test_the_key_of_a_pair_that_is_gone_altogether_is_destroyed(
    world: CoupleWorld, database: SqliteDatabase
) -> None:
    await in_force(world)
    assert await rows(database, "pair_keys") == 1
    await database.execute("DELETE FROM pairs")

    await world.run()

    assert await rows(database, "pair_keys") == 0
    assert await rows(database, "plan_versions") == 0
