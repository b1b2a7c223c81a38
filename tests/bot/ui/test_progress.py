"""The progress card: what is said, and that it fits."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest

from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.progress import GoalTrack, Mark, Progress
from bot.text import Catalog
from bot.ui.cards import Card
from bot.ui.chart import Chart
from bot.ui.progress import Scales, progress_card, summary_card
from tests.bot.ui.test_chart import NAMES
from tests.bot.ui.test_checkin_history import (
    ALT_TEXT,
    CARD_TEXT,
    EDITION,
    TODAY,
    WORDS_OF_GUILT,
    checkin,
    history,
    text_of,
)

SCALES = Scales(current=EDITION, of=lambda _: EDITION)


class Brush:
    def __init__(self) -> None:
        self.charts: list[Chart] = []

    async def __call__(self, chart: Chart) -> bytes:
        self.charts.append(chart)
        return b"\x89PNG"


@pytest.fixture
def brush() -> Brush:
    return Brush()


def marks(*said: Mark | None) -> Mapping[date, Mark]:
    """The marks of the last days, today's last."""
    first = TODAY - timedelta(days=len(said) - 1)
    return {first + timedelta(days=place): mark for place, mark in enumerate(said) if mark}


def progress(
    checkins: Sequence[CheckIn], goals: Sequence[GoalTrack] = (), span: int = 7
) -> Progress:
    return Progress(history=history(checkins, span), goals=goals)


async def show(
    shown: Progress, catalog: Catalog, brush: Brush, *, locale: str = "en", weekly: bool = False
) -> Card:
    words = catalog.words(locale)
    return await progress_card(words, shown, SCALES, has_weekly=weekly, paint=brush)


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("span", [7, 30, 90])
async def test_the_fullest_card_fits(
    catalog: Catalog, brush: Brush, span: int, locale: str
) -> None:
    every = [Mark.DONE, Mark.PARTLY, Mark.NOT_TODAY] * 30
    goals = [GoalTrack(name=f"*{name}*" * 3, marks=marks(*every)) for name in [*NAMES, *NAMES]]

    card = await show(
        progress([checkin(ago, level=ago % 5) for ago in range(120)], goals, span),
        catalog,
        brush,
        locale=locale,
    )

    assert card.view().content_length() <= CARD_TEXT
    assert len(text_of(card)) <= CARD_TEXT - 200
    assert card.image is not None
    assert 0 < len(card.image.alt) <= ALT_TEXT
    assert len(brush.charts[0].rows) == 8


async def test_trends_are_described_and_not_judged(catalog: Catalog, brush: Brush) -> None:
    levels = [1, 1, 1, 3, 3, 3, 3]

    text = text_of(
        await show(
            progress([checkin(6 - place, level) for place, level in enumerate(levels)]),
            catalog,
            brush,
        )
    )

    assert "**Mood:** most often around Good, from Bad to Good. Last: Good." in text
    assert "Earlier it was around Bad, lately around Good." in text


async def test_the_same_every_day_is_said_once(catalog: Catalog, brush: Brush) -> None:
    text = text_of(await show(progress([checkin(ago, 2) for ago in range(7)]), catalog, brush))

    assert "**Mood:** OK each time." in text
    assert "Earlier" not in text


async def test_few_answers_are_not_compared(catalog: Catalog, brush: Brush) -> None:
    text = text_of(
        await show(progress([checkin(6, 0), checkin(5, 0), checkin(0, 4)]), catalog, brush)
    )

    assert "Earlier" not in text


async def test_a_week_of_a_goal_is_told_by_day_and_a_month_by_count(
    catalog: Catalog, brush: Brush
) -> None:
    goal = GoalTrack(name="walk @everyone", marks=marks(Mark.DONE, Mark.PARTLY, None, Mark.DONE))

    week = text_of(await show(progress([], [goal]), catalog, brush))
    month = text_of(await show(progress([], [goal], 30), catalog, brush))

    assert "**1. Walk @\u200beveryone** · Done: Thursday and Sunday; Partly: Friday" in week
    assert "· done on 2 days, partly on 1 day" in month


async def test_a_goal_without_marks_is_no_answer(catalog: Catalog, brush: Brush) -> None:
    card = await show(progress([checkin(0)], [GoalTrack(name="Read", marks={})]), catalog, brush)

    assert "**1. Read** · no answer on these days" in text_of(card)
    assert brush.charts[0].rows[0].marks == [None] * 7


async def test_goals_alone_are_drawn(catalog: Catalog, brush: Brush) -> None:
    card = await show(
        progress([], [GoalTrack(name="Read", marks=marks(Mark.DONE))]), catalog, brush
    )

    assert brush.charts[0].lines == []
    assert card.image is not None
    assert card.image.alt.startswith("Goals, one mark for each day you answered: 1. Read: done")


async def test_nothing_at_all_is_no_picture(catalog: Catalog, brush: Brush) -> None:
    card = await show(progress([]), catalog, brush)

    assert card.image is None
    assert not brush.charts


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_no_word_of_guilt_and_no_run_that_is_broken(
    catalog: Catalog, brush: Brush, locale: str
) -> None:
    gone = [checkin(ago, state=CheckInState.NO_ANSWER) for ago in range(7)]
    goal = GoalTrack(name="Read", marks=marks(Mark.NOT_TODAY))
    words = catalog.words(locale)
    shown = progress([*gone, checkin(10)], [goal])

    text = text_of(await show(shown, catalog, brush, locale=locale)).lower()
    week = text_of(await summary_card(words, shown, SCALES, is_on=True, paint=brush)).lower()

    for said in (text, week):
        guilty = [*WORDS_OF_GUILT, "streak", "broke", "fall", "perdi", "olvid"]
        assert not any(word in said for word in guilty)


async def test_a_quiet_week_lists_no_days(catalog: Catalog, brush: Brush) -> None:
    gone = [checkin(ago, state=CheckInState.NO_ANSWER) for ago in range(7)]

    card = await summary_card(catalog.words("en"), progress(gone), SCALES, is_on=True, paint=brush)

    assert "A quiet week" in text_of(card)
    assert "no answer" not in text_of(card)
