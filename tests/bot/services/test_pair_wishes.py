"""Wishes for a shared space: what became of one can be told from nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.pair import PairKind, Parting
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CAL, LEAD, CoupleWorld

DAY = timedelta(days=1)


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    for user_id in (ADA, BEN, CAL):
        await made.join(user_id)
    return made


async def test_taking_the_consent_back_ends_every_wish(world: CoupleWorld) -> None:
    ada = await world.person(ADA)
    await world.invites.invite(ada, BEN, PairKind.COUPLE)
    [wish] = await world.invites.waiting(ada)

    await world.life.leave_all(ada, Parting.CONSENT, world.hands)
    await world.invites.answer(await world.person(BEN), wish.id, yes=True)

    assert await world.invites.waiting(ada) == []
    assert await world.desk.waiting(LEAD) == []
    assert not any(is_open for _, _, is_open in await world.notes(BEN))


@pytest.mark.parametrize("answer", [None, True, False])
async def test_how_many_may_be_asked_says_nothing_of_their_answers(
    world: CoupleWorld, answer: bool | None
) -> None:
    ada = await world.person(ADA)
    asked = [await world.join(500 + number) for number in range(3)]
    for one in asked:
        await world.invites.invite(ada, one.user_id, PairKind.FAMILY)
    for one, wish in zip(asked, await world.invites.waiting(ada), strict=True):
        if answer is not None:
            await world.invites.answer(one, wish.id, yes=answer)
    await world.run(world.clock() + 15 * DAY)

    await world.invites.invite(ada, CAL, PairKind.FAMILY)

    assert [one.user_id for one in await world.invites.waiting(ada)] == [CAL]


async def test_asking_again_says_nothing_of_the_first_answer(world: CoupleWorld) -> None:
    seen: list[Any] = []
    for answer in (None, True, False):
        ada = await world.join(600 + len(seen))
        ben = await world.join(700 + len(seen))
        await world.invites.invite(ada, ben.user_id, PairKind.FAMILY)
        [wish] = await world.invites.waiting(ada)
        if answer is not None:
            await world.invites.answer(ben, wish.id, yes=answer)
        world.clock.advance(DAY)
        await world.invites.invite(ada, CAL, PairKind.FAMILY)
        world.clock.advance(DAY)
        await world.invites.invite(ada, ben.user_id, PairKind.FAMILY)
        start = world.clock()
        listed = [
            (one.user_id == CAL, one.expires_at - start, one.created_at - start)
            for one in await world.invites.waiting(ada)
        ]
        seen.append((listed, len(await world.pair_store.export(ada.id))))
        await world.invites.cancel(ada, (await world.invites.waiting(ada))[0].id)

    assert seen[0] == seen[1] == seen[2]


async def test_deleting_ones_data_takes_no_wish_out_of_the_others_list(
    world: CoupleWorld,
) -> None:
    ada = await world.person(ADA)
    await world.invites.invite(ada, BEN, PairKind.COUPLE)

    await world.pair_store.forget((await world.person(BEN)).id)

    assert [one.user_id for one in await world.invites.waiting(ada)] == [BEN]
