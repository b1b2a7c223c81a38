"""Two partners who are both quiet: the team hears of it, if both agreed; neither can tell."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.consent import ConsentKind
from bot.domain.ids import CheckInId, ParticipantId, new_id
from bot.domain.signal import are_both_quiet
from bot.store.database import SqliteDatabase
from bot.store.signals import SignalStore
from tests.fakes.checkin_group import ADA, CheckInWorld
from tests.fakes.clock import FakeClock
from tests.rows import RowMaker

BEN = ParticipantId("ben")
START = datetime(2026, 1, 5, 23, tzinfo=UTC)
MONDAY = date(2026, 1, 5)


class Agreed:
    """Who agreed to heads-ups."""

    def __init__(self, *people: ParticipantId) -> None:
        self.people = set(people)

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool:
        """Whether they did."""
        return kind is not ConsentKind.HEADS_UPS or participant_id in self.people


@pytest.fixture
async def world(clock: FakeClock) -> CheckInWorld:
    made = CheckInWorld(clock)
    made.participants.others[BEN] = replace(made.ada, id=BEN, user_id=8)
    return await between(made, ADA, BEN)


async def between(world: CheckInWorld, *agreed: ParticipantId) -> CheckInWorld:
    """Let two be a couple, of whom some agreed to heads-ups."""
    world.consents = Agreed(*agreed)  # type: ignore[assignment]  # only `given` is asked
    world.group = world.build()
    await world.group.sets.load()

    async def partner_of(who: ParticipantId, _tx: Any) -> ParticipantId:
        return BEN if who == ADA else ADA

    world.group.signals.with_partners(partner_of)
    return world


def asked(who: ParticipantId, day: int, state: CheckInState = CheckInState.SENT) -> CheckIn:
    due = START + timedelta(days=day)
    return CheckIn(
        id=CheckInId(new_id()),
        participant_id=who,
        day=MONDAY + timedelta(days=day),
        set_id="daily",
        set_version=1,
        state=state,
        due_at=due,
        closes_at=due + timedelta(hours=12),
        sent_at=due,
    )


async def silent(world: CheckInWorld, day: int, *people: ParticipantId) -> None:
    """Let the prompts of a day go by."""
    await world.store.plan(None, [asked(who, day) for who in people])
    world.clock.now = START + timedelta(days=day, hours=12)
    await world.group.prompts.sweep(world.clock.now)
    await world.group.signals.sweep(world.clock.now)


def told(world: CheckInWorld) -> set[ParticipantId]:
    return {who for who, source in world.cases.heads_ups if source is CaseSource.BOTH_QUIET}


async def test_two_quiet_days_of_both_are_told_once(world: CheckInWorld) -> None:
    await silent(world, 0, ADA, BEN)
    assert told(world) == set()

    for day in (1, 2, 3):
        await silent(world, day, ADA, BEN)

    assert told(world) == {ADA, BEN}
    assert sum(source is CaseSource.BOTH_QUIET for _, source in world.cases.heads_ups) == 2


@pytest.mark.parametrize("agreed", [(), (ADA,), (BEN,)])
async def test_without_the_yes_of_both_nobody_is_told(
    world: CheckInWorld, agreed: tuple[ParticipantId, ...]
) -> None:
    await between(world, *agreed)

    for day in range(3):
        await silent(world, day, ADA, BEN)

    assert told(world) == set()


async def test_one_quiet_partner_is_no_heads_up_of_both(world: CheckInWorld) -> None:
    for day in range(3):
        await world.store.plan(None, [asked(BEN, day, CheckInState.ANSWERED)])
        await silent(world, day, ADA)

    assert told(world) == set()


async def test_neither_is_sent_anything_by_it(world: CheckInWorld) -> None:
    """A person's notes are what they would be if they were quiet alone."""
    alone = CheckInWorld(FakeClock())
    await alone.group.sets.load()
    for day in range(3):
        await silent(alone, day, ADA)
        await silent(world, day, ADA, BEN)

    assert [kind for kind, _ in world.outbox.added] == ["checkin.nudge"] * 2
    assert [kind for kind, _ in alone.outbox.added] == ["checkin.nudge"]


async def test_no_export_tells_of_it(database: SqliteDatabase, vault: Any) -> None:
    rows = RowMaker(database, vault)
    made = await rows.add("participants")
    for source in ("quiet", "both_quiet"):
        await rows.add("signals", participant_id=made["id"], source=source)

    found = await SignalStore(database).export(made["id"])

    assert [row["source"] for row in found if "source" in row] == ["quiet"]


def test_long_ago_is_not_quiet_now() -> None:
    days = [asked(ADA, day, CheckInState.NO_ANSWER) for day in range(2)]

    assert are_both_quiet(days, days, MONDAY + timedelta(days=2))
    assert not are_both_quiet(days, days, MONDAY + timedelta(days=9))
    assert not are_both_quiet(days, days[:1], MONDAY + timedelta(days=2))
