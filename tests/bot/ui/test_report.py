"""The weekly report as people read it: sentences first, and the same as a picture."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from matplotlib.image import imread

from bot.domain.case import CaseSource, Resolution, Severity
from bot.domain.report import Hidden, Report, Scope, Spread
from bot.text import Catalog, Words
from bot.ui.chart import Bars, Drawn, draw
from bot.ui.report import report_card
from tests.bot.domain.test_report import WEEK

REPORT = Report(
    scope=Scope.LEADS,
    first=WEEK[0],
    last=WEEK[1],
    total=23,
    sources={CaseSource.ASK: 17, CaseSource.CONCERN: 6},
    severities={Severity.TODAY: 12, Severity.NOW: Hidden.BESIDE, Severity.SOON: Hidden.FEW},
    resolutions={Resolution.TALKED: 15},
    over=Hidden.FEW,
    reopened=0,
    claim={
        Severity.NOW: Spread(count=6, p50=timedelta(minutes=4), p90=timedelta(minutes=12)),
        Severity.TODAY: Spread(count=12, p50=timedelta(hours=3), p90=timedelta(hours=20)),
    },
    contact={},
    marks={"right": 8, "wrong": Hidden.FEW},
)


class Brush:
    """Keeps what it was to draw."""

    drawn: Bars | None = None

    async def __call__(self, chart: Drawn) -> bytes:
        assert isinstance(chart, Bars)
        self.drawn = chart
        return b"\x89PNG"


async def test_it_reads_as_sentences(words: Words) -> None:
    card = await report_card(words, REPORT, paint=Brush())
    text = "\n".join(card.body)

    assert "Requests opened: 23." in text
    assert "- asked for a person: 17" in text
    assert "- Soon: fewer than 5" in text
    assert "- Now: not shown" in text
    assert "Now: until somebody had it, half took 4 minutes or less, nine in ten 12 minutes" in text
    assert "Today: until somebody had it, half took 3 hours or less" in text
    assert "Nobody had taken it when the last call had gone out: fewer than 5." in text
    assert "Opened again" not in text
    assert "Marked as right: 8." in text


async def test_the_picture_says_the_same_in_words(words: Words) -> None:
    brush = Brush()

    card = await report_card(words, REPORT, paint=brush)

    assert card.image is not None
    assert "How soon: Now not shown, Soon fewer than 5, Today 12." in card.image.alt
    assert brush.drawn is not None
    names = [name for name, _ in brush.drawn.groups]
    assert names == ["How soon", "What brought them", "How they ended"]
    hidden = [bar.value for bar in brush.drawn.groups[0][1]]
    assert hidden == [None, None, 12]


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_it_fits_a_card_with_everything_in_it(catalog: Catalog, locale: str) -> None:
    spreads = {
        level: Spread(count=9, p50=timedelta(hours=30), p90=timedelta(hours=90))
        for level in Severity
    }
    full = replace(
        REPORT,
        sources=dict.fromkeys(CaseSource, 100),
        severities=dict.fromkeys(Severity, 100),
        resolutions=dict.fromkeys(Resolution, 100),
        over=100,
        reopened=100,
        claim=spreads,
        contact=spreads,
    )

    card = await report_card(catalog.words(locale), full, paint=Brush())

    assert len(f"{card.title}{''.join(card.body)}{card.footer}") < 3800
    assert card.image is not None
    assert len(card.image.alt) <= 1000


async def test_an_empty_week_has_a_sentence_and_no_picture(words: Words) -> None:
    empty = replace(
        REPORT, total=0, sources={}, severities={}, resolutions={}, claim={}, marks=None
    )

    card = await report_card(words, empty, paint=Brush())

    assert card.body == ["Nobody opened a request in this time."]
    assert card.image is None


async def test_the_picture_is_drawn(words: Words) -> None:
    card = await report_card(words, REPORT, paint=draw)

    assert card.image is not None
    height, width, _ = imread(io.BytesIO(card.image.png)).shape
    assert (width, height > 250) == (910, True)
