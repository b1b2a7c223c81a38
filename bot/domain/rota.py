"""The rota: who is on when, by shifts that recur by the week or stand for one date.

Everything here is arithmetic over rows: whoever asks with the clock gets the truth, also right
after the bot was down, and without the database.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from typing import NewType

from bot.domain.localtime import ONE_DAY, find_zone, local_day, resolve

ShiftId = NewType("ShiftId", str)


class OverlapError(ValueError):
    """Somebody would be on two shifts at once.

    Args:
        turn: What they would be on.
        other: What they are on then.
    """

    def __init__(self, turn: "Turn", other: "Turn") -> None:
        super().__init__(f"{turn.shift.id} meets {other.shift.id}")
        self.turn = turn
        self.other = other


A_WEEK = timedelta(days=7)
FARTHEST = timedelta(days=70)
"""How far ahead somebody's next shift is looked for."""

CLASH_WITHIN = timedelta(days=400)
"""How far ahead two shifts of one person are compared; every change of the clocks is in it."""

MOMENT = timedelta(microseconds=1)
WEEKDAYS = range(7)


class Level(IntEnum):
    """Who is rung first."""

    FIRST = 1
    SECOND = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From a moment until another, which is no longer in it."""

    start: datetime
    end: datetime

    def touches(self, other: "Span") -> bool:
        """Tell whether two spans share a moment."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Local hours on weekdays, or on one date.

    Attributes:
        days: Weekdays, Monday is 0; none of them means `first_day` alone.
        end: At or before `start` it is the next morning's.
        last_day: The last date on which they begin.
    """

    start: time
    end: time
    zone: str
    first_day: date
    days: frozenset[int] = frozenset()
    last_day: date | None = None

    @property
    def is_weekly(self) -> bool:
        """Whether they come back every week."""
        return bool(self.days)

    @property
    def is_overnight(self) -> bool:
        """Whether they end on the day after they begin."""
        return self.end <= self.start

    def is_on(self, day: date) -> bool:
        """Tell whether they begin on a local date."""
        if not self.is_weekly:
            return day == self.first_day
        within = day >= self.first_day and (self.last_day is None or day <= self.last_day)
        return within and day.weekday() in self.days

    def of(self, day: date) -> Span | None:
        """Return what they are on a local date; nothing where the clocks leave them out."""
        zone = find_zone(self.zone)
        start = resolve(day, self.start, zone)
        end = resolve(day + ONE_DAY if self.is_overnight else day, self.end, zone)
        return Span(start=start, end=end) if start < end else None

    def between(self, window: Span) -> Iterator[tuple[date, Span]]:
        """Yield the dates, and the hours on them, that touch a window."""
        zone = find_zone(self.zone)
        # Hours that began the day before may last into the window.
        day = max(local_day(window.start, zone) - ONE_DAY, self.first_day)
        last = local_day(window.end, zone)
        last = min(last, (self.last_day or last) if self.is_weekly else self.first_day)
        while day <= last:
            if self.is_on(day) and (span := self.of(day)) is not None and span.touches(window):
                yield day, span
            day += ONE_DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """One line of the rota.

    Attributes:
        user_id: Whose it is; nobody's where it waits for someone.
        rooms: The rooms it covers; none named means all.
        languages: What its person speaks on it; none named means the programme's.
    """

    id: ShiftId
    user_id: int | None
    hours: Hours
    level: Level = Level.FIRST
    rooms: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()

    def covers(self, room_id: str) -> bool:
        """Tell whether whoever is on it hosts a room."""
        return not self.rooms or room_id in self.rooms


Date = tuple[ShiftId, date]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A shift on one date, with who is on it that day.

    Attributes:
        end: When they go off: earlier than planned where they ended it.
    """

    shift: Shift
    day: date
    user_id: int | None
    start: datetime
    end: datetime

    @property
    def span(self) -> Span:
        """From when until when."""
        return Span(start=self.start, end=self.end)

    @property
    def date(self) -> Date:
        """Which shift on which date."""
        return self.shift.id, self.day


@dataclass(frozen=True, kw_only=True, slots=True)
class Rota:
    """All shifts, with what differs on single dates.

    Attributes:
        handed: Who is on for a date instead; nobody where it was left empty.
        ended: When a turn was ended before its time.
    """

    shifts: Sequence[Shift] = ()
    handed: Mapping[Date, int | None] = field(default_factory=dict)
    ended: Mapping[Date, datetime] = field(default_factory=dict)

    def shift(self, shift_id: str) -> Shift | None:
        """Return a shift by its ID."""
        return next((shift for shift in self.shifts if shift.id == shift_id), None)

    def planned(self, shift: Shift, day: date) -> Turn | None:
        """Return a shift's turn on a date as planned, were it ended early or not."""
        span = shift.hours.of(day) if shift.hours.is_on(day) else None
        return None if span is None else self._turn(shift, day, span)

    def turns(self, start: datetime, end: datetime) -> Sequence[Turn]:
        """Return the turns that touch a stretch of time, the earliest first."""
        window = Span(start=start, end=end)
        found = []
        for shift in self.shifts:
            for day, span in shift.hours.between(window):
                stop = self._end((shift.id, day), span)
                if span.start < stop and start < stop:
                    cut = Span(start=span.start, end=stop)
                    found.append(self._turn(shift, day, cut))
        found.sort(key=lambda turn: (turn.start, turn.shift.level, turn.shift.id))
        return found

    def at(self, moment: datetime) -> Sequence[Turn]:
        """Return the turns somebody is on at a moment."""
        now = self.turns(moment, moment + MOMENT)
        return [turn for turn in now if turn.user_id is not None]

    def next_boundary(self, after: datetime) -> datetime | None:
        """Return when a turn next starts or ends, looking a good two months ahead."""
        for start, end in _stretches(after):
            edges = [
                edge
                for turn in self.turns(start, end)
                for edge in (turn.start, turn.end)
                if edge > after
            ]
            if edges:
                return min(edges)
        return None

    def next_on(self, after: datetime, may: Callable[[int], bool]) -> datetime | None:
        """Return when somebody of whom `may` holds is on: at once where they are on now."""
        for start, end in _stretches(after):
            for turn in self.turns(start, end):
                if turn.user_id is not None and may(turn.user_id):
                    return max(turn.start, after)
        return None

    def gaps(self, wanted: Iterable[Hours], start: datetime, end: datetime) -> Sequence[Span]:
        """Return when nobody is on though somebody should be: in wanted hours, in empty turns."""
        window = Span(start=start, end=end)
        turns = self.turns(start, end)
        should = [span for hours in wanted for _, span in hours.between(window)]
        should += [turn.span for turn in turns if turn.user_id is None]
        on = [turn.span for turn in turns if turn.user_id is not None]
        return subtract([_clip(span, window) for span in should], on)

    def clash(self, turn: Turn, user_id: int, *, without: Collection[Date] = ()) -> Turn | None:
        """Return another turn that somebody is on at the same time.

        Args:
            turn: What they would be on.
            user_id: Who.
            without: Dates that do not count, since they would give them away.
        """
        return next(
            (
                other
                for other in self.turns(turn.start, turn.end)
                if other.user_id == user_id
                and other.date != turn.date
                and other.date not in without
            ),
            None,
        )

    def overlap(self, shift: Shift, since: datetime) -> tuple[Turn, Turn] | None:
        """Return the first turn of a shift that meets another of its person, and that other."""
        if shift.user_id is None:
            return None
        rest = Rota(
            shifts=[
                one for one in self.shifts if one.id != shift.id and self._concerns(one, shift)
            ],
            handed=self.handed,
            ended=self.ended,
        )
        own = Rota(shifts=[shift], handed=self.handed, ended=self.ended)
        mine = [
            turn for turn in own.turns(since, since + CLASH_WITHIN) if turn.user_id == shift.user_id
        ]
        others = [
            turn
            for turn in rest.turns(since, since + CLASH_WITHIN)
            if turn.user_id == shift.user_id
        ]
        for turn in mine:
            for other in others:
                if other.start >= turn.end:
                    break
                if turn.span.touches(other.span):
                    return turn, other
        return None

    def _end(self, day: Date, span: Span) -> datetime:
        # A shift that was moved since to later hours is not over by an end of before.
        ended_at = self.ended.get(day, span.end)
        return ended_at if span.start <= ended_at < span.end else span.end

    def _concerns(self, one: Shift, shift: Shift) -> bool:
        return one.user_id == shift.user_id or any(
            date[0] == one.id and taker == shift.user_id for date, taker in self.handed.items()
        )

    def _turn(self, shift: Shift, day: date, span: Span) -> Turn:
        user_id = self.handed.get((shift.id, day), shift.user_id)
        return Turn(shift=shift, day=day, user_id=user_id, start=span.start, end=span.end)


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> Sequence[Span]:
    """Return what is left of spans, joined where they touch, without others."""
    left = _joined(spans)
    for other in _joined(taken):
        rest = []
        for span in left:
            if not span.touches(other):
                rest.append(span)
                continue
            if span.start < other.start:
                rest.append(Span(start=span.start, end=other.start))
            if other.end < span.end:
                rest.append(Span(start=other.end, end=span.end))
        left = rest
    return left


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start <= joined[-1].end:
            end = max(joined[-1].end, span.end)
            joined[-1] = Span(start=joined[-1].start, end=end)
        else:
            joined.append(span)
    return joined


def _clip(span: Span, window: Span) -> Span:
    return Span(start=max(span.start, window.start), end=min(span.end, window.end))


def _stretches(after: datetime) -> Iterator[tuple[datetime, datetime]]:
    start, last = after, after + FARTHEST
    while start < last:
        yield start, start + A_WEEK
        start += A_WEEK


NO_ROTA = Rota()
