"""The weekly report as sentences and as a picture of the same counts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.case import Severity
from bot.domain.report import Hidden, Report, Shown, Spread
from bot.text import Words
from bot.ui.cards import Card, Picture
from bot.ui.chart import Bar, Bars, Draw, draw

MOST_ALT = 1000
HOURS_FROM = timedelta(minutes=90)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def report_card(words: Words, report: Report, *, paint: Draw = draw) -> Card:
    """Make the card of a report."""
    title = words("report.title", first=words.date(report.first), last=words.date(report.last))
    body = ["\n".join(part) for part in _parts(words, report)]
    return Card(
        title=title,
        body=body,
        image=await _picture(words, report, paint),
        footer=words(f"report.footer.{report.scope.value}"),
    )


def _parts(words: Words, report: Report) -> Iterator[list[str]]:
    if report.total == 0:
        yield [words("report.nothing")]
        return
    lines = [words("report.total", count=_count(words, report.total))]
    if report.over:
        lines.append(words("report.over", count=_count(words, report.over)))
    if report.reopened:
        lines.append(words("report.reopened", count=_count(words, report.reopened)))
    yield lines
    for name, cells in _groups(words, report):
        yield [f"**{name}**", *(f"- {label}: {_count(words, cell)}" for label, cell in cells)]
    yield [f"**{words('report.times.title')}**", *_times(words, report)]
    if report.marks is not None:
        marks = [
            words(f"report.marks.{key}", count=_count(words, cell))
            for key, cell in report.marks.items()
        ]
        yield [f"**{words('report.marks.title')}**", *(marks or [words("report.marks.none")])]


def _times(words: Words, report: Report) -> Iterator[str]:
    told = [
        *_spread_lines(words, "claim", report.claim),
        *_spread_lines(words, "contact", report.contact),
    ]
    yield from told or [words("report.times.few")]


def _spread_lines(words: Words, what: str, spreads: Mapping[Severity, Spread]) -> Iterable[str]:
    for severity, spread in spreads.items():
        yield words(
            f"report.times.{what}",
            severity=words(f"care.severity.p{severity.value}"),
            half=_duration(words, spread.p50),
            most=_duration(words, spread.p90),
        )


def _groups(words: Words, report: Report) -> Iterator[tuple[str, list[tuple[str, Shown]]]]:
    severities = [
        (words(f"care.severity.p{key.value}"), report.severities[key])
        for key in Severity
        if key in report.severities
    ]
    for name, cells in (
        ("severity", severities),
        ("source", _named(words, "care.source", report.sources)),
        ("resolution", _named(words, "care.resolution", report.resolutions)),
    ):
        if cells:
            yield words(f"report.by.{name}"), cells


def _named(words: Words, prefix: str, cells: Mapping[Any, Shown]) -> list[tuple[str, Shown]]:
    return [(words(f"{prefix}.{key.value}"), cell) for key, cell in cells.items()]


def _count(words: Words, cell: Shown) -> str:
    return words(f"report.hidden.{cell.value}") if isinstance(cell, Hidden) else str(cell)


def _duration(words: Words, span: timedelta) -> str:
    if span >= HOURS_FROM:
        return words("report.hours", n=round(span / HOUR))
    return words("report.minutes", n=max(round(span / MINUTE), 1))


async def _picture(words: Words, report: Report, paint: Draw) -> Picture | None:
    groups = tuple(
        (
            name,
            tuple(
                Bar(
                    label=label,
                    value=None if isinstance(cell, Hidden) else cell,
                    text=_count(words, cell),
                )
                for label, cell in cells
            ),
        )
        for name, cells in _groups(words, report)
    )
    if not groups:
        return None
    alt = " ".join(
        f"{name}: {', '.join(f'{bar.label} {bar.text}' for bar in bars)}." for name, bars in groups
    )
    return Picture(filename="report.png", png=await paint(Bars(groups=groups)), alt=alt[:MOST_ALT])
