"""The three joining screens, and what comes around them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.content import Consent, JoiningTexts
from bot.domain.joining import Progress, TrialOutcome
from bot.domain.participant import Delivery, Participant
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button, link
from bot.ui.forms import Form, NoteField, TextField
from bot.ui.panel import main_rows
from bot.ui.settings import back_button, help_button, language_row
from bot.ui.zone_picker import Context, clock_rows
from bot.ui.zones import place_label


def about_card(words: Words, texts: JoiningTexts) -> Card:
    """Make the first screen: what this is and is not, who sees what, 18 or older."""
    return Card(
        title=texts.about.title,
        body=[point.text for point in texts.about.points],
        rows=[
            [
                button("join:v1:adult", label=words("join.adult"), style=ButtonStyle.primary),
                button("join:v1:minor", label=words("join.minor_button")),
                help_button(words),
            ]
        ],
        footer=words("join.screen", n=1),
    )


def minor_card(words: Words, lines: Card) -> Card:
    """Say kindly that this is for adults, and show the crisis lines."""
    paragraphs = [lines.body] if isinstance(lines.body, str) else lines.body
    return replace(
        lines, title=words("join.minor.title"), body=[words("join.minor.body"), *paragraphs]
    )


def code_form(words: Words) -> Form:
    """Ask for the join code."""
    return Form.of(
        "join:v1:code",
        title=words("join.code.title"),
        fields=[
            TextField(
                key="code",
                label=words("join.code.label"),
                description=words("join.code.description"),
                placeholder="ABCD-EFGH-JKMN-PQRS",
                max_length=40,
            ),
            NoteField(text=words("join.code.note")),
        ],
    )


def hours_card(
    words: Words,
    texts: JoiningTexts,
    consent: Consent,
    participant: Participant,
    progress: Progress,
    *,
    now: datetime,
    programme_zone: str,
    languages: Sequence[str],
    asking: list[list[Item]] | None = None,
) -> Card:
    """Make the second screen: the time now, the language, the daily check-in.

    Args:
        consent: The text of the daily check-in's consent.
        asking: Rows that narrow the zone down, where that has begun.
    """
    has_zone = progress.zone_at is not None and asking is None
    screen = texts.hours
    body = [screen.point("zone")]
    if has_zone:
        body = [_now_line(words, participant, now)]
        change = button("zone:v1:again", Context.JOIN, label=words("settings.zone.change"))
        zone_rows = [[change]]
    else:
        zone_rows = asking or clock_rows(words, Context.JOIN, now, programme_zone)
    body += [
        screen.point("checkin"),
        words("join.hours.consent", text=consent.text, who_sees=consent.who_sees),
        *_daily_lines(words, participant, progress),
    ]
    rows = [
        *zone_rows,
        language_row(words, Context.JOIN, languages),
        _daily_row(words, consent, progress),
    ]
    rows[-1] += _times_button(words, participant, progress)
    go_on = button(
        "join:v1:hours_done",
        label=words("join.go_on"),
        style=ButtonStyle.primary,
        disabled=not progress.is_hours_complete or not has_zone,
    )
    rows.append([go_on, help_button(words)])
    return Card(title=screen.title, body=body, rows=rows, footer=words("join.screen", n=2))


def delivery_card(
    words: Words, texts: JoiningTexts, context: Context, *, notice: str | None = None
) -> Card:
    """Make the third screen: where notes go; settings use it too.

    Args:
        notice: What became of the choice before, where there was one.
    """
    is_joining = context is Context.JOIN
    row = [help_button(words)] if is_joining else [back_button(words), help_button(words)]
    body = [point.text for point in texts.delivery.points]
    return Card(
        title=texts.delivery.title,
        body=[notice, *body] if notice else body,
        rows=[way_row(words, context), row],
        footer=words("join.screen", n=3) if is_joining else None,
    )


def way_row(words: Words, context: Context) -> list[Item]:
    """Offer the three ways a note may take; the private thread is the one to start with."""
    return [
        button(
            "join:v1:way",
            context,
            way,
            label=words(f"join.way.{way}"),
            style=ButtonStyle.primary if way is Delivery.THREAD else ButtonStyle.secondary,
        )
        for way in (Delivery.THREAD, Delivery.DM, Delivery.NOTHING)
    ]


def waiting_card(
    words: Words,
    context: Context,
    way: Delivery,
    outcome: TrialOutcome | None = None,
    *,
    place_url: str | None = None,
) -> Card:
    """Ask to tap the test note, or say what became of it so far.

    Args:
        place_url: Where the note is, once it was sent.
    """
    there = [link(words("join.test.go"), place_url)] if place_url else []
    key = "join.test.body" if outcome is None else f"join.test.{outcome}"
    return Card(
        title=words("join.test.title"),
        body=words(key, place=words(f"join.place.{way}")),
        rows=[
            [
                *there,
                button("join:v1:unseen", context, label=words("join.test.unseen")),
                button("join:v1:other_way", context, label=words("join.test.other")),
                help_button(words),
            ]
        ],
    )


def outcome_sentence(words: Words, way: Delivery, outcome: TrialOutcome) -> str:
    """Say what became of a test note.

    Args:
        way: Where notes go now; a closed DM may have given way to the thread.
    """
    if outcome in (TrialOutcome.WAITING, TrialOutcome.SENT):
        return words(f"join.test.{outcome}", place=words(f"join.place.{way}"))
    sentence = words(f"join.test.{outcome}")
    if outcome is TrialOutcome.CLOSED_DM and way is Delivery.THREAD:
        sentence += " " + words("join.test.in_thread")
    return sentence


def again_card(words: Words) -> Card:
    """Tell someone who is in that they are."""
    return Card(body=[words("join.done.again"), words("join.done.panel")], rows=main_rows(words))


def resumed_card(words: Words) -> Card:
    """Tell someone that all goes on."""
    return Card(body=words("join.back.done"), rows=main_rows(words), accent=Accent.GOOD)


def done_card(words: Words, participant: Participant) -> Card:
    """Welcome someone who is in now."""
    body = [words("join.done.welcome")]
    if participant.preferences.checkins:
        body.append(words("join.done.daily"))
    return Card(
        title=words("join.done.title"),
        body=[*body, words("join.done.panel")],
        rows=[*main_rows(words), [button("panel:v1:rooms", label=words("panel.entry.rooms"))]],
        accent=Accent.GOOD,
    )


def tapped_card(words: Words) -> Card:
    """Say that notes arrive here."""
    return Card(body=words("join.done.notes"), accent=Accent.GOOD)


def welcome_back_card(words: Words) -> Card:
    """Offer to resume; neutral, whatever the reason was."""
    resume = button("join:v1:resume", label=words("join.back.resume"), style=ButtonStyle.primary)
    return Card(
        title=words("join.back.title"),
        body=words("join.back.body"),
        rows=[[resume, help_button(words)]],
    )


def _now_line(words: Words, participant: Participant, now: datetime) -> str:
    zone = participant.preferences.zone
    moment = words.moment(now, ZoneInfo(zone))
    return words("join.hours.now", now=moment, place=place_label(zone, words.locale))


def _daily_lines(words: Words, participant: Participant, progress: Progress) -> Sequence[str]:
    if progress.daily_at is None:
        return []
    preferences = participant.preferences
    if not preferences.checkins:
        return [words("join.hours.is_no")]
    return [
        words(
            "join.hours.is_yes",
            weekday=words.time(preferences.weekday_time),
            weekend=words.time(preferences.weekend_time),
        )
    ]


def _daily_row(words: Words, consent: Consent, progress: Progress) -> list[Item]:
    """Offer yes and no alike; neither is chosen beforehand."""
    return [
        button("join:v1:daily", answer, consent.version, label=words(f"join.hours.daily_{answer}"))
        for answer in ("yes", "no")
    ]


def _times_button(words: Words, participant: Participant, progress: Progress) -> list[Item]:
    if progress.daily_at is None or not participant.preferences.checkins:
        return []
    return [button("settings:v1:times", Context.JOIN, label=words("settings.button.times"))]
