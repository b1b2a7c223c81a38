"""The rota's cards: within Discord's limits, and true about when somebody is on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.handover import Handover, HandoverId
from bot.domain.rota import Hours, Level, Rota, Shift, ShiftId, Span
from bot.domain.swap import Swap, SwapId, SwapState
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.handovers import LONGEST, handover_card, handover_form
from bot.ui.rota import Week, days_text, duty_card, gaps_card, shifts_card, week_card
from bot.ui.swaps import swap_card
from bot.ui.truth import until_text

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MADRID, LONDON = ZoneInfo("Europe/Madrid"), ZoneInfo("Europe/London")
EVERY_DAY = frozenset(range(7))
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOST_TEXT, MOST_PARTS = 4000, 40


def shift(number: int = 0, days: frozenset[int] = EVERY_DAY) -> Shift:
    return Shift(
        id=ShiftId(f"shift-{number}"),
        user_id=10**18 + number,
        hours=Hours(
            start=time(number % 24),
            end=time((number + 8) % 24),
            zone="America/Argentina/Buenos_Aires",
            first_day=date(2026, 1, 1),
            days=days,
        ),
        level=Level.SECOND,
        rooms=frozenset({"a", "b"}),
        languages=("en", "es"),
    )


def size(card: Card) -> tuple[int, int]:
    """Count the characters and the components of a card, as Discord does."""
    counts = [0, 0]

    def walk(part: dict[str, Any]) -> None:
        counts[0] += len(part.get("content", ""))
        counts[1] += 1
        for inner in part.get("components", ()):
            walk(inner)

    for part in card.view().to_components():
        walk(part)
    return counts[0], counts[1]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_the_fullest_cards_fit_what_discord_takes(catalog: Catalog, locale: str) -> None:
    words = catalog.words(locale)
    rota = Rota(shifts=[shift(number) for number in range(200)])
    turns = rota.turns(NOON, NOON + 7 * DAY)
    gaps = [Span(start=NOON + n * HOUR, end=NOON + (n + 1) * HOUR) for n in range(0, 160, 2)]
    rooms = {"a": "<#1234567890123456789>", "b": "<#1234567890123456789>"}
    week = Week(now=NOON, turns=turns, gaps=gaps, is_covered=False, own=turns[0])
    notes = [
        Handover(
            id=HandoverId(str(number)),
            author_id=10**18,
            written_at=NOON,
            text="*" * LONGEST,
        )
        for number in range(12)
    ]
    cases = ["- **K7Q2M** · " + "x" * 20] * 16

    for card in (
        week_card(words, week, MADRID, rooms),
        shifts_card(words, rota.shifts, rooms),
        gaps_card(words, gaps[:10], MADRID),
        handover_card(words, notes, cases, MADRID),
        handover_card(words, notes, cases, MADRID, skip=11),
    ):
        characters, parts = size(card)
        assert characters <= MOST_TEXT
        assert parts <= MOST_PARTS
    assert handover_form(words).modal() is not None


def test_every_note_is_on_one_page(words: Words) -> None:
    notes = [
        Handover(
            id=HandoverId(str(number)),
            author_id=1,
            written_at=NOON,
            text=f"note {number} " + "x" * (LONGEST // 2),
        )
        for number in range(9)
    ]
    seen, skip = "", 0
    for _ in notes:
        card = handover_card(words, notes, [], MADRID, skip=skip)
        seen += "\n".join(card.body)
        older = [item for row in card.rows for item in row if "older" in str(item.custom_id)]
        if not older:
            break
        skip = int(str(older[0].custom_id).rpartition(":")[2])

    assert [seen.count(f"note {number} ") for number in range(9)] == [1] * 9


@pytest.mark.parametrize(
    ("next_on", "zone", "said"),
    [
        (None, MADRID, None),
        (NOON, MADRID, None),
        (NOON + HOUR, MADRID, "2:00\N{NO-BREAK SPACE}PM"),
        (NOON + 12 * HOUR, MADRID, "1:00\N{NO-BREAK SPACE}AM (Tuesday)"),
        (NOON + 11 * HOUR, LONDON, "11:00\N{NO-BREAK SPACE}PM"),
        (NOON + 20 * DAY, LONDON, "Sunday, January 25 at 12:00\N{NO-BREAK SPACE}PM"),
    ],
)
def test_when_somebody_is_on_is_said_on_the_persons_own_clock(
    words: Words, next_on: datetime | None, zone: ZoneInfo, said: str | None
) -> None:
    assert until_text(words, next_on, zone, NOON) == said


def test_the_same_in_spanish(catalog: Catalog) -> None:
    spanish = catalog.words("es")
    until = until_text(spanish, NOON + 12 * HOUR, MADRID, NOON)
    assert spanish("care.ask.off_duty_at", time=until).startswith(
        "No hay nadie hasta las 1:00 (martes). Lo pasamos entonces."
    )


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (EVERY_DAY, "every day"),
        (frozenset(range(5)), "Monday to Friday"),
        (frozenset({5, 6}), "Saturday and Sunday"),
        (frozenset({0, 2, 4}), "Monday, Wednesday and Friday"),
        (frozenset(), "Thursday, January 1"),
    ],
)
def test_days_are_named_as_people_say_them(words: Words, days: frozenset[int], text: str) -> None:
    assert days_text(words, shift(days=days).hours) == text


def test_a_swap_rings_whom_it_is_told_to_and_shows_no_buttons_once_settled(words: Words) -> None:
    one = shift()
    swap = Swap(
        id=SwapId("swap"),
        shift_id=one.id,
        day=date(2026, 1, 6),
        asker_id=1,
        taker_id=2,
        asked_at=NOON,
    )
    turn = Rota(shifts=[one]).planned(one, swap.day)

    assert swap_card(words, swap, (turn, None), MADRID).mentions == ()
    assert swap_card(words, swap, (turn, None), MADRID, [2]).mentions == [2]
    for state in SwapState:
        card = swap_card(words, replace(swap, state=state), (turn, None), MADRID)
        assert bool(card.rows) is (state is SwapState.ASKED)
    moved = swap_card(words, swap, (None, None), MADRID)
    assert "The rota has changed since" in moved.body[0]


def test_duty_says_who_is_next_only_where_nobody_is_on(words: Words) -> None:
    def body(on: list[int], next_on: datetime | None) -> str:
        card = duty_card(words, on, is_on=False, next_on=next_on, zone=LONDON)
        return "\n".join(card.body)

    assert "Someone is on next: Monday, January 5" in body([], NOON + HOUR)
    assert "No shift is planned" in body([], None)
    assert body([7], NOON) == "On duty: <@7>."
