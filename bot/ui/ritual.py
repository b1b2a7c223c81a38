"""The cards of the daily ritual: today, the calendar of shared days, and the look back."""

from collections.abc import Sequence
from datetime import date

from bot.domain.localtime import ONE_DAY
from bot.domain.pair import Space
from bot.domain.ritual import (
    LONGEST,
    LOOK_BACK_DAYS,
    Given,
    Part,
    RitualDay,
    SharedDays,
    Tick,
    month_before,
    month_weeks,
)
from bot.text import Words
from bot.ui.cards import Card, Item, Option, Picture, button, quote
from bot.ui.chart import Draw, Month
from bot.ui.checkin_history import first_upper
from bot.ui.forms import CheckField, Field, Form, NoteField, TextField

TEXT = "text"
SECOND = "second"
TICKS = "ticks"
SHOWN = 100
"""Characters of each text in the look back: seven days have to fit in one card."""


def ritual_card(words: Words, space: Space, day: RitualDay) -> Card:
    """Show what both gave to today, and what may be given."""
    body = [words("ritual.what"), words("ritual.seen_at_once")]
    body += [_given(words, one, space) for part in Part if (one := day.part(part))]
    if day.is_shared:
        body.append(words("ritual.shared_now"))
    can = day.next_for(space.mine)
    first: list[Item] = []
    if can is not None:
        first.append(
            button(f"ritual:v1:{can.value}", space.pair_id, label=words(f"ritual.give_{can.value}"))
        )
    return Card(
        title=words("together.tool.ritual"),
        body=body,
        rows=[
            [
                *first,
                button("ritual:v1:ticks", space.pair_id, label=words("ritual.ticks_button")),
                button("ritual:v1:days", space.pair_id, label=words("ritual.days_button")),
            ],
            [button("together:v1:home", label=words("core.back"))],
        ],
    )


def past_card(words: Words, space: Space, day: RitualDay, at: date) -> Card:
    """Show what was given on a day that is over, with the way to today."""
    given = [_given(words, one, space) for part in Part if (one := day.part(part))]
    today = button("ritual:v1:open", space.pair_id, label=words("together.tool.ritual"))
    return Card(
        title=words("together.tool.ritual"),
        body=[words.date(at), *given],
        rows=[[today, button("together:v1:home", label=words("core.back"))]],
    )


def part_form(words: Words, space: Space, part: Part, day: date) -> Form:
    """Ask for one of the two parts; the day travels with the form."""
    keys = (TEXT, SECOND)
    fields: list[Field] = [NoteField(text=words("ritual.sees"))]
    for place, label in enumerate(LABELS[part]):
        fields.append(
            TextField(
                key=keys[place],
                label=words(f"ritual.field.{label}"),
                long=True,
                required=place == 0,
                max_length=LONGEST,
            )
        )
    return Form.of(
        f"ritual:v1:{part.value}",
        space.pair_id,
        day.isoformat(),
        title=words("together.tool.ritual"),
        fields=fields,
    )


LABELS: dict[Part, tuple[str, ...]] = {
    Part.INTENTION: ("intention",),
    Part.THANKS: ("thanks", "for_me"),
}


def ticks_form(words: Words, space: Space, day: date, ticked: Sequence[Tick]) -> Form:
    """Ask what a person ticks for themselves."""
    options = [Option(value=tick.value, label=words(f"ritual.tick.{tick.value}")) for tick in Tick]
    return Form.of(
        "ritual:v1:ticks",
        space.pair_id,
        day.isoformat(),
        title=words("ritual.ticks_title"),
        fields=[
            NoteField(text=words("ritual.ticks_sees")),
            CheckField(
                key=TICKS,
                label=words("ritual.ticks_field"),
                options=options,
                values=[tick.value for tick in ticked],
            ),
        ],
    )


def ticked_card(words: Words, space: Space, ticked: Sequence[Tick]) -> Card:
    """Say what is ticked, to its owner alone."""
    names = [words(f"ritual.tick.{tick.value}") for tick in ticked]
    line = words("ritual.ticked", what=words.listing(names)) if names else words("ritual.no_ticks")
    return Card(body=[line, words("ritual.ticks_sees")], rows=[_back(words, space)])


async def days_card(
    words: Words, space: Space, shared: SharedDays, *, first: date, today: date, paint: Draw
) -> Card:
    """Show a month of shared days, as a picture and as sentences.

    Args:
        words: The person's language.
        space: Theirs.
        shared: All shared days.
        first: The month's first day.
        today: The pair's day.
        paint: Draws the picture.
    """
    following = (first + 31 * ONE_DAY).replace(day=1)
    days = shared.within(first, following - ONE_DAY)
    month = month_name(words, first)
    line = words("ritual.month_none", month=month)
    if days:
        listed = words.listing([str(day.day) for day in days])
        line = words("ritual.month_days", month=month, days=listed)
    sums = words("ritual.sums", n=shared.total, best=shared.best)
    png = await paint(
        Month(
            title=first_upper(month),
            weekdays=tuple(words.weekday(place)[:3] for place in range(LOOK_BACK_DAYS)),
            weeks=tuple(
                tuple(None if day is None else day.day for day in week)
                for week in month_weeks(first)
            ),
            marked=frozenset(day.day for day in days),
            mark_label=words("ritual.mark"),
        )
    )
    steps: list[Item] = []
    if first > space.opened_at.date().replace(day=1):
        before = month_before(first)
        steps.append(_to_month(words, space, before))
    if following <= today:
        steps.append(_to_month(words, space, following))
    return Card(
        title=words("ritual.days_title"),
        body=[line, sums] if shared.total else [line],
        image=Picture(filename="shared-days.png", png=png, alt=line),
        rows=[row for row in (steps, _back(words, space)) if row],
    )


def look_back_card(words: Words, space: Space, days: Sequence[RitualDay]) -> Card:
    """Show a week's shared days, and nothing of the others."""
    body = [words("ritual.week_body", n=len(days))]
    for day in days:
        lines = [f"**{first_upper(words.date(day.day))}**"]
        for one in (given for part in Part if (given := day.part(part))):
            text = " ".join(" · ".join(text for text in one.texts if text).split())
            if text:
                lines.append(quote(text if len(text) <= SHOWN else f"{text[:SHOWN]}…"))
        body.append("\n".join(lines))
    return Card(
        title=words("ritual.week_title"),
        body=body,
        rows=[
            [
                button("ritual:v1:days", space.pair_id, label=words("ritual.days_button")),
                button("together:v1:home", label=words("together.open")),
            ]
        ],
    )


def month_name(words: Words, first: date) -> str:
    """Name a month with its year."""
    return words(f"ritual.month.m{first.month}", year=first.year)


def _given(words: Words, given: Given, space: Space) -> str:
    who = "mine" if given.participant_id == space.mine else "theirs"
    lines = [f"**{words(f'ritual.{given.part.value}_{who}')}**"]
    for label, text in zip(LABELS[given.part], given.texts, strict=False):
        if text:
            name = f"-# {words(f'ritual.field.{label}')}\n" if len(LABELS[given.part]) > 1 else ""
            lines.append(f"{name}{quote(text)}")
    return "\n".join(lines)


def _to_month(words: Words, space: Space, first: date) -> Item:
    return button(
        "ritual:v1:days",
        space.pair_id,
        first.isoformat(),
        label=first_upper(month_name(words, first)),
    )


def _back(words: Words, space: Space) -> list[Item]:
    return [button("ritual:v1:open", space.pair_id, label=words("core.back"))]
