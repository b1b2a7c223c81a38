"""Agreements: drafts are their author's; what is put forward and answered is open to both."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.agreement import LONGEST, MOST_DRAFTS, MOST_OPEN, Agreement, AgreementText, Reply
from bot.domain.pair import Parting
from bot.errors import UserError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, LEAD, CoupleWorld

TEXT = AgreementText(need="quiet mornings", offer="to cook", limit="no shouting")


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def draft(
    world: CoupleWorld, text: AgreementText = TEXT, day: date | None = None
) -> Agreement:
    """Let Ada write one."""
    person, space = await world.person(ADA), await world.space(ADA)
    return await world.agreements.write(person, space, text, revisit_on=day)


async def put(world: CoupleWorld, day: date | None = None) -> Agreement:
    """Let Ada put one before Ben."""
    made = await draft(world, day=day)
    return await world.agreements.put_forward(await world.space(ADA), made.id)


async def answer(world: CoupleWorld, made: Agreement, reply: Reply) -> Agreement:
    person, space = await world.person(BEN), await world.space(BEN)
    return await world.agreements.answer(person, space, made.id, reply)


async def kinds(world: CoupleWorld, user_id: int) -> list[str]:
    return [kind for kind, _, _ in await world.notes(user_id) if kind.startswith("pair.agree")]


async def test_a_draft_is_there_for_its_author_alone(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)

    made = await draft(world)

    assert await world.seen_by(BEN) == before
    with pytest.raises(UserError, match="gone"):
        await world.agreements.one(await world.space(BEN), made.id)
    with pytest.raises(UserError, match="gone"):
        await answer(world, made, Reply.AGREE)
    with pytest.raises(UserError, match="gone"):
        await world.agreements.withdraw(await world.space(BEN), made.id)
    assert world.heeded == [(ADA, "quiet mornings\nto cook\nno shouting")]


@pytest.mark.parametrize("reply", list(Reply))
async def test_what_is_put_forward_and_said_is_seen_by_both(
    world: CoupleWorld, reply: Reply
) -> None:
    made = await put(world)
    assert await kinds(world, BEN) == ["pair.agreement"]

    await answer(world, made, reply)

    for user_id in (ADA, BEN):
        [seen] = await world.agreements.seen(await world.space(user_id))
        assert (seen.text, seen.reply) == (TEXT, reply)
        assert (seen.agreed_at is not None) == (reply is Reply.AGREE)
    assert await kinds(world, ADA) == ["pair.agreement"]


async def test_an_answer_may_change_and_the_same_one_rings_once(world: CoupleWorld) -> None:
    made = await put(world)
    await answer(world, made, Reply.AGREE)
    await answer(world, made, Reply.AGREE)
    assert await kinds(world, ADA) == ["pair.agreement"]

    await answer(world, made, Reply.DISCUSS)

    [seen] = await world.agreements.seen(await world.space(ADA))
    assert (seen.reply, seen.agreed_at) == (Reply.DISCUSS, None)


async def test_nobody_answers_their_own(world: CoupleWorld) -> None:
    made = await put(world)

    with pytest.raises(UserError, match="own"):
        await world.agreements.answer(
            await world.person(ADA), await world.space(ADA), made.id, Reply.AGREE
        )


async def test_put_forward_twice_rings_once_and_takes_no_other_words(world: CoupleWorld) -> None:
    made = await put(world)
    await world.agreements.put_forward(await world.space(ADA), made.id)
    assert await kinds(world, BEN) == ["pair.agreement"]

    with pytest.raises(UserError, match="put_already"):
        await world.agreements.write(
            await world.person(ADA),
            await world.space(ADA),
            AgreementText(need="something else"),
            revisit_on=None,
            agreement_id=made.id,
        )


async def test_words_that_come_while_it_is_put_forward_are_refused(
    world: CoupleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await draft(world)
    store, seal = world.settling.agreements, world.settling.agreements.seal

    async def meanwhile(changed: Agreement) -> bytes:
        await world.agreements.put_forward(await world.space(ADA), made.id)
        return await seal(changed)

    monkeypatch.setattr(store, "seal", meanwhile)

    with pytest.raises(UserError, match="put_already"):
        await world.agreements.write(
            await world.person(ADA),
            await world.space(ADA),
            AgreementText(need="something else"),
            revisit_on=None,
            agreement_id=made.id,
        )
    [seen] = await world.agreements.seen(await world.space(BEN))
    assert seen.text == TEXT


async def test_a_draft_may_be_changed(world: CoupleWorld) -> None:
    made = await draft(world)
    changed = AgreementText(need="quiet evenings")

    await world.agreements.write(
        await world.person(ADA),
        await world.space(ADA),
        changed,
        revisit_on=None,
        agreement_id=made.id,
    )

    [seen] = await world.agreements.seen(await world.space(ADA))
    assert seen.text == changed


async def test_what_was_taken_back_is_gone_for_both(world: CoupleWorld) -> None:
    made = await put(world)
    await world.agreements.withdraw(await world.space(ADA), made.id)

    for user_id in (ADA, BEN):
        assert await world.agreements.seen(await world.space(user_id)) == []
    with pytest.raises(UserError, match="gone"):
        await answer(world, made, Reply.AGREE)
    with pytest.raises(UserError, match="gone"):
        await world.agreements.withdraw(await world.space(ADA), made.id)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (AgreementText(), "empty"),
        (AgreementText(need="  ", offer="\n"), "empty"),
        (AgreementText(need="x" * 4000), "too_long"),
        (AgreementText(limit="x" * (LONGEST + 1)), "too_long"),
    ],
)
async def test_what_does_not_fit_is_refused(
    world: CoupleWorld, text: AgreementText, key: str
) -> None:
    with pytest.raises(UserError, match=key):
        await draft(world, text)

    assert await world.agreements.seen(await world.space(ADA)) == []


async def test_there_is_a_limit_to_drafts_and_to_what_is_open(world: CoupleWorld) -> None:
    for _ in range(MOST_OPEN):
        await put(world)
    for _ in range(MOST_DRAFTS):
        last = await draft(world)

    with pytest.raises(UserError, match="too_many_drafts"):
        await draft(world)
    with pytest.raises(UserError, match="too_many"):
        await world.agreements.put_forward(await world.space(ADA), last.id)


@pytest.mark.parametrize("reply", [None, Reply.NOT_NOW])
async def test_both_are_asked_to_look_again_in_the_same_moment(
    world: CoupleWorld, clock: FakeClock, reply: Reply | None
) -> None:
    day = clock().date() + timedelta(days=3)
    made = await put(world, day)
    if reply is not None:
        await answer(world, made, reply)
    moment = datetime.combine(day, time(10), clock().tzinfo)

    assert await world.agreements.sweep(clock()) == moment
    await world.run(moment)
    await world.run(moment + timedelta(hours=1))

    for user_id in (ADA, BEN):
        assert [
            at for kind, at, _ in await world.notes(user_id) if kind == "pair.agreement_review"
        ] == [moment]


async def test_what_was_taken_back_asks_nobody(world: CoupleWorld, clock: FakeClock) -> None:
    made = await put(world, clock().date() + timedelta(days=2))
    await world.agreements.withdraw(await world.space(ADA), made.id)

    await world.run(clock() + timedelta(days=3))

    assert "pair.agreement_review" not in await kinds(world, ADA)


async def test_who_left_gets_nothing_and_the_author_sees_no_change(
    world: CoupleWorld, clock: FakeClock
) -> None:
    await put(world, clock().date() + timedelta(days=2))
    ben, space = await world.person(BEN), await world.space(BEN)
    before = await world.seen_by(ADA)
    await world.life.leave(ben, space.pair_id, Parting.LEFT, world.hands)
    assert await world.seen_by(ADA) == before

    made = await put(world)
    await world.run(clock() + timedelta(days=3))

    assert [k for k, _, on in await world.notes(BEN) if on and k.startswith("pair.agree")] == []
    assert (await kinds(world, ADA))[-1] == "pair.agreement_review"
    with pytest.raises(UserError, match=r"together\.closed"):
        await world.agreements.answer(ben, space, made.id, Reply.AGREE)


async def test_whose_data_is_deleted_leaves_what_both_agreed_to_until_the_end(
    world: CoupleWorld, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    agreed, other = await put(world), await put(world)
    await answer(world, agreed, Reply.AGREE)
    await answer(world, other, Reply.DISCUSS)
    ada, space = await world.person(ADA), await world.space(BEN)
    store = world.settling.agreements

    async with database.transaction() as tx:
        await store.forget(ada.id, tx)
    await vault.destroy(ada.id)

    [seen] = await world.agreements.seen(space)
    assert (seen.id, seen.text, seen.put_by) == (agreed.id, TEXT, None)
    assert await store.export(ada.id) == []
    await world.desk.close(space.pair_id, LEAD)
    await world.run(clock() + timedelta(days=8))

    [sealed] = await store.seen_by(space.pair_id, space.mine)
    assert sealed.text == AgreementText()


async def test_each_takes_along_only_their_own_words(world: CoupleWorld) -> None:
    made = await put(world)
    await answer(world, made, Reply.AGREE)
    store = world.settling.agreements

    assert "quiet mornings" in str(await store.export((await world.person(ADA)).id))
    theirs = await store.export((await world.person(BEN)).id)
    assert [line["answer"] for line in theirs] == ["agree"]
