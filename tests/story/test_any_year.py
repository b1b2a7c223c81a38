"""Any rules, any zone, any outages: each message at its own time, none twice, none lost."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.checkin import WEEKDAYS, WEEKEND
from bot.domain.dates import Daily, Dates, Monthly, MonthlyWeekday, Once, Weekly
from bot.domain.delivery import Kind, OutboxRow, OutboxState, Personal, Reason
from bot.domain.localtime import local_day
from bot.domain.recurrence import EVERY_DAY, Rule, Slot
from bot.scheduling.dispatcher import STUCK
from bot.store.database import open_database
from bot.store.migrate import load_migrations, migrate
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PROMPT, REMINDER, SUMMARY, Delivery, FakeHandler, join
from tests.story.calendar import expected

ZONES = (
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Chatham",
    "UTC",
)
"""Clocks that change at midnight, by half an hour, in Ramadan, in the south, or never."""

WINDOW = timedelta(hours=12)
DAYS = 14
FIRST = date(2027, 2, 20)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Two weeks of somebody, around a change of their clocks where there is one."""

    zone: ZoneInfo
    begin: datetime
    rules: Sequence[tuple[Kind, Rule]]
    outages: Sequence[Span]
    away: tuple[date, date] | None

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(days=DAYS)

    def up_at(self, moment: datetime) -> datetime:
        """When something due at a moment can be looked at."""
        for down, up in self.outages:
            if down <= moment < up:
                moment = up
        return moment

    def is_away(self, day: date) -> bool:
        return self.away is not None and self.away[0] <= day <= self.away[1]


def dates() -> st.SearchStrategy[Dates]:
    weekdays = st.frozensets(st.integers(0, 6), min_size=1)
    offsets = st.integers(0, 400).map(lambda days: FIRST + timedelta(days=days))
    return st.one_of(
        st.just(Daily()),
        st.builds(Daily, every=st.integers(2, 9)),
        st.builds(Weekly, weekdays=weekdays, every=st.integers(1, 3)),
        st.builds(Monthly, day=st.sampled_from([1, 15, 28, 29, 30, 31]), every=st.integers(1, 2)),
        st.builds(MonthlyWeekday, weekday=st.integers(0, 6), nth=st.sampled_from([1, 2, 3, 4, -1])),
        st.builds(Once, on=offsets),
    )


# Nights are likely: that is when clocks change.
NIGHTS = [time(hour, minute) for hour in range(4) for minute in (0, 15, 30, 45)]
TIMES = st.one_of(
    st.sampled_from(NIGHTS), st.builds(time, st.integers(4, 23), st.sampled_from([0, 15, 59]))
)


@st.composite
def rules(draw: st.DrawFn, first: date) -> Rule:
    times = draw(st.lists(TIMES, min_size=3, max_size=6, unique=True))
    weekdays = st.sampled_from([EVERY_DAY, EVERY_DAY, WEEKDAYS, WEEKEND])
    start = first - timedelta(days=draw(st.integers(0, 60)))
    ends = st.integers(60, 100).map(lambda days: start + timedelta(days=days))
    return Rule(
        dates=draw(dates()),
        slots=tuple(Slot(at=at, weekdays=draw(weekdays)) for at in times),
        start=start,
        end=draw(st.none() | ends),
    )


@cache
def clock_changes(zone: ZoneInfo) -> Sequence[date]:
    """The days on which the clocks of a zone change, in a little more than a year."""
    noons = [datetime.combine(FIRST + timedelta(days=place), time(12), UTC) for place in range(400)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    return [
        noon.date()
        for noon, before, after in zip(noons[1:], offsets, offsets[1:], strict=False)
        if before != after
    ]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    any_day = st.integers(0, 380).map(lambda days: FIRST + timedelta(days=days))
    changes = [day - timedelta(days=DAYS // 2) for day in clock_changes(zone)]
    first = draw(st.sampled_from(changes) if changes else any_day)
    begin = datetime.combine(first, time(draw(st.integers(0, 23)), 7), UTC)
    outages: list[Span] = []
    down = begin
    for _ in range(draw(st.integers(0, 2))):
        down += timedelta(hours=draw(st.integers(1, 200)))
        up = down + timedelta(minutes=draw(st.sampled_from([3, 60, 600, 3_000])))
        outages.append((down, up))
        down = up
    away = None
    if draw(st.booleans()):
        leaving = first + timedelta(days=draw(st.integers(0, DAYS)))
        away = leaving, leaving + timedelta(days=draw(st.integers(0, 9)))
    kinds = st.sampled_from([PROMPT, REMINDER, SUMMARY])
    return Case(
        zone=zone,
        begin=begin,
        rules=draw(st.lists(st.tuples(kinds, rules(first)), min_size=2, max_size=5)),
        outages=outages,
        away=away,
    )


@dataclass
class Outcome:
    """What should become of an occurrence: when it arrives, or why it does not."""

    due_at: datetime
    arrives: datetime | None = None
    reasons: set[str] = field(default_factory=set)


def outcomes(case: Case) -> Mapping[tuple[str, date, str], Outcome]:
    """Work out what each rule's occurrences come to, by the catch-up rules of DESIGN 4.6."""
    found: dict[tuple[str, date, str], Outcome] = {}
    for place, (kind, rule) in enumerate(case.rules):
        together: defaultdict[datetime, list[tuple[tuple[str, date, str], datetime]]]
        together = defaultdict(list)
        for one in expected(rule, case.zone, case.begin, case.end):
            which = str(place), one.nominal_date, one.slot
            together[case.up_at(one.due_at)].append((which, one.due_at))
        for moment, ours in together.items():
            last = max(due_at for _, due_at in ours)
            for which, due_at in ours:
                found[which] = outcome(case, kind, which[1], due_at, moment, is_last=due_at == last)
    return found


def outcome(
    case: Case, kind: Kind, day: date, due_at: datetime, moment: datetime, *, is_last: bool
) -> Outcome:
    if case.is_away(day):
        return Outcome(due_at=due_at, reasons={Reason.EXCUSED})
    if kind is PROMPT and (not is_last or due_at + WINDOW <= moment):
        return Outcome(due_at=due_at, reasons={Reason.EXPIRED})
    if kind is SUMMARY and not is_last:
        return Outcome(due_at=due_at, reasons={Reason.SUPERSEDED})
    if case.is_away(local_day(moment, case.zone)):
        return Outcome(due_at=due_at, reasons={Reason.EXCUSED})
    return Outcome(due_at=due_at, arrives=moment)


@given(case=cases())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # Shrinking two weeks of somebody takes minutes.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_each_arrives_at_its_time_whatever_the_rules_zone_and_outages(case: Case) -> None:
    with TemporaryDirectory() as directory:
        rows, nonces = asyncio.run(live(case, Path(directory)))
    wanted = outcomes(case)
    by_id = {row.id: row for row in rows}
    arrived = {
        (row.subject_id, row.nominal_date, row.slot): row for row in rows if row.nominal_date
    }

    assert arrived.keys() == wanted.keys()
    assert len(rows) == len(wanted)
    for which, expectation in wanted.items():
        row = arrived[which]
        carrier = by_id[row.merged_into] if row.merged_into else row
        assert row.due_at == expectation.due_at, which
        if expectation.arrives is None:
            assert row.state is OutboxState.CLOSED, which
            assert row.reason in expectation.reasons, which
        else:
            assert carrier.state is OutboxState.SENT, (which, row.reason)
            assert carrier.sent_at == expectation.arrives, which
    assert Counter(nonces) == Counter(row.id for row in rows if row.state is OutboxState.SENT)


async def live(case: Case, directory: Path) -> tuple[list[OutboxRow], list[str]]:
    """Let the time pass on a real file, from one due thing to the next."""
    clock = FakeClock(case.begin)
    async with open_database(directory / "any.db") as database:
        await migrate(database, load_migrations())
        handlers = {
            kind.name: FakeHandler(window=WINDOW if kind is PROMPT else None)
            for kind in (PROMPT, REMINDER, SUMMARY)
        }
        delivery = Delivery(database, clock, handlers=handlers)
        person = await join(database, "ana")
        delivery.people.change(person, zone=case.zone, away=(case.away,) if case.away else ())
        for place, (kind, rule) in enumerate(case.rules):
            await delivery.schedules.put(
                kind=kind.name,
                address=Personal(participant_id=person),
                subject_id=str(place),
                rule=rule,
                zone=case.zone.key,
                now=clock(),
            )
        while (moment := await next_moment(case, delivery)) is not None:
            clock.now = max(clock.now, moment)
            await delivery.run()
        return await delivery.rows(), [message.nonce for message in delivery.gateway.sent]


async def next_moment(case: Case, delivery: Delivery) -> datetime | None:
    wanted = [await delivery.schedules.next_due(), await delivery.deliveries.next_at(STUCK)]
    moment = min((one for one in wanted if one is not None), default=None)
    return case.up_at(moment) if moment is not None and moment <= case.end else None
