"""Saying thanks: the sender reads one word, whatever became of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.pair import Parting
from bot.domain.thanks import Moment
from bot.errors import UserError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CoupleWorld


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def thank(world: CoupleWorld, text: str = "your laugh", moment: Moment = Moment.NOW) -> None:
    await world.thanks.thank(await world.person(ADA), await world.space(ADA), text, moment)


async def got(world: CoupleWorld, user_id: int = BEN) -> list[str]:
    return [one.text for one in await world.thanks.got(await world.space(user_id))]


async def kinds(world: CoupleWorld, user_id: int) -> list[str]:
    return [kind for kind, _, _ in await world.notes(user_id) if kind == "pair.thanks"]


async def test_sent_now_it_comes_at_once(world: CoupleWorld) -> None:
    await thank(world)

    assert await kinds(world, BEN) == ["pair.thanks"]
    assert await got(world) == ["your laugh"]
    assert await got(world, ADA) == []


async def test_what_is_held_comes_when_it_is_asked_for_and_once(world: CoupleWorld) -> None:
    await thank(world, "first", Moment.HELD)
    world.clock.advance(timedelta(minutes=1))
    await thank(world, "second", Moment.HELD)
    assert await got(world) == []
    assert await kinds(world, BEN) == []

    space = await world.space(BEN)
    found = [await world.thanks.something_kind(space) for _ in range(3)]

    assert [one and one.text for one in found] == ["first", "second", None]
    assert sorted(await got(world)) == ["first", "second"]


async def test_nothing_of_ones_own_is_handed_out_to_oneself(world: CoupleWorld) -> None:
    await thank(world, "for you", Moment.HELD)

    assert await world.thanks.something_kind(await world.space(ADA)) is None


async def test_the_sender_observes_nothing_of_what_became_of_it(world: CoupleWorld) -> None:
    await thank(world, "held", Moment.HELD)
    before = (
        await world.seen_by(ADA),
        await world.everyday.thanks.export((await world.person(ADA)).id),
    )

    await world.thanks.something_kind(await world.space(BEN))

    after = (
        await world.seen_by(ADA),
        await world.everyday.thanks.export((await world.person(ADA)).id),
    )
    assert before == after


@pytest.mark.parametrize("moment", Moment)
async def test_three_a_day_whatever_becomes_of_them(world: CoupleWorld, moment: Moment) -> None:
    space = await world.space(BEN)
    for _ in range(3):
        await thank(world, moment=moment)
        await world.thanks.something_kind(space)

    with pytest.raises(UserError, match="enough"):
        await thank(world)

    world.clock.advance(timedelta(days=1))
    await thank(world)


@pytest.mark.parametrize("moment", Moment)
async def test_to_someone_who_left_it_is_saved_alike(world: CoupleWorld, moment: Moment) -> None:
    ben, space = await world.person(BEN), await world.space(BEN)
    await world.life.leave(ben, space.pair_id, Parting.LEFT, world.hands)

    await thank(world, moment=moment)

    assert await kinds(world, BEN) == []
    with pytest.raises(UserError, match=r"together\.closed"):
        await world.thanks.something_kind(space)


@pytest.mark.parametrize(("text", "key"), [("", "empty"), ("x" * 4000, "too_long")])
async def test_texts_out_of_bounds_are_refused(world: CoupleWorld, text: str, key: str) -> None:
    with pytest.raises(UserError, match=key):
        await thank(world, text)


async def test_a_note_opens_for_the_receiver_alone(world: CoupleWorld) -> None:
    await thank(world)
    [thanks] = await world.thanks.got(await world.space(BEN))

    assert (await world.thanks.one(await world.space(BEN), thanks.id)).text == "your laugh"
    with pytest.raises(UserError, match="note_closed"):
        await world.thanks.one(await world.space(ADA), thanks.id)
    await world.everyday.thanks.forget((await world.person(ADA)).id)
    with pytest.raises(UserError, match="note_closed"):
        await world.thanks.one(await world.space(BEN), thanks.id)
