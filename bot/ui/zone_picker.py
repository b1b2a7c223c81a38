"""Choosing one's zone: by what the clock shows, or by a place."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bot.domain.zones import ClockChoice, clock_choices, zones_with
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, select
from bot.ui.forms import Form, TextField
from bot.ui.zones import find_place, place_label, zone_countries


class Context(StrEnum):
    """The card that a choice leads back to."""

    JOIN = "join"
    SETTINGS = "settings"


def clock_rows(
    words: Words, context: Context, now: datetime, first: str, offsets: Sequence[int] | None = None
) -> list[list[Item]]:
    """Ask what time it is where the person is.

    Args:
        first: The programme's own zone, always among the choices.
        offsets: The only times to offer, where some are known to fit.
    """
    choices = clock_choices(now, first=first) if offsets is None else _limited(now, offsets)
    options = [
        Option(
            value=str(choice.offset),
            label=f"{words.weekday(choice.local.weekday()).capitalize()}, "
            f"{words.time(choice.local.time())}",
            description=_like(words, choice),
        )
        for choice in choices
    ]
    return [
        [select("zone:v1:clock", context, options=options, placeholder=words("settings.zone.ask"))],
        [
            button("zone:v1:clock_text", context, label=words("settings.zone.type_clock")),
            button("zone:v1:place", context, label=words("settings.zone.type_place")),
        ],
    ]


def zone_rows(words: Words, context: Context, zones: Sequence[str]) -> list[list[Item]]:
    """Ask which of some places is closest."""
    options = [
        Option(
            value=zone,
            label=place_label(zone, words.locale)[:100],
            description=place.area[:100] if (place := find_place(zone, words.locale)) else None,
        )
        for zone in zones
    ]
    return [
        [select("zone:v1:pick", context, options=options, placeholder=words("settings.zone.pick"))],
        [
            button("zone:v1:place", context, label=words("settings.zone.type_place")),
            button("zone:v1:again", context, label=words("settings.zone.back")),
        ],
    ]


def zones_at(offset: int, now: datetime, first: str) -> Sequence[str]:
    """Return the places whose clocks are at an offset now, the likeliest first."""
    return zones_with(offset, now, zone_countries(), first)


def zone_card(words: Words, rows: list[list[Item]]) -> Card:
    """Ask for the zone on a card of its own."""
    back = button("settings:v1:open", label=words("core.back"))
    return Card(
        title=words("settings.zone.title"),
        body=words("settings.zone.body"),
        rows=[*rows, [back]],
    )


def clock_form(words: Words, context: Context) -> Form:
    """Ask for the time as text."""
    return Form.of(
        "zone:v1:clock_text",
        context,
        title=words("settings.zone.clock_title"),
        fields=[
            TextField(
                key="time",
                label=words("settings.zone.clock_label"),
                description=words("settings.times.description"),
                max_length=40,
            )
        ],
    )


def place_form(words: Words, context: Context) -> Form:
    """Ask for a place as text."""
    return Form.of(
        "zone:v1:place",
        context,
        title=words("settings.zone.place_title"),
        fields=[
            TextField(
                key="place",
                label=words("settings.zone.place_label"),
                description=words("settings.zone.place_description"),
                max_length=100,
            )
        ],
    )


def _limited(now: datetime, offsets: Sequence[int]) -> Sequence[ClockChoice]:
    every = clock_choices(now, [zone for offset in offsets for zone in zones_at(offset, now, "")])
    return [choice for choice in every if choice.offset in offsets]


def _like(words: Words, choice: ClockChoice) -> str:
    cities = [place.city for zone in choice.zones[:2] if (place := find_place(zone, words.locale))]
    return words("settings.zone.like", place=", ".join(cities))[:100]
