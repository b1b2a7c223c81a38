"""Random rules, zones and outages: every occurrence has one outcome, at the right local time."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.delivery import (
    DeliveryError,
    NoPermissionError,
    OutboxRow,
    OutboxState,
    Personal,
    Reason,
    TryLaterError,
)
from bot.domain.localtime import find_zone, resolve
from bot.domain.recurrence import (
    Daily,
    Monthly,
    Occurrence,
    Rule,
    Slot,
    Weekly,
    occurrences,
)
from bot.store.database import Database, open_database
from bot.store.migrate import load_migrations, migrate
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import Delivery, join

WINDOW = timedelta(hours=4)
MINUTE = timedelta(minutes=1)
KIND_NAMES = ("prompt", "summary", "reminder")

slots = st.lists(
    st.builds(
        Slot,
        at=st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30])),
        weekdays=st.frozensets(st.integers(0, 6), min_size=3),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda slot: slot.key,
).map(tuple)
rules = st.builds(
    Rule,
    dates=st.one_of(
        st.just(Daily()),
        st.builds(Weekly, weekdays=st.frozensets(st.integers(0, 6), min_size=1)),
        st.builds(Monthly, day=st.integers(25, 31)),
    ),
    slots=slots,
)
zones = st.sampled_from(
    ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu"]
)
# Around the changes of both halves of the year, and a month's end.
starts = st.sampled_from(
    [
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 24, tzinfo=UTC),
        datetime(2026, 10, 20, tzinfo=UTC),
        datetime(2028, 2, 26, tzinfo=UTC),
    ]
)
pauses = st.sampled_from(
    [5 * MINUTE, 40 * MINUTE, timedelta(hours=3), timedelta(hours=13), timedelta(days=2)]
)
steps = st.lists(pauses, min_size=5, max_size=40)


def expected(
    kind: str, found: list[Occurrence], runs: list[datetime]
) -> dict[tuple[str, str], tuple[str, datetime]]:
    """What must become of each occurrence, and when, straight from the rules."""
    outcomes = {}
    for index, one in enumerate(found):
        run = next(moment for moment in runs if moment >= one.due_at)
        overtaken = index + 1 < len(found) and found[index + 1].due_at <= run
        if kind == "prompt":
            fate = "expired" if overtaken or one.due_at + WINDOW <= run else "sent"
        elif kind == "summary":
            fate = "superseded" if overtaken else "sent"
        else:
            fate = "told"
        outcomes[str(one.nominal_date), one.slot] = fate, run
    return outcomes


def fate_of(row: OutboxRow) -> str:
    if row.kind == "reminder" and (row.state is OutboxState.SENT or row.reason == Reason.MERGED):
        return "told"
    return "sent" if row.state is OutboxState.SENT else row.reason


async def begin(database: Database, clock: FakeClock, rule: Rule, zone: str) -> Delivery:
    for table in ("outbox", "schedules", "paused_scopes"):
        await database.execute(f"DELETE FROM {table}")
    delivery = Delivery(database, clock)
    delivery.handlers["prompt"].window = WINDOW
    ada = Personal(participant_id=await join(database, "ada"))
    for kind in KIND_NAMES:
        await delivery.schedules.put(kind=kind, address=ada, rule=rule, zone=zone, now=clock())
    return delivery


async def live(
    database: Database,
    rule: Rule,
    zone: str,
    start: datetime,
    pauses: list[timedelta],
) -> None:
    clock = FakeClock(start)
    delivery = await begin(database, clock, rule, zone)

    runs = []
    for pause in pauses:
        clock.advance(pause)
        runs.append(clock())
        before = len(delivery.gateway.sent)
        await delivery.run()
        burst = Counter(message.rendered for message in delivery.gateway.sent[before:])
        assert all(count == 1 for count in burst.values())

    found = list(occurrences(rule, find_zone(zone), start, clock()))
    rows = await delivery.rows()
    for kind in KIND_NAMES:
        ours = [row for row in rows if row.kind == kind]
        fates = {
            (str(row.nominal_date), row.slot): (fate_of(row), row.sent_at or row.closed_at)
            for row in ours
        }
        assert len(ours) == len(found)
        assert fates == expected(kind, found, runs)
    for row in rows:
        assert row.nominal_date is not None
        assert row.due_at == resolve(
            row.nominal_date, time.fromisoformat(row.slot), find_zone(zone)
        )
    assert len(delivery.gateway.tries) == len(set(delivery.gateway.tries))


async def live_with_outages(
    database: Database,
    rule: Rule,
    zone: str,
    start: datetime,
    pauses: list[tuple[timedelta, DeliveryError | None]],
) -> None:
    clock = FakeClock(start)
    delivery = await begin(database, clock, rule, zone)

    for pause, trouble in [*pauses, (timedelta(hours=1), None), (timedelta(hours=1), None)]:
        clock.advance(pause)
        delivery.gateway.allow()
        if trouble is not None:
            delivery.gateway.refuse(trouble)
        before = len(delivery.gateway.sent)
        await delivery.run()
        burst = Counter(message.rendered for message in delivery.gateway.sent[before:])
        assert all(count == 1 for count in burst.values())

    found = {
        (str(one.nominal_date), one.slot)
        for one in occurrences(rule, find_zone(zone), start, clock())
    }
    rows = await delivery.rows()
    for kind in KIND_NAMES:
        ours = [row for row in rows if row.kind == kind]
        assert {(str(row.nominal_date), row.slot) for row in ours} == found
        assert len(ours) == len(found)
    for row in rows:
        assert row.state in {OutboxState.SENT, OutboxState.CLOSED}
        assert not (row.sent_at and row.expires_at) or row.sent_at < row.expires_at
    assert len(delivery.gateway.sent) == len({one.nonce for one in delivery.gateway.sent})


@contextmanager
def opened(file: Path) -> Iterator[tuple[asyncio.Runner, Database]]:
    with asyncio.Runner() as runner:
        opening = open_database(file)
        database = runner.run(opening.__aenter__())
        try:
            runner.run(migrated(database))
            yield runner, database
        finally:
            runner.run(opening.__aexit__(None, None, None))


async def migrated(database: Database) -> None:
    await migrate(database, load_migrations())


def test_every_occurrence_has_one_outcome(tmp_path: Path) -> None:
    with opened(tmp_path / "test.db") as (runner, database):

        @settings(max_examples=40, deadline=None)
        @given(rule=rules, zone=zones, start=starts, pauses=steps)
        def example(rule: Rule, zone: str, start: datetime, pauses: list[timedelta]) -> None:
            runner.run(live(database, rule, zone, start, pauses))

        example()


def test_an_outage_of_discord_loses_nothing_and_brings_no_burst(tmp_path: Path) -> None:
    troubles = st.sampled_from(
        [None, None, TryLaterError("502", is_doubtful=True), NoPermissionError("50013")]
    )

    with opened(tmp_path / "test.db") as (runner, database):

        @settings(max_examples=40, deadline=None)
        @given(
            rule=rules,
            zone=zones,
            start=starts,
            pauses=st.lists(st.tuples(pauses, troubles), min_size=5, max_size=30),
        )
        def example(
            rule: Rule,
            zone: str,
            start: datetime,
            pauses: list[tuple[timedelta, DeliveryError | None]],
        ) -> None:
            runner.run(live_with_outages(database, rule, zone, start, pauses))

        example()
