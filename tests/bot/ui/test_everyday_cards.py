"""Cards and forms of two people's days: within Discord's limits whatever was typed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from matplotlib.image import imread

from bot.content.couple_texts import Side, SlipText
from bot.domain import hard_day, noticed, ritual, thanks
from bot.domain.goal import CountSummary
from bot.domain.hard_day import Telling, When
from bot.domain.ids import PairId, ParticipantId, SignId, TellingId, ThanksId, new_id
from bot.domain.noticed import Sign
from bot.domain.pair import PairKind, Space
from bot.domain.ritual import Given, Part, RitualDay, SharedDays, Tick
from bot.domain.thanks import Appreciation, Moment
from bot.text import Catalog, Words
from bot.ui import hard_day as hard_cards
from bot.ui import noticed as noticed_cards
from bot.ui import ritual as ritual_cards
from bot.ui import thanks as thanks_cards
from bot.ui.cards import Card
from bot.ui.chart import Drawn, Month
from bot.ui.chart_month import paint_month
from bot.ui.forms import Form

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TODAY = date(2026, 1, 31)
UTC_ZONE = ZoneInfo("UTC")
ME, OTHER = ParticipantId(new_id()), ParticipantId(new_id())
SPACE = Space(
    pair_id=PairId(new_id()),
    kind=PairKind.COUPLE,
    zone="UTC",
    mine=ME,
    my_user_id=10**18,
    partner_user_id=10**18 + 1,
    thread_id=1,
    opened_at=NOON - timedelta(days=90),
)
NASTY = ("*_", "\n@", "a ")
"""What grows most where it is escaped, or quoted line by line; and plain words."""

SLIP = SlipText(id="x", side=Side.PARTNER, title="t" * 60, text="w" * 900, in_english=True)


async def no_picture(_: Drawn) -> bytes:
    return b""


def longest(nasty: str, length: int) -> str:
    return (nasty * length)[:length]


def a_day(nasty: str, day: date = TODAY) -> RitualDay:
    text = longest(nasty, ritual.LONGEST)
    parts = [(Part.INTENTION, OTHER, (text,)), (Part.THANKS, ME, (text, text))]
    return RitualDay(
        day=day,
        parts=tuple(
            Given(
                pair_id=SPACE.pair_id, day=day, part=part, participant_id=who, texts=said, at=NOON
            )
            for part, who, said in parts
        ),
    )


def a_sign(nasty: str, *, muted: bool = False, shared: bool = True) -> Sign:
    text = longest(nasty, noticed.LONGEST)
    return Sign(
        id=SignId(new_id()),
        pair_id=SPACE.pair_id,
        participant_id=ME,
        sign=text,
        helps=text,
        at=NOON,
        shared_at=NOON if shared else None,
        is_muted=muted,
    )


def a_telling(nasty: str, *, later: bool) -> Telling:
    return Telling(
        id=TellingId(new_id()),
        pair_id=SPACE.pair_id,
        participant_id=ME,
        text=longest(nasty, hard_day.LONGEST),
        when=When.HOUR,
        at=NOON,
        tell_at=NOON + timedelta(hours=later),
    )


def all_cards(words: Words, nasty: str) -> Iterator[Card]:
    kept = Appreciation(
        id=ThanksId(new_id()),
        pair_id=SPACE.pair_id,
        participant_id=OTHER,
        text=longest(nasty, thanks.LONGEST),
        at=NOON,
        moment=Moment.HELD,
    )
    yield ritual_cards.ritual_card(words, SPACE, a_day(nasty))
    yield ritual_cards.ritual_card(words, SPACE, RitualDay(day=TODAY))
    yield ritual_cards.ticked_card(words, SPACE, list(Tick))
    week = [a_day(nasty, TODAY - timedelta(days=back)) for back in range(7)]
    yield ritual_cards.look_back_card(words, SPACE, week)
    yield thanks_cards.thanks_card(words, SPACE)
    yield thanks_cards.kind_card(words, SPACE, kept, 0)
    yield thanks_cards.got_card(words, SPACE, [kept, kept], 5)
    yield thanks_cards.arrived_card(words, kept)
    telling = a_telling(nasty, later=True)
    counted = CountSummary(current=None, days=9, best=900, total=9999)
    yield hard_cards.safe_first_card(words, SPACE)
    yield hard_cards.ways_card(words, SPACE, [telling], UTC_ZONE)
    yield hard_cards.keep_card(words, SPACE, SLIP, counted, 3)
    yield hard_cards.tell_card(words, SPACE, SLIP, 3)
    yield hard_cards.preview_card(words, SPACE, telling, "at once", with_team=True)
    yield hard_cards.told_card(words, SPACE, telling, UTC_ZONE, NOON)
    yield hard_cards.heard_card(words, SPACE, telling, [SLIP, SLIP])
    signs = [a_sign(nasty, muted=bool(place % 2)) for place in range(noticed.MOST_SIGNS)]
    yield noticed_cards.mine_card(words, SPACE, signs)
    yield noticed_cards.theirs_card(words, SPACE, signs, has_sent=False)
    yield noticed_cards.sign_card(words, SPACE, a_sign(nasty, muted=True))
    yield noticed_cards.ask_card(words, SPACE, a_sign(nasty), noticed_cards.OFF)
    yield noticed_cards.news_card(words, SPACE, a_sign(nasty))


def all_forms(words: Words) -> Iterator[Form]:
    for part in Part:
        yield ritual_cards.part_form(words, SPACE, part, TODAY)
    yield ritual_cards.ticks_form(words, SPACE, TODAY, [Tick.MEAL])
    yield thanks_cards.thanks_form(words, SPACE)
    yield hard_cards.words_form(words, SPACE, "x", When.NOW)
    yield noticed_cards.sign_form(words, SPACE)


def walk(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield component
    for child in component.get("components", ()):
        yield from walk(child)
    if "component" in component:
        yield from walk(component["component"])


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_card_fits(catalog: Catalog, locale: str, nasty: str) -> None:
    for card in all_cards(catalog.words(locale), nasty):
        parts = [part for top in card.view().to_components() for part in walk(top)]
        said = "".join(part.get("content", "") for part in parts)
        assert len(said) <= 4000, (card.title, len(said))
        assert len(parts) <= 40
        for part in parts:
            assert len(part.get("label") or "") <= 80
            assert len(part.get("placeholder") or "") <= 150
            for option in part.get("options", ()):
                assert 1 <= len(option["label"]) <= 100


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_form_fits(catalog: Catalog, locale: str) -> None:
    for form in all_forms(catalog.words(locale)):
        data = form.modal().to_dict()
        parts = [part for top in data["components"] for part in walk(top)]
        assert len(form.title) <= 45
        for part in parts:
            assert len(part.get("label") or "") <= 45, part["label"]
            assert len(part.get("placeholder") or "") <= 100
            for option in part.get("options", ()):
                assert len(option["label"]) <= 100
                assert len(option.get("description") or "") <= 100


def test_nothing_says_that_someone_has_not_answered(words: Words) -> None:
    before = a_day("a ").parts[:1]
    mine = [
        Given(
            pair_id=one.pair_id,
            day=one.day,
            part=one.part,
            participant_id=ME,
            texts=("a walk",),
            at=NOON,
        )
        for one in before
    ]
    card = ritual_cards.ritual_card(words, SPACE, RitualDay(day=TODAY, parts=tuple(mine)))

    said = " ".join(card.body).lower()
    assert not any(word in said for word in ("wait", "not yet", "still", "miss"))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], "There is no shared day in January 2026"),
        ([date(2026, 1, 3)], "In January 2026 your shared days are: 3."),
        ([date(2026, 1, 3), date(2026, 1, 9), date(2025, 12, 1)], "are: 3 and 9."),
    ],
)
async def test_the_calendar_says_in_words_what_it_shows(
    words: Words, days: list[date], expected: str
) -> None:
    card = await ritual_cards.days_card(
        words,
        SPACE,
        SharedDays(days=frozenset(days)),
        first=date(2026, 1, 1),
        today=TODAY,
        paint=no_picture,
    )

    assert expected in card.body[0]
    assert card.image is not None
    assert expected in card.image.alt
    assert (len(card.body) == 2) is bool(days)


def test_a_month_is_drawn() -> None:
    month = Month(
        title="$x$ 🎉",
        weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        weeks=((None, None, None, 1, 2, 3, 4), (5, 6, 7, 8, 9, 10, 11)),
        marked=frozenset({5, 6}),
        mark_label="a shared day",
    )

    picture = imread(BytesIO(paint_month(month)))

    assert picture.shape[1] == 910
    assert picture.min() < 0.3
