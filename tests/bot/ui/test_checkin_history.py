"""Looking back: what fits a card, what is said, and the picture."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from matplotlib.image import imread

from bot.domain.checkin import Answers, CheckIn, CheckInState, Level
from bot.domain.history import History, make_history
from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.prompt_edit import Edition, insert
from bot.domain.prompt_set import Meaning
from bot.text import Catalog
from bot.ui.cards import Card
from bot.ui.checkin_history import day_card, history_card
from tests.fakes.checkin_group import sets

TODAY = date(2026, 1, 11)
CARD_TEXT = 4000
ALT_TEXT = 1024
ALL = sets("daily")
for key in ("overwhelm", "isolation"):
    extra = {code: one.question(key) for code, one in sets("extra").items()}
    ALL = insert(ALL, {code: question for code, question in extra.items() if question})
EDITION = Edition(
    set_id="daily",
    version=1,
    sets=ALL,
    is_shipped=True,
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
)
ASKED = (Meaning.MOOD, Meaning.URGE, Meaning.SUPPORT, Meaning.OVERWHELM, Meaning.ISOLATION)


def checkin(days_ago: int, level: int = 3, state: CheckInState = CheckInState.ANSWERED) -> CheckIn:
    answered = state in (CheckInState.ANSWERED, CheckInState.LATE)
    levels = {one.value: Level(level=level, top=4, meaning=one) for one in ASKED}
    return CheckIn(
        id=CheckInId(str(days_ago)),
        participant_id=ParticipantId("p"),
        day=TODAY - timedelta(days=days_ago),
        set_id="daily",
        set_version=1,
        state=state,
        sent_at=datetime(2026, 1, 1, tzinfo=UTC),
        levels=levels if answered else {},
    )


def history(
    checkins: Sequence[CheckIn], span: int = 7, aways: Sequence[tuple[date, date]] = ()
) -> History:
    return make_history(checkins, aways, today=TODAY, span=span, asked=set(range(7)))


async def show(past: History, catalog: Catalog, locale: str = "en") -> Card:
    return await history_card(catalog.words(locale), past, EDITION, lambda _: EDITION)


def text_of(card: Card) -> str:
    body = [card.body] if isinstance(card.body, str) else card.body
    return "\n".join([card.title or "", *body, card.footer or ""])


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("span", [7, 30, 90])
async def test_every_span_fits_a_card_and_its_picture_has_words(
    catalog: Catalog, span: int, locale: str
) -> None:
    past = history([checkin(ago, level=ago % 5) for ago in range(120)], span)

    card = await show(past, catalog, locale)

    assert card.image is not None
    assert len(text_of(card)) <= CARD_TEXT - 200  # the rest is for the buttons' own texts
    assert 0 < len(card.image.alt) <= ALT_TEXT
    assert card.view().content_length() <= CARD_TEXT
    height, width, _ = imread(io.BytesIO(card.image.png)).shape
    assert width > 800
    assert height > 800


async def test_a_week_is_told_day_by_day(catalog: Catalog) -> None:
    past = history(
        [
            checkin(0, state=CheckInState.SENT),
            checkin(1, state=CheckInState.NO_ANSWER),
            checkin(2, level=0, state=CheckInState.LATE),
        ],
        aways=[(TODAY - timedelta(days=4), TODAY - timedelta(days=3))],
    )

    lines = text_of(await show(past, catalog)).splitlines()

    assert "**Saturday, January 10** · no answer" in lines
    assert "**Wednesday, January 7** · away" in lines
    [late] = [line for line in lines if line.startswith("**Friday, January 9**")]
    assert "Mood: Very bad" in late
    assert late.endswith("answered late")
    # What is still open may get its answer yet, and what was never asked is not listed.
    assert not any(line.startswith("**Sunday, January 11**") for line in lines)
    assert not any(line.startswith("**Tuesday") for line in lines)
    assert "You checked in on **1 of the last 7 days**." in lines
    assert "You were away on 2 of them." in lines


async def test_three_months_are_told_week_by_week(catalog: Catalog) -> None:
    past = history([checkin(ago, level=1 + ago % 3) for ago in range(90)], 90)

    text = text_of(await show(past, catalog))

    assert "**Week of Monday, January 5** · 7 check-ins. Mood: OK (from Bad to Good)" in text
    assert text.count("Week of") == 13


async def test_nothing_yet_is_no_picture(catalog: Catalog) -> None:
    card = await show(history([]), catalog)

    assert card.image is None


def test_a_long_text_goes_along_as_a_file(catalog: Catalog) -> None:
    note = "x" * 4000

    card = day_card(catalog.words("en"), checkin(0), EDITION, Answers(texts={"note": note}))

    assert len(text_of(card)) < CARD_TEXT
    assert [file.content for file in card.files] == [note.encode()]


def test_a_day_shows_what_was_typed_as_it_was_typed(catalog: Catalog) -> None:
    answers = Answers(levels=checkin(0).levels, texts={"note": "a *hard* day @everyone"})

    text = text_of(day_card(catalog.words("en"), checkin(0), EDITION, answers))

    assert "**How are you?** Good" in text
    assert "> a \\*hard\\* day" in text
    assert "@everyone" not in text


WORDS_OF_GUILT = ("missed", "failed", "forgot", "lost")


async def test_no_word_of_guilt(catalog: Catalog) -> None:
    gone = [checkin(ago, state=CheckInState.NO_ANSWER) for ago in range(1, 7)]

    text = text_of(await show(history([*gone, checkin(10)]), catalog)).lower()

    assert not any(word in text for word in WORDS_OF_GUILT)
    assert "**0 of the last 7 days**" in text
