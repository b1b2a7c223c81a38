"""When check-ins come, and being away."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.away import Away
from bot.domain.participant import Delivery, Participant
from bot.text import Words
from bot.ui.cards import Card, Item, button
from bot.ui.checkin import now_button
from bot.ui.forms import Form, TextField
from bot.ui.zone_picker import Context

AWAY_SET = "checkin:v1:away_set"
MOST_TYPED = 60


def schedule_card(
    words: Words, participant: Participant, next_at: datetime | None, aways: Sequence[Away]
) -> Card:
    """Show when check-ins come, each thing with its button."""
    preferences = participant.preferences
    zone = ZoneInfo(preferences.zone)
    if not preferences.checkins:
        body = [words("checkin.schedule.off")]
        switch = _button(words, "checkin:v1:on", "on", style=ButtonStyle.primary)
        return Card(
            title=words("checkin.schedule.title"),
            body=body,
            rows=[[switch, now_button(words)]],
            footer=words("checkin.only_you"),
        )
    body = [
        words(
            "checkin.schedule.on",
            weekday=words.time(preferences.weekday_time),
            weekend=words.time(preferences.weekend_time),
            pace=words(f"checkin.schedule.{preferences.pace}"),
            zone=preferences.zone,
        )
    ]
    if preferences.delivery is Delivery.NOTHING:
        body.append(words("checkin.schedule.nothing_sent"))
    elif next_at is not None:
        body.append(words("checkin.schedule.next", moment=words.moment(next_at, zone)))
    body += [_away_line(words, away) for away in aways]
    return Card(
        title=words("checkin.schedule.title"),
        body=body,
        rows=[
            [
                _button(words, "settings:v1:times", "times", Context.SETTINGS),
                _button(words, "settings:v1:pace", "pace"),
                _button(words, "checkin:v1:away", "away"),
                _button(words, "checkin:v1:off", "off"),
            ]
        ],
        footer=words("checkin.only_you"),
    )


def off_card(words: Words) -> Card:
    """Say that no prompts come any more."""
    return Card(
        body=words("checkin.schedule.switched_off"),
        rows=[[now_button(words), _button(words, "checkin:v1:on", "on")]],
    )


def away_card(words: Words, aways: Sequence[Away], *, saved: bool = False) -> Card:
    """Show when a person is away; nobody else is told."""
    lines = [_away_line(words, away) for away in aways]
    row = [_button(words, AWAY_SET, "away_change" if aways else "away_set")]
    if aways:
        row.append(_button(words, "checkin:v1:away_end", "away_end"))
    return Card(
        title=words("checkin.away.title"),
        body=[
            *([words("checkin.away.saved")] if saved else []),
            *(lines or [words("checkin.away.none")]),
            words("checkin.away.about"),
        ],
        rows=[row],
        footer=words("checkin.only_you"),
    )


def back_card(words: Words) -> Card:
    """Say that check-ins come again."""
    return Card(body=words("checkin.away.ended"), rows=[[now_button(words)]])


def away_form(words: Words, aways: Sequence[Away]) -> Form:
    """Ask from when to when, as people type it."""
    current = aways[0] if aways else None
    return Form.of(
        AWAY_SET,
        title=words("checkin.away.title"),
        fields=[
            TextField(
                key="first",
                label=words("checkin.away.first"),
                description=words("checkin.away.first_like"),
                max_length=MOST_TYPED,
                value=current.first.isoformat() if current else None,
            ),
            TextField(
                key="last",
                label=words("checkin.away.last"),
                description=words("checkin.away.last_like"),
                max_length=MOST_TYPED,
                required=False,
                value=current.last.isoformat() if current else None,
            ),
        ],
    )


def _away_line(words: Words, away: Away) -> str:
    if away.first == away.last:
        return words("checkin.away.one_day", day=words.date(away.first))
    return words("checkin.away.days", first=words.date(away.first), last=words.date(away.last))


def _button(
    words: Words,
    route: str,
    name: str,
    *args: object,
    style: ButtonStyle = ButtonStyle.secondary,
) -> Item:
    return button(route, *args, label=words(f"checkin.button.{name}"), style=style)
