"""Shared spaces: how they come about, how they end, and what the other one can tell."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.case import CaseSource
from bot.domain.delivery import TryLaterError
from bot.domain.opening import Choice, Feature, closing_hour
from bot.domain.pair import OPENS_AT, PairKind, PairState, Parting
from bot.errors import StoreError, UserError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CAL, LEAD, CoupleWorld

BOUNDARY = datetime(2026, 1, 11, 20, tzinfo=UTC)  # the first Sunday evening after the start


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    for user_id in (ADA, BEN, CAL):
        await made.join(user_id)
    return made


async def core(world: CoupleWorld) -> dict[str, Any]:
    """Return what Ada observes, without what changes by the hour alone."""
    return {key: seen for key, seen in (await world.seen_by(ADA)).items() if key != "features"}


async def write(world: CoupleWorld, user_id: int, choice: Choice, text: str = "words") -> None:
    space = await world.space(user_id)
    await world.openings.contribute(
        await world.person(user_id),
        space,
        feature=Feature.QUESTION,
        subject="q1",
        closes_at=closing_hour(world.clock(), OPENS_AT, space.zone),
        choice=choice,
        text=text,
    )


async def test_two_wishes_that_meet_wait_for_the_team(world: CoupleWorld) -> None:
    await world.invites.invite(await world.person(ADA), BEN, PairKind.COUPLE)
    await world.invites.invite(await world.person(BEN), ADA, PairKind.COUPLE)

    [pair] = await world.desk.waiting(LEAD)
    assert pair.state is PairState.AGREED
    assert world.hands.seeing == set()
    with pytest.raises(UserError, match="talk_first"):
        await world.desk.open(pair.id, LEAD, world.hands)


async def test_a_yes_to_an_invitation_is_as_good_as_a_wish(world: CoupleWorld) -> None:
    await world.invites.invite(await world.person(ADA), BEN, PairKind.COUPLE)
    [invite] = await world.invites.waiting(await world.person(ADA))

    await world.invites.answer(await world.person(BEN), invite.id, yes=True)

    assert len(await world.desk.waiting(LEAD)) == 1


async def test_who_invited_cannot_tell_yes_from_no_from_silence(world: CoupleWorld) -> None:
    seen: list[Any] = []
    for answer in (None, True, False):
        ada = await world.join(200 + len(seen))
        ben = await world.join(300 + len(seen))
        await world.invites.invite(ada, ben.user_id, PairKind.COUPLE)
        [invite] = await world.invites.waiting(ada)
        if answer is not None:
            await world.invites.answer(ben, invite.id, yes=answer)
        view = await world.seen_by(ada.user_id)
        for names in ("wishes", "export"):
            view[names] = len(view[names])
        seen.append(view)

    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("obstacle", ["not_joined", "taken", "apart", "asked_before"])
async def test_whatever_stands_against_it_the_answer_is_the_same(
    world: CoupleWorld, obstacle: str
) -> None:
    target = CAL
    if obstacle == "not_joined":
        target = 777
    elif obstacle == "taken":
        await world.couple()
        target = ADA
    elif obstacle == "apart":
        world.keep_apart.pairs.add(frozenset({CAL, BEN}))
    asker = await world.person(CAL if target == ADA else BEN)
    if obstacle == "asked_before":
        await world.invites.invite(asker, target, PairKind.COUPLE)
        [first] = await world.invites.waiting(asker)
        await world.invites.answer(await world.person(target), first.id, yes=False)
        world.clock.advance(timedelta(days=1))

    await world.invites.invite(asker, target, PairKind.COUPLE)

    assert [one.user_id for one in await world.invites.waiting(asker)] == [target]
    if target != 777:
        asked = [kind for kind, _, _ in await world.notes(target) if kind == "pair.invited"]
        assert len(asked) == (1 if obstacle == "asked_before" else 0)
    assert len(await world.desk.waiting(LEAD)) == 0


async def test_a_yes_after_it_was_taken_back_opens_nothing(world: CoupleWorld) -> None:
    ada, ben = await world.person(ADA), await world.person(BEN)
    await world.invites.invite(ada, BEN, PairKind.COUPLE)
    [invite] = await world.invites.waiting(ada)
    await world.invites.cancel(ada, invite.id)

    await world.invites.answer(ben, invite.id, yes=True)

    assert await world.desk.waiting(LEAD) == []
    assert await world.invites.waiting(ada) == []


async def test_taking_a_wish_back_ends_what_is_not_open_yet(world: CoupleWorld) -> None:
    ada, ben = await world.person(ADA), await world.person(BEN)
    await world.invites.invite(ada, BEN, PairKind.COUPLE)
    [invite] = await world.invites.waiting(ada)
    await world.invites.answer(ben, invite.id, yes=True)

    await world.invites.cancel(ada, invite.id)

    assert await world.desk.waiting(LEAD) == []


async def test_linking_oneself_is_refused_and_three_wishes_are_the_most(
    world: CoupleWorld,
) -> None:
    ada = await world.person(ADA)
    with pytest.raises(UserError, match="self"):
        await world.invites.invite(ada, ADA, PairKind.COUPLE)
    for user_id in (501, 502, 503):
        await world.invites.invite(ada, user_id, PairKind.FAMILY)

    with pytest.raises(UserError, match="too_many"):
        await world.invites.invite(ada, 504, PairKind.FAMILY)


async def test_a_space_opens_for_both_at_once(world: CoupleWorld) -> None:
    pair = await world.couple()

    assert world.hands.seeing == {ADA, BEN}
    assert pair.thread_id in world.hands.threads
    assert world.pairs.partners(ADA) == {BEN}
    for user_id in (ADA, BEN):
        kinds = [kind for kind, _, _ in await world.notes(user_id)]
        assert kinds.count("pair.opened") == 1


async def test_one_who_took_the_consent_back_keeps_it_from_opening(world: CoupleWorld) -> None:
    await world.invites.invite(await world.person(ADA), BEN, PairKind.COUPLE)
    await world.invites.invite(await world.person(BEN), ADA, PairKind.COUPLE)
    [pair] = await world.desk.waiting(LEAD)
    for member in pair.members:
        await world.desk.talked(pair.id, member.participant_id, LEAD)
    world.consents.refused.add((await world.person(BEN)).id)

    assert await world.desk.open(pair.id, LEAD, world.hands) is None

    assert world.hands.seeing == set()
    assert all(kind != "pair.opened" for kind, _, _ in await world.notes(ADA))


async def test_spaces_open_in_batches_where_the_programme_wants_it(world: CoupleWorld) -> None:
    await world.programme.change(opens_in_batches=True)
    await world.invites.invite(await world.person(ADA), BEN, PairKind.COUPLE)
    await world.invites.invite(await world.person(BEN), ADA, PairKind.COUPLE)
    [pair] = await world.desk.waiting(LEAD)
    for member in pair.members:
        await world.desk.talked(pair.id, member.participant_id, LEAD)

    assert await world.desk.open(pair.id, LEAD, world.hands) == BOUNDARY
    await world.run(BOUNDARY - timedelta(minutes=1))
    assert world.hands.seeing == set()
    await world.run(BOUNDARY)
    assert world.hands.seeing == {ADA, BEN}


async def test_leaving_takes_sight_and_everything_sent_and_tells_the_team(
    world: CoupleWorld,
) -> None:
    pair = await world.couple()

    await world.life.leave(await world.person(BEN), pair.id, Parting.LEFT, world.hands)

    assert world.hands.seeing == {ADA}
    assert all(not is_open for kind, _, is_open in await world.notes(BEN) if kind == "pair.opened")
    assert [(who, source) for who, source, _, _ in world.cases.asked] == [
        (BEN, CaseSource.LEFT_SPACE)
    ]
    assert await world.pairs.spaces((await world.person(BEN)).id) == []


async def test_leaving_holds_even_where_discord_refuses_and_is_made_good(
    world: CoupleWorld,
) -> None:
    pair = await world.couple()
    world.hands.broken = TryLaterError("503")

    await world.life.leave(await world.person(BEN), pair.id, Parting.LEFT, world.hands)
    assert await world.pairs.spaces((await world.person(BEN)).id) == []
    world.hands.broken = None
    await world.run()

    assert world.hands.seeing == {ADA}


@pytest.mark.parametrize("parting", [Parting.LEFT, Parting.CONSENT, None])
async def test_every_ending_looks_the_same(world: CoupleWorld, parting: Parting | None) -> None:
    pair = await world.couple()
    before = await core(world)
    if parting is None:
        await world.desk.close(pair.id, LEAD)
    else:
        await world.life.leave(await world.person(BEN), pair.id, parting, world.hands)

    assert await core(world) == before
    await world.run(BOUNDARY - timedelta(seconds=1))
    assert await core(world) == before
    await world.run(BOUNDARY)

    after = await world.seen_by(ADA)
    assert after["closed"] == [PairKind.COUPLE]
    assert not after["sight"]
    assert [kind for kind, _, _ in after["notes"]][-1] == "pair.closed"
    assert not any(is_open for kind, _, is_open in after["notes"] if kind == "pair.opened")


async def test_who_left_the_server_may_come_back_before_the_boundary(world: CoupleWorld) -> None:
    await world.couple()
    ben = await world.person(BEN)
    before = await core(world)
    await world.life.leave_all(ben, Parting.SERVER, world.hands)
    await world.life.come_back(ben, world.hands)

    assert world.hands.seeing == {ADA, BEN}
    assert await core(world) == before
    await world.run(BOUNDARY)
    assert len(await world.pairs.spaces(ben.id)) == 1


async def test_who_left_quietly_does_not_come_back_by_returning(world: CoupleWorld) -> None:
    pair = await world.couple()
    ben = await world.person(BEN)
    await world.life.leave(ben, pair.id, Parting.LEFT, world.hands)

    await world.life.come_back(ben, world.hands)

    assert await world.pairs.spaces(ben.id) == []
    with pytest.raises(UserError, match=r"together\.closed"):
        await world.life.leave(ben, pair.id, Parting.LEFT, world.hands)


async def test_something_opens_only_where_both_share(world: CoupleWorld) -> None:
    await world.couple()
    hour = closing_hour(world.clock(), OPENS_AT, "UTC")
    await write(world, ADA, Choice.SHARE, "a walk")
    await write(world, BEN, Choice.SHARE, "your laugh")
    assert await world.openings.opened(await world.space(ADA)) == []

    await world.run(hour)

    [opened] = await world.openings.opened(await world.space(ADA))
    assert (opened.mine, opened.theirs) == ("a walk", "your laugh")
    for user_id in (ADA, BEN):
        [at] = [due for kind, due, _ in await world.notes(user_id) if kind == "pair.something"]
        assert at == hour


@pytest.mark.parametrize("theirs", [None, Choice.KEEP, Choice.STAFF, "left", "held", "narrowed"])
async def test_every_other_way_shows_nothing_to_open(
    world: CoupleWorld, theirs: Choice | str | None
) -> None:
    pair = await world.couple()
    hour = closing_hour(world.clock(), OPENS_AT, "UTC")
    await write(world, ADA, Choice.SHARE)
    before = await core(world)
    ben = await world.person(BEN)
    if theirs == "held":
        world.draws = lambda _text: b"\x00\x02"
        await world.database.execute("DELETE FROM openings")
        await write(world, ADA, Choice.SHARE)
    if isinstance(theirs, Choice):
        await write(world, BEN, theirs)
    elif theirs is not None:
        await write(world, BEN, Choice.SHARE)
    if theirs == "left":
        await world.life.leave(ben, pair.id, Parting.LEFT, world.hands)
    if theirs == "narrowed":
        opening = await world.opening_store.find(pair.id, Feature.QUESTION, "q1", hour)
        assert opening is not None
        await world.openings.keep(ben, opening.id)
    await world.run(hour)

    assert await core(world) == before


async def test_a_held_day_opens_later(world: CoupleWorld) -> None:
    await world.couple()
    world.draws = lambda _text: b"\x00\x01"
    hour = closing_hour(world.clock(), OPENS_AT, "UTC")
    for user_id in (ADA, BEN):
        await write(world, user_id, Choice.SHARE)

    await world.run(hour)
    assert await world.openings.opened(await world.space(ADA)) == []
    await world.run(hour + timedelta(days=2))

    assert len(await world.openings.opened(await world.space(ADA))) == 1


async def test_what_comes_after_the_hour_is_refused(world: CoupleWorld) -> None:
    await world.couple()
    space = await world.space(ADA)
    hour = closing_hour(world.clock(), OPENS_AT, space.zone)
    world.clock.now = hour

    with pytest.raises(UserError, match="too_late"):
        await world.openings.contribute(
            await world.person(ADA),
            space,
            feature=Feature.QUESTION,
            subject="q1",
            closes_at=hour,
            choice=Choice.SHARE,
            text="late",
        )


async def test_deleting_ones_data_keeps_what_the_other_gave(world: CoupleWorld) -> None:
    await world.couple()
    await write(world, ADA, Choice.SHARE, "mine to keep")
    ben = await world.person(BEN)

    for store in (world.opening_store, world.pair_store, world.participant_store):
        await store.forget(ben.id)
    await world.run()
    await world.run(BOUNDARY)

    [kept] = await world.opening_store.export((await world.person(ADA)).id)
    assert kept["text"] == "mine to keep"
    assert (await world.seen_by(ADA))["closed"] == [PairKind.COUPLE]


async def test_a_stop_before_the_team_was_told_loses_nothing(world: CoupleWorld) -> None:
    pair = await world.couple()
    ask, world.cases.ask = world.cases.ask, broken  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        await world.life.leave(await world.person(BEN), pair.id, Parting.LEFT, world.hands)
    assert world.cases.asked == []

    world.cases.ask = ask  # type: ignore[method-assign]
    await world.run()
    await world.run()

    assert [who for who, _, _, _ in world.cases.asked] == [BEN]


async def broken(*_args: object, **_named: object) -> object:
    raise StoreError("the database is down")


async def test_two_who_are_kept_apart_lose_their_space_on_the_common_day(
    world: CoupleWorld,
) -> None:
    await world.couple()
    before = await core(world)

    await world.desk.keep_apart(BEN, ADA)

    assert await core(world) == before
    await world.run(BOUNDARY)
    assert (await world.seen_by(ADA))["closed"] == [PairKind.COUPLE]
