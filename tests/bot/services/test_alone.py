"""What one does alone: the composer, the safety question, one's own yes, and several links."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.case import CaseSource
from bot.domain.delivery import Close, Occasion, Personal, Send
from bot.domain.ids import PairId
from bot.domain.own_note import MOST_STRENGTHS
from bot.domain.pair import PairKind, Parting, Tool
from bot.domain.recurrence import Occurrence
from bot.domain.saying import MOST_DRAFTS
from bot.errors import UserError
from bot.services.pair_safety import SAFETY
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couple_alone import LEADS, draft, say, screening_no, screening_yes, talk_alone
from tests.fakes.couples import ADA, BEN, CAL, LEAD, CoupleWorld


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def said_notes(world: CoupleWorld, user_id: int) -> int:
    return sum(kind == "pair.said" for kind, _, _ in await world.notes(user_id))


# --- The composer


async def test_words_are_ones_own_until_they_are_sent(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)
    made = await draft(world, ADA)

    assert await world.seen_by(BEN) == before
    [kept] = await world.alone.sayings.drafts(await world.person(ADA))
    assert kept.text == "I feel tense.\nWhen plans change.\nI need a message."
    with pytest.raises(UserError, match="note_closed"):
        await world.alone.sayings.received([await world.space(BEN)], made)
    with pytest.raises(UserError, match="gone"):
        await world.alone.sayings.draft(await world.person(BEN), made)


async def test_sent_words_arrive_once_however_often_it_is_pressed(world: CoupleWorld) -> None:
    made = await draft(world, ADA)
    person, space = await world.person(ADA), await world.space(ADA)

    for _ in range(2):
        await world.alone.sayings.send(person, space, made)

    assert await said_notes(world, BEN) == 1
    got = await world.alone.sayings.received([await world.space(BEN)], made)
    assert got.text.startswith("I feel tense.")
    with pytest.raises(UserError, match="gone"):
        await world.alone.sayings.write(person, "i_statement", LEADS, ["later"], made)


async def test_words_to_who_left_look_sent_all_the_same(world: CoupleWorld) -> None:
    pair = (await world.space(BEN)).pair_id
    await world.life.leave(await world.person(BEN), pair, Parting.LEFT, world.hands)
    before = await said_notes(world, BEN)

    await say(world, ADA)

    assert await world.alone.sayings.drafts(await world.person(ADA)) == []
    assert await said_notes(world, BEN) == before
    with pytest.raises(UserError, match="closed"):
        await world.alone.sayings.send(
            await world.person(BEN), await world.space(ADA), await draft(world, BEN)
        )


@pytest.mark.parametrize(
    ("parts", "key"),
    [(["", "  ", ""], "empty"), (["a" * 4000, "", ""], "too_long")],
)
async def test_bad_words_are_refused(world: CoupleWorld, parts: list[str], key: str) -> None:
    with pytest.raises(UserError, match=key):
        await world.alone.sayings.write(await world.person(ADA), "apology", LEADS, parts)

    assert await world.alone.sayings.drafts(await world.person(ADA)) == []


async def test_danger_words_are_heeded_and_change_nothing_else(world: CoupleWorld) -> None:
    await draft(world, ADA)

    assert world.heeded[-1][0] == ADA
    assert "I feel tense." in world.heeded[-1][1]


async def test_no_more_than_a_list_holds_is_kept(world: CoupleWorld) -> None:
    person = await world.person(ADA)
    for _ in range(MOST_DRAFTS):
        last = await draft(world, ADA)
    with pytest.raises(UserError, match="too_many"):
        await draft(world, ADA)

    await world.alone.sayings.write(person, "i_statement", LEADS, ["calm"], last)
    await world.alone.sayings.drop(person, last)
    await draft(world, ADA)


async def test_it_works_without_anyone(world: CoupleWorld) -> None:
    cal = await world.join(CAL)

    await draft(world, CAL)
    await world.alone.own_notes.add_strength(cal, "I go on")

    assert len(await world.alone.sayings.drafts(cal)) == 1
    assert [one.text for one in await world.alone.own_notes.strengths(cal)] == ["I go on"]


async def test_strengths_and_looks_are_kept_and_deleted(world: CoupleWorld) -> None:
    ada = await world.person(ADA)
    own = world.alone.own_notes
    for number in range(MOST_STRENGTHS):
        await own.add_strength(ada, f"strength {number}")
    with pytest.raises(UserError, match="too_many"):
        await own.add_strength(ada, "one more")
    with pytest.raises(UserError, match="too_long"):
        await own.add_strength(ada, "a" * 4000)

    look = await own.look(ada, ["money", "calls"])
    assert [one.items for one in await own.looks(ada)] == [["calls", "money"]]
    await own.drop(await world.person(BEN), look.id)
    assert len(await own.looks(ada)) == 1
    await own.drop(ada, look.id)
    assert await own.looks(ada) == []


# --- Safety


async def test_a_call_to_talk_alone_changes_nothing_for_the_other(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)
    await talk_alone(world, ADA)
    assert await world.seen_by(BEN) == before

    # A pause called by either works and looks as it would have.
    pause = await world.pauses.call(
        await world.person(BEN), await world.space(BEN), timedelta(minutes=20)
    )
    await world.run()

    assert world.hands.held == {ADA, BEN}
    assert (await world.pauses.current(await world.space(ADA))) is not None
    assert pause.called_by == (await world.person(BEN)).id
    assert world.cases.asked[-1][:2] == (ADA, CaseSource.CHECKIN_ALONE)


async def test_both_are_asked_each_at_a_time_of_their_own(world: CoupleWorld) -> None:
    pair_id = (await world.space(ADA)).pair_id
    found = []
    for user_id in (ADA, BEN):
        address = Personal(participant_id=(await world.person(user_id)).id)
        schedule = await world.schedules.find(kind=SAFETY.name, address=address, subject_id=pair_id)
        assert schedule is not None
        assert schedule.next_due_at is not None
        found.append(schedule)
        assert world.clock() < schedule.next_due_at <= world.clock() + timedelta(weeks=5)

    await talk_alone(world, BEN)
    await world.alone.safety.later(await world.person(BEN))
    again = await world.schedules.find(
        kind=SAFETY.name, address=found[0].address, subject_id=pair_id
    )
    assert again == found[0]


async def test_who_is_in_two_spaces_is_asked_once(world: CoupleWorld) -> None:
    world.clock.now += timedelta(hours=1)
    await link(world, ADA, CAL)
    ada = await world.person(ADA)
    occasions = []
    for space in await world.pairs.spaces(ada.id):
        schedule = await world.schedules.find(
            kind=SAFETY.name, address=Personal(participant_id=ada.id), subject_id=space.pair_id
        )
        assert schedule is not None
        occurrence = Occurrence(
            nominal_date=world.clock().date(), slot="12:30", due_at=world.clock()
        )
        occasions.append(Occasion(schedule=schedule, occurrence=occurrence))
    async with world.database.transaction() as tx:
        decided = await world.alone.safety.plan(occasions, world.clock(), tx)

    assert [type(one) for one in decided] == [Send, Close]


# --- Danger words in the thread


async def test_one_yes_alone_screens_nothing_and_shows_nothing(world: CoupleWorld) -> None:
    thread = (await world.space(ADA)).thread_id or 0
    before = await world.seen_by(BEN)
    await screening_yes(world, ADA)

    assert not world.alone.screening.may_screen(thread)
    assert await world.seen_by(BEN) == before
    await screening_yes(world, BEN)
    assert world.alone.screening.may_screen(thread)
    assert not world.alone.screening.may_screen(thread + 1)


async def test_a_yes_taken_back_cannot_be_found_out_that_day(world: CoupleWorld) -> None:
    thread = (await world.space(ADA)).thread_id or 0
    await screening_yes(world, ADA)
    await screening_yes(world, BEN)
    before = await world.seen_by(ADA)

    await screening_no(world, BEN)

    screening = world.alone.screening
    assert not screening.may_screen(thread, BEN)
    assert screening.may_screen(thread, ADA)
    assert await world.seen_by(ADA) == before
    await screening_no(world, BEN)
    await world.run(world.clock() + timedelta(days=7))
    assert not screening.may_screen(thread, ADA)


async def test_leaving_quietly_does_not_switch_the_others_screening(world: CoupleWorld) -> None:
    space = await world.space(BEN)
    for user_id in (ADA, BEN):
        await screening_yes(world, user_id)

    await world.life.leave(await world.person(BEN), space.pair_id, Parting.LEFT, world.hands)
    await world.alone.screening.load()
    assert world.alone.screening.may_screen(space.thread_id or 0, ADA)

    await world.run(world.clock() + timedelta(days=7))
    assert not world.alone.screening.may_screen(space.thread_id or 0, ADA)


# --- Links with loved ones


async def link(world: CoupleWorld, one: int, other: int) -> PairId:
    """Bring two people together as family."""
    for user_id in (one, other):
        if await world.participants.find(user_id) is None:
            await world.join(user_id)
    await world.invites.invite(await world.person(one), other, PairKind.FAMILY)
    await world.invites.invite(await world.person(other), one, PairKind.FAMILY)
    [pair] = await world.desk.waiting(LEAD)
    for member in pair.members:
        await world.desk.talked(pair.id, member.participant_id, LEAD)
    assert await world.desk.open(pair.id, LEAD, world.hands) is not None
    return pair.id


async def test_a_link_opens_goals_and_plan_and_nothing_else(world: CoupleWorld) -> None:
    threads = len(world.hands.threads)
    pair_id = await link(world, ADA, CAL)
    cal = await world.person(CAL)

    assert len(world.hands.threads) == threads
    for tool in Tool:
        if tool in (Tool.GOALS, Tool.PLAN):
            assert (await world.pairs.space(cal, tool, pair_id)).kind is PairKind.FAMILY
        else:
            with pytest.raises(UserError, match="closed"):
                await world.pairs.space(cal, tool, pair_id)


async def test_nobody_learns_of_another_space(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)
    await link(world, ADA, CAL)

    assert await world.seen_by(BEN) == before
    seen = await world.seen_by(CAL)
    assert [one[:2] for one in seen["spaces"]] == [(PairKind.FAMILY, ADA)]
    kinds = [one.kind for one in await world.pairs.spaces((await world.person(ADA)).id)]
    assert kinds == [PairKind.COUPLE, PairKind.FAMILY]
