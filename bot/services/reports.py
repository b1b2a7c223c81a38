"""The weekly report, for whoever asks and for the leads on Monday morning."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.case import Circle, Severity, narrower
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.localtime import local_day, resolve
from bot.domain.place import PlaceKey
from bot.domain.report import CaseLine, Marks, Report, Scope, make_report
from bot.services.outbox_port import Outbox
from bot.services.programme import ProgrammeService

WEEKLY_REPORT = Kind(
    name="report.weekly", priority=Priority.REMINDER, honours_away=False, honours_quiet=False
)
MORNING = time(8)
A_WEEK = timedelta(days=7)
MONDAY = "monday"


class ReportStore(Protocol):
    """What this service needs of the store."""

    async def lines(self, start: datetime, end: datetime) -> Sequence[CaseLine]: ...


class Duty(Protocol):
    """What this service needs of the conflict list."""

    def circle(self, people: Collection[int]) -> Circle: ...


class ScreenMarks(Protocol):
    """What the team said of the risk screen's hits."""

    async def marks(self, start: datetime, end: datetime) -> Marks | None: ...


class ReportService:
    """Counts a week, in the programme's zone from Monday to Sunday."""

    def __init__(
        self,
        *,
        store: ReportStore,
        outbox: Outbox,
        programme: ProgrammeService,
        duty: Duty,
        ends: Callable[[], Mapping[Severity, timedelta]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._programme = programme
        self._duty = duty
        self._ends = ends
        self._clock = clock
        self._screen: ScreenMarks | None = None
        self._looked_at: date | None = None

    def count_marks(self, screen: ScreenMarks) -> None:
        """Tell the leads from now on how the team judged what the risk screen found.

        What is counted there must be only what every lead may know of.
        """
        self._screen = screen

    async def of_week(self, monday: date, scope: Scope) -> Report:
        """Count the week that begins on a Monday, as far as it has come."""
        now = self._clock()
        start, end = self._midnight(monday), self._midnight(monday + A_WEEK)
        lines = [
            line
            for line in await self._store.lines(start, end)
            # Somebody may have been put on the conflict list since.
            if narrower(line.circle, self._duty.circle(line.people)) in scope.circles
        ]
        marks = None
        if scope is Scope.LEADS and self._screen is not None:
            marks = await self._screen.marks(start, end)
        last = min(monday + A_WEEK - timedelta(days=1), self._today())
        ends = self._ends()
        return make_report(scope, (monday, last), lines, ends=ends, now=now, marks=marks)

    def monday(self, weeks_ago: int = 0) -> date:
        """Return the Monday of this week, or of one before it."""
        today = self._today()
        return today - timedelta(days=today.weekday()) - weeks_ago * A_WEEK

    async def sweep(self, now: datetime) -> datetime | None:
        """Put last week's report in the outbox on Monday morning, once, late if need be."""
        if not self._programme.current.joining_open:
            return None
        monday = self.monday()
        due_at = self._at(monday, MORNING)
        if now < due_at:
            return due_at
        week = monday - A_WEEK
        if self._looked_at != week:
            # A week without a request has nothing to tell; neither has one before going live.
            if (await self.of_week(week, Scope.LEADS)).total:
                await self._outbox.add(
                    WEEKLY_REPORT,
                    Channel(key=PlaceKey.CHANNEL_LEAD),
                    due_at=due_at,
                    args={MONDAY: week.isoformat()},
                    key=f"{WEEKLY_REPORT.name}:{week.isoformat()}",
                )
            self._looked_at = week
        return self._at(monday + A_WEEK, MORNING)

    def _today(self) -> date:
        return local_day(self._clock(), self._zone)

    def _midnight(self, day: date) -> datetime:
        return self._at(day, time())

    def _at(self, day: date, moment: time) -> datetime:
        return resolve(day, moment, self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._programme.current.zone)
