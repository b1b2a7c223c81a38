"""Pictures of days and of amounts: what they show, and their way through the one drawing thread."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.clock import Clock
from bot.domain.progress import Mark

REUSED = timedelta(minutes=1)
MOST_KEPT = 64
"""Pictures of 60 kB each: four megabytes at most, and for a minute."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What one panel shows.

    Attributes:
        shares: A share between 0 and 1 for each day, or nothing: the line has a gap there.
        scale: The scale's labels by share, the lowest first.
    """

    name: str
    shares: Sequence[float | None]
    scale: Sequence[tuple[float, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A goal: its name over a row of marks, one for each day or nothing.

    Attributes:
        number: It leads from the picture to the sentence about the goal.
        stand_in: What stands for a name that the font has no letters for.
    """

    number: int
    name: str
    stand_in: str
    marks: Sequence[Mark | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A picture of some days.

    Attributes:
        late: The days answered late, drawn as hollow marks.
        away: The days away, shaded.
        not_asked: The days without a check-in that were not asked either: a dotted line leads
            over them.
        day_labels: A short text for each day, of which some are shown.
        rows: Goals, under the lines.
        rows_name: The title above them.
        mark_labels: What each mark means.
    """

    days: Sequence[date]
    day_labels: Sequence[str]
    lines: Sequence[Line]
    late: frozenset[date]
    away: frozenset[date]
    not_asked: frozenset[date]
    away_label: str
    late_label: str
    rows: Sequence[Row] = ()
    rows_name: str = ""
    mark_labels: Sequence[tuple[Mark, str]] = ()

    def settled(self) -> "Chart":
        """Return the same chart in tuples, so that it can be looked up by what it shows."""
        return replace(
            self,
            days=tuple(self.days),
            day_labels=tuple(self.day_labels),
            lines=tuple(
                replace(line, shares=tuple(line.shares), scale=tuple(line.scale))
                for line in self.lines
            ),
            rows=tuple(replace(row, marks=tuple(row.marks)) for row in self.rows),
            mark_labels=tuple(self.mark_labels),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One amount.

    Attributes:
        label: What it is of.
        value: How much; nothing where it is not told, which is drawn as an empty frame.
        text: How much, in words.
    """

    label: str
    value: float | None
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """A picture of amounts: groups of bars, each group on a scale of its own."""

    groups: tuple[tuple[str, tuple[Bar, ...]], ...]

    def settled(self) -> "Bars":
        """Return itself: it is in tuples."""
        return self


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A picture of a month's days, some of them marked.

    Attributes:
        title: The month.
        weekdays: Short names, Monday first.
        weeks: The days of each week, or nothing where another month's would stand.
        marked: The days with a mark.
        mark_label: What the mark means.
    """

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[int | None, ...], ...]
    marked: frozenset[int]
    mark_label: str

    def settled(self) -> "Month":
        """Return itself: it is in tuples."""
        return self


@dataclass(frozen=True, kw_only=True, slots=True)
class Poster:
    """A card to pass on: a title, paragraphs and a line at its foot. It names nobody."""

    title: str
    lines: tuple[str, ...]
    foot: str

    def settled(self) -> "Poster":
        """Return itself: it is in tuples."""
        return self


Drawn: TypeAlias = Chart | Bars | Month | Poster
Draw: TypeAlias = Callable[[Drawn], Awaitable[bytes]]


async def draw(chart: Drawn) -> bytes:
    """Draw a chart as PNG, without holding up the loop."""
    return await asyncio.to_thread(_paint, chart)


class Easel:
    """Draws one picture at a time, in the order they are asked for, and keeps each for a minute.

    A picture is kept for the person it is of and for exactly what it shows: no other person, and
    no other state of one's own days, ever gets it.

    Args:
        paint: Draws one picture.
    """

    def __init__(self, clock: Clock, paint: Draw = draw) -> None:
        self._clock = clock
        self._paint = paint
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[tuple[str, Drawn], tuple[datetime, bytes]] = OrderedDict()

    def of(self, owner: str) -> Draw:
        """Return what draws for one person."""

        async def draw_for_owner(chart: Drawn) -> bytes:
            return await self._draw(owner, chart.settled())

        return draw_for_owner

    @property
    def is_busy(self) -> bool:
        """Whether a picture asked for now has to wait for another."""
        return self._turn.locked()

    async def _draw(self, owner: str, chart: Drawn) -> bytes:
        known = self._find(owner, chart)
        if known is not None:
            return known
        # asyncio's lock lets people through in the order they came.
        async with self._turn:
            known = self._find(owner, chart)
            if known is not None:
                return known
            picture = await self._paint(chart)
            self._kept[owner, chart] = self._clock(), picture
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return picture

    def _find(self, owner: str, chart: Drawn) -> bytes | None:
        now = self._clock()
        while self._kept:
            key, (drawn_at, _) = next(iter(self._kept.items()))
            if now - drawn_at < REUSED:
                break
            del self._kept[key]
        found = self._kept.get((owner, chart))
        return None if found is None else found[1]


def _paint(chart: Drawn) -> bytes:
    if isinstance(chart, Bars):
        from bot.ui.chart_bars import paint_bars  # noqa: PLC0415 - matplotlib: 75 MB, at first use

        return paint_bars(chart)
    if isinstance(chart, Poster):
        from bot.ui.chart_poster import paint_poster  # noqa: PLC0415 - as above

        return paint_poster(chart)
    if isinstance(chart, Month):
        from bot.ui.chart_month import paint_month  # noqa: PLC0415 - matplotlib, as above

        return paint_month(chart)
    from bot.ui.chart_drawing import paint  # noqa: PLC0415 - matplotlib: 75 MB, at first use

    return paint(chart)
