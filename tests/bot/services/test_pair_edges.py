"""Shared spaces where two things happen at once, something fails between, or someone looks back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import TryLaterError
from bot.domain.ids import ParticipantId
from bot.domain.opening import Choice, Feature, closing_hour
from bot.domain.pair import OPENS_AT, Member, Pair, PairKind, PairState, Parting
from bot.domain.participant import ParticipantState
from bot.errors import StoreError, UserError
from bot.services.offers import QUESTION
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CAL, LEAD, CoupleWorld, Hands

DAY = timedelta(days=1)
DEE = 104


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    for user_id in (ADA, BEN, CAL, DEE):
        await made.join(user_id)
    return made


class SlowHands(Hands):
    """Discord that takes its time: something else happens while it works."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 9000
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def _wait(self) -> None:
        if (act := self.meanwhile) is not None:
            self.meanwhile = None
            await act()

    async def open(self, pair: Pair) -> int:
        """Make a thread, slowly."""
        thread_id = await super().open(pair)
        await self._wait()
        return thread_id

    async def hold(self, members: Any, *, still: bool) -> None:
        """Hold, slowly."""
        await super().hold(members, still=still)
        await self._wait()


async def link(world: CoupleWorld, one: int, other: int, kind: PairKind) -> Pair:
    """Bring two people together, and return their open pair."""
    await world.invites.invite(await world.person(one), other, kind)
    await world.invites.invite(await world.person(other), one, kind)
    pair = (await world.desk.waiting(LEAD))[-1]
    for member in pair.members:
        await world.desk.talked(pair.id, member.participant_id, LEAD)
    assert await world.desk.open(pair.id, LEAD, world.hands) is not None
    return await now(world, pair)


async def now(world: CoupleWorld, pair: Pair) -> Pair:
    """Return a pair as it is now."""
    found = await world.pair_store.get(pair.id)
    assert found is not None
    return found


async def me(world: CoupleWorld, pair: Pair, user_id: int) -> Member:
    """Return one of the two as they are now."""
    found = (await now(world, pair)).member((await world.person(user_id)).id)
    assert found is not None
    return found


async def leave(world: CoupleWorld, pair: Pair, user_id: int) -> None:
    await world.life.leave(await world.person(user_id), pair.id, Parting.LEFT, world.hands)


async def test_leaving_while_the_thread_is_made_is_not_undone(world: CoupleWorld) -> None:
    pair = await world.couple()
    slow = world.hands = SlowHands()

    async def ada_leaves() -> None:
        await leave(world, pair, ADA)

    slow.meanwhile = ada_leaves
    await world.life.lost_thread(await now(world, pair), slow)

    assert not (await me(world, pair, ADA)).is_in
    assert (await now(world, pair)).closes_at is not None
    assert ADA not in slow.seeing
    assert (await now(world, pair)).thread_id in slow.threads


async def test_one_thread_is_made_where_two_want_to_make_it(world: CoupleWorld) -> None:
    pair = await world.couple()
    slow = world.hands = SlowHands()
    lost = await now(world, pair)
    second: list[asyncio.Task[None]] = []

    async def again() -> None:
        # The dispatcher finds the thread gone as the event of its deletion is handled.
        second.append(asyncio.create_task(world.life.lost_thread(lost, slow)))

    slow.meanwhile = again
    await world.life.lost_thread(lost, slow)
    await second[0]

    assert len(slow.threads) == 1
    assert (await now(world, pair)).thread_id in slow.threads


async def test_leaving_a_loved_one_leaves_the_couple_its_thread(world: CoupleWorld) -> None:
    await world.couple()
    family = await link(world, ADA, CAL, PairKind.FAMILY)

    await leave(world, family, ADA)
    await world.run()

    assert ADA in world.hands.seeing


async def test_who_left_stays_shut_out_where_discord_let_them_in_again(
    world: CoupleWorld,
) -> None:
    pair = await world.couple()
    world.hands.broken = TryLaterError("503")
    await leave(world, pair, ADA)
    wanted = await world.life.sweep(world.clock(), world.hands)

    assert wanted is not None
    assert wanted <= world.clock() + timedelta(minutes=1)
    world.hands.broken = None
    await world.run()
    assert ADA not in world.hands.seeing


async def test_sight_goes_before_the_database_is_asked(
    world: CoupleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = await world.couple()

    async def down(*_: object) -> None:
        raise StoreError("down")

    ada = await world.person(ADA)
    monkeypatch.setattr(world.pair_store, "get", down)
    with pytest.raises(StoreError):
        await world.life.leave(ada, pair.id, Parting.LEFT, world.hands)

    assert ADA not in world.hands.seeing
    assert BEN in world.hands.seeing
    monkeypatch.undo()
    await world.run()
    assert not (await me(world, pair, ADA)).is_in
    assert [asked[0] for asked in world.cases.asked] == [ADA]


async def test_a_space_of_two_who_deleted_everything_holds_nothing_up(
    world: CoupleWorld,
) -> None:
    pair = await world.couple()
    other = await link(world, CAL, DEE, PairKind.COUPLE)
    for user_id in (ADA, BEN):
        await world.pair_store.forget((await world.person(user_id)).id)
    await leave(world, other, CAL)

    await world.run()
    closes_at = (await now(world, other)).closes_at
    assert closes_at is not None
    await world.run(closes_at)

    assert (await now(world, other)).state is PairState.CLOSED
    found = await world.pair_store.get(pair.id)
    assert found is None or found.state is PairState.CLOSED


async def test_an_open_space_is_not_opened_on_the_next_date_again(world: CoupleWorld) -> None:
    pair = await world.couple()
    await world.programme.change(opens_in_batches=True)

    with pytest.raises(UserError, match="desk"):
        await world.desk.open(pair.id, LEAD, world.hands)
    with pytest.raises(UserError, match="desk"):
        await world.desk.refuse(pair.id, LEAD)

    assert (await now(world, pair)).is_open


async def test_coming_back_does_not_undo_what_the_team_decided(world: CoupleWorld) -> None:
    pair = await world.couple()
    closes_at = await world.desk.close(pair.id, LEAD)
    ada = await world.person(ADA)
    await world.life.leave_all(ada, Parting.SERVER, world.hands)

    await world.life.come_back(ada, world.hands)

    assert (await now(world, pair)).closes_at == closes_at


async def test_who_is_kept_apart_by_now_does_not_come_back_to_the_other(
    world: CoupleWorld,
) -> None:
    pair = await world.couple()
    ada = await world.person(ADA)
    await world.life.leave_all(ada, Parting.SERVER, world.hands)
    world.keep_apart.pairs.add(frozenset({ADA, BEN}))

    await world.life.come_back(ada, world.hands)

    assert not (await me(world, pair, ADA)).is_in
    assert ADA not in world.hands.seeing


async def test_a_consent_taken_back_as_the_space_opens_ends_it(world: CoupleWorld) -> None:
    ada = await world.person(ADA)
    await world.invites.invite(ada, BEN, PairKind.COUPLE)
    await world.invites.invite(await world.person(BEN), ADA, PairKind.COUPLE)
    [pair] = await world.desk.waiting(LEAD)
    stale = await world.pair_store.of(ada.id)
    for member in pair.members:
        await world.desk.talked(pair.id, member.participant_id, LEAD)
    await world.desk.open(pair.id, LEAD, world.hands)
    original = world.pair_store.of

    async def before_it_opened(participant_id: ParticipantId, tx: Any = None) -> Any:
        world.pair_store.of = original  # type: ignore[method-assign]
        return stale

    world.pair_store.of = before_it_opened  # type: ignore[method-assign]
    await world.life.leave_all(ada, Parting.CONSENT, world.hands)

    assert not (await me(world, pair, ADA)).is_in


async def test_who_was_a_partner_is_kept_from_the_others_cases(world: CoupleWorld) -> None:
    pair = await world.couple()
    await leave(world, pair, ADA)
    closes_at = (await now(world, pair)).closes_at
    assert closes_at is not None
    await world.run(closes_at)

    assert (await now(world, pair)).state is PairState.CLOSED
    assert world.pairs.partners(ADA) == frozenset()
    assert world.pairs.kin(ADA) == {BEN}
    assert world.pairs.kin(BEN) == {ADA}


async def test_words_kept_in_the_last_moment_stay_with_their_author(world: CoupleWorld) -> None:
    await world.couple()
    space = await world.space(BEN)
    closes_at = closing_hour(world.clock(), OPENS_AT, space.zone)

    async def write(user_id: int, choice: Choice, text: str) -> None:
        await world.openings.contribute(
            await world.person(user_id),
            await world.space(user_id),
            feature=Feature.QUESTION,
            subject="q1",
            closes_at=closes_at,
            choice=choice,
            text=text,
        )

    await write(ADA, Choice.SHARE, "hers")
    await write(BEN, Choice.SHARE, "his")
    seal = world.opening_store.seal

    async def slowly(opening_id: str, participant_id: ParticipantId, text: str) -> bytes:
        sealed = await seal(opening_id, participant_id, text)
        await world.run(closes_at)
        return sealed

    world.opening_store.seal = slowly  # type: ignore[method-assign]
    with pytest.raises(UserError, match="too_late"):
        await write(BEN, Choice.KEEP, "a secret")

    [opened] = await world.openings.opened(await world.space(ADA))
    assert opened.theirs == "his"


async def test_who_left_is_asked_nothing_even_where_a_row_says_so(world: CoupleWorld) -> None:
    pair = await world.couple()
    space = await world.space(ADA)
    await leave(world, pair, ADA)

    await world.offers.switch(space, QUESTION, on=True, zone="UTC")

    assert not await world.offers.is_asked(space, QUESTION)


async def test_more_time_is_kept_while_discord_holds_the_thread(world: CoupleWorld) -> None:
    await world.couple()
    slow = world.hands = SlowHands()
    space = await world.space(ADA)
    pause = await world.pauses.call(await world.person(ADA), space, timedelta(minutes=20))

    async def ben_wants_more() -> None:
        await world.pauses.longer(await world.space(BEN), pause.id)

    slow.meanwhile = ben_wants_more
    await world.pauses.sweep(world.clock(), slow)

    current = await world.pauses.current(space)
    assert current is not None
    assert (current.longer, current.held) == (1, True)
    assert current.returns_at == pause.returns_at + timedelta(minutes=30)


async def test_leaving_while_the_guard_holds_everyone_stays_left(world: CoupleWorld) -> None:
    pair = await world.couple()
    stale = await now(world, pair)
    await leave(world, pair, ADA)

    await world.pair_store.guard(stale.id, world.clock())

    current = await now(world, pair)
    assert current.closes_at is not None
    assert current.guarded_at is not None
    assert replace(current, closes_at=None, guarded_at=None).state is PairState.OPEN


async def test_who_left_the_server_as_the_process_died_is_found(world: CoupleWorld) -> None:
    pair = await world.couple()
    ada = await world.person(ADA)
    await world.participant_store.set_state(ada.id, ParticipantState.LEFT, world.clock())

    await world.run()

    assert (await me(world, pair, ADA)).parting is Parting.SERVER
    assert ADA not in world.hands.seeing
    assert (await me(world, pair, BEN)).is_in


async def test_the_team_and_the_screen_read_words_as_they_were_written(
    world: CoupleWorld,
) -> None:
    await world.couple()
    space = await world.space(ADA)
    offer = await world.offers.current(space, Feature.WEEKLY)
    heard: list[str] = []
    world.openings.on_written(lambda _user_id, text: heard.append(text))

    await world.offers.write(
        await world.person(ADA),
        space,
        feature=offer.feature,
        subject=offer.subject,
        closes_at=offer.closes_at,
        choice=Choice.STAFF,
        texts=['I want\nto "stop"', ""],
    )

    assert heard == ['I want\nto "stop"']
    assert [asked[3] for asked in world.cases.asked] == ['I want\nto "stop"']
