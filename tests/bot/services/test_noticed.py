"""Agreed signs: what the owner shares may be sent, and muting it leaves no trace."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.noticed import Sign
from bot.domain.pair import Parting
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


async def sign(world: CoupleWorld, *, shared: bool = True, text: str = "I sleep late") -> Sign:
    """Let Ben write a sign down."""
    person, space = await world.person(BEN), await world.space(BEN)
    made = await world.noticed.add(person, space, [text, "a walk"])
    return await world.noticed.share(space, made.id) if shared else made


async def send(world: CoupleWorld, sign_id: str, user_id: int = ADA) -> None:
    person, space = await world.person(user_id), await world.space(user_id)
    await world.noticed.send(person, space, sign_id)


async def news(world: CoupleWorld) -> int:
    return len([kind for kind, _, _ in await world.notes(BEN) if kind == "pair.noticed"])


async def theirs(world: CoupleWorld) -> list[str]:
    return [one.sign for one in await world.noticed.theirs(await world.space(ADA))]


async def test_the_other_one_sees_and_sends_what_was_shared(world: CoupleWorld) -> None:
    private, shared = await sign(world, shared=False), await sign(world, text="I go quiet")
    assert await theirs(world) == ["I go quiet"]

    await send(world, shared.id)

    assert await news(world) == 1
    with pytest.raises(UserError, match="off_list"):
        await send(world, private.id)


async def test_a_sixth_sign_is_refused(world: CoupleWorld) -> None:
    for _ in range(5):
        await sign(world, shared=False)

    with pytest.raises(UserError, match="five"):
        await sign(world, shared=False)


async def test_one_a_day_whichever_it_is(world: CoupleWorld) -> None:
    first, second = await sign(world), await sign(world)
    await send(world, first.id)

    with pytest.raises(UserError, match="once_a_day"):
        await send(world, second.id)

    world.clock.advance(timedelta(days=1))
    await send(world, second.id)
    assert await news(world) == 2


async def test_a_muted_sign_does_not_arrive_and_the_sender_sees_no_difference(
    world: CoupleWorld,
) -> None:
    found, space = await sign(world), await world.space(BEN)
    before = await world.seen_by(ADA)

    await world.noticed.mute(space, found.id, muted=True)

    assert await world.seen_by(ADA) == before
    await send(world, found.id)
    assert await news(world) == 0
    with pytest.raises(UserError, match="once_a_day"):
        await send(world, found.id)
    await world.noticed.mute(space, found.id, muted=False)
    world.clock.advance(timedelta(days=1))
    await send(world, found.id)
    assert await news(world) == 1


@pytest.mark.parametrize("how", ["unshare", "remove"])
async def test_a_sign_off_the_list_cannot_be_sent(world: CoupleWorld, how: str) -> None:
    found, space = await sign(world), await world.space(BEN)

    await getattr(world.noticed, how)(space, found.id)

    assert await theirs(world) == []
    with pytest.raises(UserError, match="off_list"):
        await send(world, found.id)


async def test_nobody_sends_or_changes_the_wrong_sign(world: CoupleWorld) -> None:
    found, ada = await sign(world), await world.space(ADA)

    with pytest.raises(UserError, match="off_list"):
        await send(world, found.id, BEN)
    for change in (world.noticed.share, world.noticed.unshare, world.noticed.remove):
        with pytest.raises(UserError, match="gone"):
            await change(ada, found.id)
    with pytest.raises(UserError, match="gone"):
        await world.noticed.mute(ada, found.id, muted=True)


async def test_to_someone_who_left_it_is_saved_alike(world: CoupleWorld) -> None:
    found, space = await sign(world), await world.space(BEN)
    ben = await world.person(BEN)
    await world.life.leave(ben, space.pair_id, Parting.LEFT, world.hands)

    assert await theirs(world) == ["I sleep late"]
    await send(world, found.id)

    assert await news(world) == 0


@pytest.mark.parametrize(
    ("texts", "key"),
    [(["", "a walk"], "empty"), (["a sign", ""], "empty"), (["x" * 4000, "a walk"], "too_long")],
)
async def test_texts_out_of_bounds_are_refused(
    world: CoupleWorld, texts: list[str], key: str
) -> None:
    with pytest.raises(UserError, match=key):
        await world.noticed.add(await world.person(BEN), await world.space(BEN), texts)


async def test_an_export_of_the_sender_says_nothing_of_the_sign(world: CoupleWorld) -> None:
    found = await sign(world)
    await send(world, found.id)

    [sent] = await world.everyday.noticed.export((await world.person(ADA)).id)

    assert set(sent) == {"day", "at"}
