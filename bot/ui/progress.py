"""Progress: the same days as a picture and as sentences, and the weekly summary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from discord import ButtonStyle

from bot.domain.history import SPANS, HistoryDay
from bot.domain.participant import Delivery, Participant
from bot.domain.progress import EVENING, SUNDAY, GoalTrack, Mark, Progress, Trend
from bot.domain.prompt_edit import Edition
from bot.text import Words
from bot.ui.cards import Card, Item, Picture, button, escape
from bot.ui.chart import Chart, Draw, Row, draw
from bot.ui.checkin import now_button
from bot.ui.checkin_history import (
    EditionOf,
    count_lines,
    day_lines,
    first_upper,
    history_chart,
    label_at,
    meaning_name,
)

OPEN = "progress:v1:open"
WEEKLY = "progress:v1:weekly"
ON, OFF = "on", "off"

MOST_GOALS = 8
"""More would make the picture taller than a phone; the goals' own cards have the rest."""

MOST_NAME = 60
MOST_DAY_LINES = 1900
MOST_TEXT = 3500
"""Characters; a card holds 4,000 in all, the texts on its buttons and its footer included."""

MOST_ALT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Scales:
    """The words of the check-in's scales.

    Attributes:
        current: The version asked now, whose words name the scales.
        of: Finds the version a day answered.
    """

    current: Edition
    of: EditionOf


async def progress_card(
    words: Words, progress: Progress, scales: Scales, *, has_weekly: bool, paint: Draw = draw
) -> Card:
    """Show a person's own days; nothing in it names a day without an answer as a fault."""
    span = len(progress.days)
    counts = "\n".join(count_lines(words, progress.history)) if progress.history.total else ""
    parts = [counts, *_parts(words, progress, scales)]
    return Card(
        title=words("progress.title", n=span),
        body=_fitting(words, parts) if any(parts) else words("progress.empty"),
        image=await _picture(words, progress, scales, paint),
        rows=[_spans(words, span), _ways(words, has_weekly=has_weekly)],
        footer=words("checkin.only_you"),
    )


async def summary_card(
    words: Words, progress: Progress, scales: Scales, *, is_on: bool, paint: Draw = draw
) -> Card:
    """Show the week a summary is about, whenever its note is opened."""
    history = progress.history
    first, last = progress.days[0], progress.days[-1]
    counts = []
    if history.last_answered:
        counts.append(words("progress.weekly.checked_in", n=history.last_answered))
    if history.last_away:
        counts.append(words("progress.weekly.away", n=history.last_away))
    body = ["\n".join(counts), *_parts(words, progress, scales)]
    if progress.is_empty and not history.last_answered:
        # A list of days without an answer would read as a reproach.
        body = [words("progress.weekly.quiet")]
    row = [button(OPEN, SPANS[1], label=words("progress.button.more"))]
    if is_on:
        row.append(button(WEEKLY, OFF, label=words("progress.button.off")))
    return Card(
        title=words("progress.weekly.title", first=words.date(first), last=words.date(last)),
        body=_fitting(words, body),
        image=await _picture(words, progress, scales, paint),
        rows=[[now_button(words), *row, _help(words)]],
        footer=words("checkin.only_you"),
    )


def weekly_card(words: Words, participant: Participant, *, is_on: bool) -> Card:
    """Say what comes each week from now on, or that nothing comes."""
    if not is_on:
        body = [words("progress.weekly.is_off")]
        first = button(WEEKLY, ON, label=words("progress.button.on"))
    else:
        when = {"day": words.weekday(SUNDAY), "time": words.time(EVENING)}
        body = [words("progress.weekly.is_on", **when)]
        if participant.preferences.delivery is Delivery.NOTHING:
            body.append(words("progress.weekly.no_notes"))
        first = button(WEEKLY, OFF, label=words("progress.button.off"))
    back = button(OPEN, label=words("core.back"))
    return Card(title=words("progress.weekly.name"), body=body, rows=[[first, back]])


def waiting_card(words: Words) -> Card:
    """Hold a person's place while others' pictures are drawn."""
    return Card(body=words("progress.drawing"))


def _parts(words: Words, progress: Progress, scales: Scales) -> Iterator[str]:
    yield "\n".join(_trend_lines(words, progress, scales.current))
    yield "\n".join(_goal_lines(words, progress))
    yield "\n".join(day_lines(words, progress.history, scales.current, scales.of, MOST_DAY_LINES))


def _trend_lines(words: Words, progress: Progress, current: Edition) -> Iterator[str]:
    for trend in progress.trends():
        question = current.texts(words.locale).asking(trend.meaning)
        if question is None:
            continue

        def at(share: float, question: Any = question) -> str:
            return label_at(question, share)

        yield words(
            "progress.trend.one" if trend.low == trend.high else "progress.trend.range",
            name=meaning_name(words, trend.meaning),
            middle=at(trend.middle),
            low=at(trend.low),
            high=at(trend.high),
            last=at(trend.last),
        ) + _change(words, trend, at)


def _change(words: Words, trend: Trend, at: Any) -> str:
    if trend.earlier is None or trend.lately is None or at(trend.earlier) == at(trend.lately):
        return ""
    return " " + words("progress.trend.change", earlier=at(trend.earlier), lately=at(trend.lately))


def _goal_lines(words: Words, progress: Progress) -> Iterator[str]:
    if not progress.goals:
        return
    yield f"**{words('progress.goals')}**"
    tell = _by_day if len(progress.days) <= SPANS[0] else _by_count
    for number, goal in enumerate(progress.goals[:MOST_GOALS], start=1):
        said = tell(words, goal, progress.days) or words("progress.goal.nothing")
        yield words("progress.goal.line", n=number, name=_name(goal), said=said)
    left = len(progress.goals) - MOST_GOALS
    if left > 0:
        yield words("progress.goal.more", n=left)


def _by_day(words: Words, goal: GoalTrack, days: Sequence[date]) -> str:
    parts = []
    for mark in Mark:
        on = [words.weekday(day.weekday()) for day in days if goal.marks.get(day) is mark]
        if on:
            parts.append(f"{words(f'progress.mark.{mark}')}: {words.listing(on)}")
    return "; ".join(parts)


def _by_count(words: Words, goal: GoalTrack, days: Sequence[date]) -> str:
    counts = goal.counts(days)
    parts = [words(f"progress.count.{mark}", n=counts[mark]) for mark in Mark if counts.get(mark)]
    return ", ".join(parts)


async def _picture(words: Words, progress: Progress, scales: Scales, paint: Draw) -> Picture | None:
    if progress.is_empty:
        return None
    chart = replace(
        history_chart(words, progress.history, scales.current, progress.meanings),
        rows=[_row(words, number, goal, progress) for number, goal in _drawn(progress)],
        rows_name=words("progress.goals"),
        mark_labels=[(mark, words(f"progress.mark.{mark}")) for mark in Mark],
    )
    return Picture(
        filename="progress.png",
        png=await paint(_trimmed(chart, progress)),
        alt=_alt(words, progress, scales.current),
    )


def _drawn(progress: Progress) -> Sequence[tuple[int, GoalTrack]]:
    return list(enumerate(progress.goals[:MOST_GOALS], start=1))


def _row(words: Words, number: int, goal: GoalTrack, progress: Progress) -> Row:
    return Row(
        number=number,
        name=goal.name,
        stand_in=words("progress.goal.stand_in", n=number),
        marks=[goal.marks.get(day) for day in progress.days],
    )


def _trimmed(chart: Chart, progress: Progress) -> Chart:
    """Leave out of the legend what no day shows."""
    shown: set[date] = {day.day for day in progress.history.days if _is_drawn(day, progress)}
    return replace(chart, late=chart.late & shown)


def _is_drawn(day: HistoryDay, progress: Progress) -> bool:
    return any(day.share(meaning) is not None for meaning in progress.meanings)


def _alt(words: Words, progress: Progress, current: Edition) -> str:
    parts = [words("checkin.chart.alt", n=len(progress.days))] if progress.meanings else []
    for trend in progress.trends():
        question = current.texts(words.locale).asking(trend.meaning)
        if question is not None:
            parts.append(
                words(
                    "checkin.chart.alt_line",
                    name=meaning_name(words, trend.meaning),
                    low=label_at(question, trend.low),
                    high=label_at(question, trend.high),
                    last=label_at(question, trend.last),
                )
            )
    if progress.goals:
        parts.append(words("progress.alt_goals"))
    for number, goal in _drawn(progress):
        said = _by_count(words, goal, progress.days) or words("progress.goal.nothing")
        parts.append(f"{number}. {_short(goal.name)}: {said}.")
    return " ".join(parts)[:MOST_ALT]


def _fitting(words: Words, parts: Sequence[str]) -> list[str]:
    """Keep the latest days where all of them are too much; the card of all days has the rest."""
    *others, days = [part for part in parts if part]
    room = MOST_TEXT - sum(map(len, others))
    if len(days) <= room:
        return [*others, days]
    lines = days.split("\n")
    while lines and len("\n".join(lines)) > room:
        del lines[0]
    return [*others, "\n".join([words("progress.older"), *lines])]


def _spans(words: Words, span: int) -> list[Item]:
    return [
        button(
            OPEN,
            days,
            label=words("checkin.history.span", n=days),
            disabled=days == span,
        )
        for days in SPANS
    ]


def _ways(words: Words, *, has_weekly: bool) -> list[Item]:
    weekly = button(
        WEEKLY,
        OFF if has_weekly else ON,
        label=words("progress.button.off" if has_weekly else "progress.button.on"),
    )
    return [
        now_button(words),
        weekly,
        button("checkin:v1:history", label=words("checkin.button.history")),
        button("panel:v1:more", label=words("core.back")),
    ]


def _help(words: Words) -> Item:
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)


def _name(goal: GoalTrack) -> str:
    return escape(first_upper(_short(goal.name)))


def _short(name: str) -> str:
    whole = " ".join(name.split())
    return whole if len(whole) <= MOST_NAME else f"{whole[: MOST_NAME - 1].rstrip()}…"
