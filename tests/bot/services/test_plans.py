"""Plans: drafts and pages are seen by nobody else; in force only with both names on one version."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.pair import PairKind, Parting, Tool
from bot.domain.plan import LONGEST, MOST_LINES, PAGE_LONGEST, PlanVersion, Signing
from bot.errors import UserError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CoupleWorld
from tests.fakes.plans import MINE, SIGNS, in_force, put, rows, sign, write


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def kinds(world: CoupleWorld, user_id: int) -> list[str]:
    return [kind for kind, _, _ in await world.notes(user_id) if kind.startswith("pair.plan")]


async def test_a_draft_and_a_page_are_seen_by_nobody_else(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)

    await write(world, ADA, "a secret sign")
    space = await world.space(ADA)
    await world.plans.write_page(await world.person(ADA), space, "a secret page")

    assert await world.seen_by(BEN) == before
    assert await world.plans.draft(await world.space(BEN)) is None
    assert await world.plans.page(await world.space(BEN)) == ""
    assert await world.plans.page(space) == "a secret page"
    assert [text for _, text in world.heeded] == ["a secret sign", "a secret page"]


async def test_one_version_with_two_names_is_in_force(world: CoupleWorld) -> None:
    version = await put(world, ADA, "no sleep", "I call Cal")
    assert await kinds(world, BEN) == ["pair.plan"]
    assert await kinds(world, ADA) == []

    assert await sign(world, ADA, version) is Signing.SIGNED
    for user_id in (ADA, BEN):
        assert (await world.plans.view(await world.space(user_id))).in_force is None
    assert await sign(world, BEN, version) is Signing.IN_FORCE

    for user_id in (ADA, BEN):
        found = (await world.plans.view(await world.space(user_id))).in_force
        assert found is not None
        assert found.texts[SIGNS] == "no sleep"
    space = await world.space(BEN)
    assert (await world.plans.signed(space, version.id)).theirs(space.mine) == "I call Cal"
    assert await kinds(world, ADA) == ["pair.plan"]


async def test_each_writes_only_what_they_do_themselves(world: CoupleWorld) -> None:
    first = await put(world, ADA, "no sleep", "I call Cal")
    space = await world.space(BEN)
    await world.plans.begin(space, first.words_for(space.mine))
    draft = await world.plans.draft(space)
    assert draft is not None
    assert draft.texts[SIGNS] == "no sleep"
    assert draft.texts[MINE] == ""

    second = await put(world, BEN, "no sleep", "I cook")

    ada, ben = await world.space(ADA), await world.space(BEN)
    assert second.mine == {ada.mine: "I call Cal", ben.mine: "I cook"}


async def test_an_unsigned_plan_cannot_be_used(
    world: CoupleWorld, database: SqliteDatabase, clock: FakeClock
) -> None:
    version = await put(world, ADA, "no sleep")
    await sign(world, ADA, version)
    space = await world.space(ADA)

    with pytest.raises(UserError, match="not_signed"):
        await world.plans.signed(space, version.id)
    async with database.transaction() as tx:
        forced = await world.settling.plans.enforce(version, b"", at=clock(), review_at=None, tx=tx)
    assert not forced
    assert (await world.plans.view(space)).in_force is None


async def test_signing_twice_is_one_name(world: CoupleWorld) -> None:
    version = await put(world, ADA, "no sleep")
    assert await sign(world, ADA, version) is Signing.SIGNED
    assert await sign(world, ADA, version) is Signing.ALREADY

    assert await sign(world, BEN, version) is Signing.IN_FORCE
    assert await sign(world, BEN, version) is Signing.ALREADY
    assert await kinds(world, ADA) == ["pair.plan"]


async def test_a_version_that_is_not_the_latest_takes_no_name(world: CoupleWorld) -> None:
    old = await put(world, ADA, "no sleep")
    new = await put(world, BEN, "no sleep, no food")

    assert await sign(world, ADA, old) is Signing.STALE
    assert (await world.plans.view(await world.space(ADA))).latest == new
    assert new.signed == frozenset()


async def test_the_old_plan_holds_until_both_signed_the_new_one(world: CoupleWorld) -> None:
    old = await in_force(world)
    space = await world.space(ADA)
    new = await put(world, BEN, "no sleep, no food", "I cook")
    await sign(world, BEN, new)

    view = await world.plans.view(space)
    assert view.in_force is not None
    assert view.waiting is not None
    assert (view.in_force.id, view.waiting.id) == (old.id, new.id)
    assert await sign(world, ADA, new) is Signing.IN_FORCE
    view = await world.plans.view(space)
    assert view.in_force is not None
    assert (view.in_force.id, view.waiting) == (new.id, None)
    assert [one.number for one in await world.plans.versions(space)] == [2, 1]


async def test_both_put_forward_at_once_and_nothing_typed_is_lost(world: CoupleWorld) -> None:
    await write(world, ADA, "from Ada")
    await write(world, BEN, "from Ben")
    ada, ben = await world.space(ADA), await world.space(BEN)

    first = await world.plans.propose(await world.person(ADA), ada, seen=0)
    second = await world.plans.propose(await world.person(BEN), ben, seen=0)

    assert first is not None
    assert second is None
    draft = await world.plans.draft(ben)
    assert draft is not None
    assert draft.texts[SIGNS] == "from Ben"
    again = await world.plans.propose(await world.person(BEN), ben, seen=first.number)
    assert again is not None
    assert again.number == 2


async def test_a_version_that_came_within_the_same_second_wins_by_its_row(
    world: CoupleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(world, BEN, "from Ben")
    store, seal = world.settling.plans, world.settling.plans.seal_parts

    async def meanwhile(version: PlanVersion) -> object:
        monkeypatch.setattr(store, "seal_parts", seal)
        await put(world, ADA, "from Ada")
        return await seal(version)

    monkeypatch.setattr(store, "seal_parts", meanwhile)
    ben = await world.space(BEN)

    assert await world.plans.propose(await world.person(BEN), ben, seen=0) is None
    assert await world.plans.draft(ben) is not None


async def test_both_sign_in_the_same_second(
    world: CoupleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await put(world, ADA, "no sleep")
    store, seal = world.settling.plans, world.settling.plans.seal_joint

    async def meanwhile(signed: PlanVersion) -> bytes:
        monkeypatch.setattr(store, "seal_joint", seal)
        assert await sign(world, BEN, version) is Signing.SIGNED
        return await seal(signed)

    monkeypatch.setattr(store, "seal_joint", meanwhile)

    assert await sign(world, ADA, version) is Signing.IN_FORCE
    view = await world.plans.view(await world.space(BEN))
    assert view.in_force is not None
    assert len(view.in_force.signed) == 2


async def test_a_new_version_between_reading_and_signing_is_not_signed(
    world: CoupleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await put(world, ADA, "no sleep")
    store, seal = world.settling.plans, world.settling.plans.seal_joint

    async def meanwhile(signed: PlanVersion) -> bytes:
        monkeypatch.setattr(store, "seal_joint", seal)
        await put(world, BEN, "no sleep, no food")
        return await seal(signed)

    monkeypatch.setattr(store, "seal_joint", meanwhile)

    assert await sign(world, ADA, version) is Signing.STALE


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("x" * 4000, "too_long"),
        ("x" * (LONGEST + 1), "too_long"),
        ("sign\n" * (MOST_LINES + 1), "too_many_lines"),
    ],
)
async def test_what_does_not_fit_is_refused(world: CoupleWorld, text: str, key: str) -> None:
    with pytest.raises(UserError, match=key):
        await write(world, ADA, text)

    assert await world.plans.draft(await world.space(ADA)) is None


async def test_a_page_that_is_too_long_is_refused_and_an_empty_one_is_gone(
    world: CoupleWorld, database: SqliteDatabase
) -> None:
    person, space = await world.person(ADA), await world.space(ADA)
    with pytest.raises(UserError, match="too_long"):
        await world.plans.write_page(person, space, "x" * (PAGE_LONGEST + 1))
    await world.plans.write_page(person, space, "x" * PAGE_LONGEST)

    await world.plans.write_page(person, space, "  ")

    assert await rows(database, "plan_pages") == 0


async def test_nothing_written_is_not_put_forward(world: CoupleWorld) -> None:
    person, space = await world.person(ADA), await world.space(ADA)
    with pytest.raises(UserError, match="nothing"):
        await world.plans.propose(person, space, seen=0)
    await write(world, ADA, " \n ")
    with pytest.raises(UserError, match="nothing"):
        await world.plans.propose(person, space, seen=0)


@pytest.mark.parametrize("days", [-1, 0, 367])
async def test_a_review_is_ahead_and_within_a_year(
    world: CoupleWorld, clock: FakeClock, days: int
) -> None:
    with pytest.raises(UserError, match="review_range"):
        await world.plans.set_review(await world.space(ADA), clock().date() + timedelta(days=days))


async def reviewed(world: CoupleWorld, day: date) -> PlanVersion:
    """Bring a version into force that is to be looked at again on a day."""
    await write(world, ADA, "no sleep")
    space = await world.space(ADA)
    await world.plans.set_review(space, day)
    seen = (await world.plans.view(space)).number
    version = await world.plans.propose(await world.person(ADA), space, seen=seen)
    assert version is not None
    await sign(world, ADA, version)
    await sign(world, BEN, version)
    return version


async def test_both_are_asked_in_the_same_moment_and_once(
    world: CoupleWorld, clock: FakeClock
) -> None:
    day = clock().date() + timedelta(days=3)
    await reviewed(world, day)
    moment = datetime.combine(day, datetime.min.time(), clock().tzinfo).replace(hour=10)

    await world.run(moment - timedelta(minutes=1))
    assert "pair.plan_review" not in await kinds(world, BEN)
    assert await world.plans.sweep(clock()) == moment
    await world.run(moment)
    await world.run(moment + timedelta(hours=1))

    for user_id in (ADA, BEN):
        assert [
            (kind, at) for kind, at, _ in await world.notes(user_id) if kind.endswith("review")
        ] == [("pair.plan_review", moment)]


async def test_a_new_plan_moves_the_review(world: CoupleWorld, clock: FakeClock) -> None:
    start = clock().date()
    await reviewed(world, start + timedelta(days=2))
    await reviewed(world, start + timedelta(days=5))

    await world.run(clock() + timedelta(days=4))

    assert "pair.plan_review" not in await kinds(world, ADA)


async def test_who_left_is_asked_nothing_and_the_other_one_sees_no_change(
    world: CoupleWorld, clock: FakeClock
) -> None:
    await reviewed(world, clock().date() + timedelta(days=2))
    before = await world.seen_by(ADA)
    ben = await world.person(BEN)
    [pair] = await world.pair_store.of(ben.id)
    await world.life.leave(ben, pair.id, Parting.LEFT, world.hands)

    assert await world.seen_by(ADA) == before
    await world.run(clock() + timedelta(days=3))

    assert (await kinds(world, ADA))[-1] == "pair.plan_review"
    assert "pair.plan_review" not in await kinds(world, BEN)
    await put(world, ADA, "more")
    assert "pair.plan" not in [k for k, _, is_open in await world.notes(BEN) if is_open]


async def test_a_press_from_before_the_end_changes_nothing(world: CoupleWorld) -> None:
    version = await put(world, ADA, "no sleep")
    await write(world, BEN, "a draft")
    person, space = await world.person(BEN), await world.space(BEN)
    await world.life.leave(person, space.pair_id, Parting.LEFT, world.hands)

    with pytest.raises(UserError, match=r"together\.closed"):
        await world.plans.sign(person, space, version.id)
    with pytest.raises(UserError, match=r"together\.closed"):
        await world.plans.propose(person, space, seen=1)
    with pytest.raises(UserError, match=r"together\.closed"):
        await world.pairs.space(person, Tool.PLAN, space.pair_id)


async def test_a_version_of_another_pair_is_not_there(world: CoupleWorld) -> None:
    with pytest.raises(UserError, match="gone"):
        await world.plans.version(await world.space(ADA), "no-such-version")


async def test_a_loved_ones_link_has_a_plan_and_no_agreements(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> None:
    world = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await world.couple(PairKind.FAMILY)
    ada = await world.person(ADA)

    assert (await in_force(world)).is_in_force
    assert (await world.pairs.space(ada, Tool.PLAN)).kind is PairKind.FAMILY
    with pytest.raises(UserError, match="none"):
        await world.pairs.space(ada, Tool.AGREEMENTS)
