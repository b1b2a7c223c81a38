"""Settings: one card that shows everything, and one for each thing to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from babel import Locale
from discord import ButtonStyle

from bot.content import Consent
from bot.domain.consent import ConsentKind, Standing
from bot.domain.participant import Delivery, Pace, Participant, SafeContact
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, select
from bot.ui.forms import Form, TextField
from bot.ui.zone_picker import Context
from bot.ui.zones import country_name, place_label


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that can be changed: its button and where it leads."""

    key: str
    route: str
    args: tuple[str, ...] = ()


CHANGES = (
    (
        Change(key="place", route="zone:v1:again", args=(Context.SETTINGS,)),
        Change(key="language", route="settings:v1:language"),
        Change(key="country", route="settings:v1:country"),
    ),
    (
        Change(key="times", route="settings:v1:times", args=(Context.SETTINGS,)),
        Change(key="pace", route="settings:v1:pace"),
        Change(key="quiet", route="settings:v1:quiet"),
    ),
    (
        Change(key="delivery", route="settings:v1:delivery"),
        Change(key="safe", route="settings:v1:safe"),
        Change(key="consents", route="settings:v1:consents"),
        Change(key="word", route="private:v1:open"),
        Change(key="cards", route="watch:v1:cards"),
    ),
)


def settings_card(
    words: Words, participant: Participant, now: datetime, *, notice: str | None = None
) -> Card:
    """Show everything a person chose, each with its button."""
    lines = [
        place_line(words, participant, now),
        words("settings.line.language", language=language_name(words.locale)),
        _country_line(words, participant),
        _daily_line(words, participant),
        _quiet_line(words, participant),
        _delivery_line(words, participant),
        _safe_line(words, participant),
    ]
    return Card(
        title=words("settings.title"),
        body=[*([notice] if notice else []), "\n".join(lines)],
        rows=[
            *(
                [
                    button(change.route, *change.args, label=words(f"settings.button.{change.key}"))
                    for change in row
                ]
                for row in CHANGES
            ),
            [back_button(words, "panel:v1:more"), help_button(words)],
        ],
    )


def place_line(words: Words, participant: Participant, now: datetime) -> str:
    """Say where a person is and what time it is there."""
    zone = participant.preferences.zone
    return words(
        "settings.line.place",
        place=place_label(zone, words.locale),
        now=words.moment(now, ZoneInfo(zone)),
    )


def language_name(locale: str) -> str:
    """Name a language in itself."""
    return str(Locale.parse(locale).get_display_name(locale)).capitalize()


def language_row(words: Words, context: Context, languages: Sequence[str]) -> list[Item]:
    """Offer every language, each in its own name."""
    options = [
        Option(value=locale, label=language_name(locale), chosen=locale == words.locale)
        for locale in languages
    ]
    placeholder = words("settings.language.ask")
    return [select("settings:v1:set_language", context, options=options, placeholder=placeholder)]


def language_card(words: Words, languages: Sequence[str]) -> Card:
    """Ask for the language."""
    return Card(
        title=words("settings.language.title"),
        rows=[language_row(words, Context.SETTINGS, languages), [back_button(words)]],
    )


def country_card(words: Words, countries: Sequence[str], chosen: str | None) -> Card:
    """Ask for the country whose crisis lines are shown.

    Args:
        countries: Those with lines of their own, at most 25.
    """
    options = [
        Option(value=code, label=country_name(code, words.locale), chosen=code == chosen)
        for code in countries
    ]
    ask = words("settings.country.ask")
    return Card(
        title=words("settings.country.title"),
        body=words("settings.country.body"),
        rows=[
            [select("settings:v1:set_country", options=options, placeholder=ask)],
            [
                button("settings:v1:country_text", label=words("settings.country.other")),
                back_button(words),
            ],
        ],
    )


def country_form(words: Words) -> Form:
    """Ask for a country by name."""
    field = TextField(
        key="country",
        label=words("settings.country.label"),
        description=words("settings.country.description"),
        max_length=80,
    )
    return Form.of(
        "settings:v1:country_text", title=words("settings.country.title"), fields=[field]
    )


def pace_card(words: Words, chosen: Pace) -> Card:
    """Ask how often a check-in comes."""
    options = [
        Option(value=pace, label=words(f"settings.pace.{pace}").capitalize(), chosen=pace is chosen)
        for pace in Pace
    ]
    ask = words("settings.pace.ask")
    return Card(
        title=words("settings.pace.title"),
        rows=[
            [select("settings:v1:set_pace", options=options, placeholder=ask)],
            [back_button(words)],
        ],
    )


def times_form(words: Words, context: Context, weekday: time, weekend: time) -> Form:
    """Ask for the two check-in times."""
    return Form.of(
        "settings:v1:times",
        context,
        title=words("settings.times.title"),
        fields=[
            _time_field(words, "weekday", "settings.times", words.time(weekday)),
            _time_field(words, "weekend", "settings.times", words.time(weekend)),
        ],
    )


def range_form(words: Words, route: str, prefix: str, span: tuple[time, time] | None) -> Form:
    """Ask for two times, or none."""
    first, last = (words.time(at) for at in span) if span else (None, None)
    return Form.of(
        route,
        title=words(f"{prefix}.title"),
        fields=[
            _time_field(words, "start", prefix, first, required=False),
            _time_field(words, "end", prefix, last, required=False),
        ],
    )


def safe_card(words: Words, participant: Participant) -> Card:
    """Ask how the team may write first."""
    options = [
        Option(
            value=way,
            label=words(f"settings.safe.{way}").capitalize(),
            chosen=way is participant.preferences.safe_contact,
        )
        for way in SafeContact
    ]
    ask = words("settings.safe.ask")
    hours = button("settings:v1:safe_hours", label=words("settings.safe.hours"))
    return Card(
        title=words("settings.safe.title"),
        body=[words("settings.safe.body"), _safe_line(words, participant)],
        rows=[
            [select("settings:v1:set_safe", options=options, placeholder=ask)],
            [hours, back_button(words)],
        ],
    )


def consents_card(
    words: Words, texts: Mapping[ConsentKind, Consent], standings: Mapping[ConsentKind, Standing]
) -> Card:
    """List every consent in use and where it stands."""
    lines = [
        f"**{texts[kind].title}:** {words(f'settings.consents.{where}')}"
        for kind, where in standings.items()
    ]
    options = [Option(value=kind, label=texts[kind].title) for kind in standings]
    ask = words("settings.consents.ask")
    return Card(
        title=words("settings.consents.title"),
        body=[words("settings.consents.body"), "\n".join(lines)],
        rows=[
            [select("settings:v1:consent", options=options, placeholder=ask)],
            [back_button(words)],
        ],
    )


def given_card(words: Words, consent: Consent) -> Card:
    """Show a consent that was given, and let it be taken back."""
    take_back = button(
        "settings:v1:take_back", consent.kind, label=words("settings.consents.take_back")
    )
    return Card(
        title=consent.title,
        body=[consent.text, f"**{words('consent.who_sees')}** {consent.who_sees}"],
        rows=[[take_back, back_button(words, "settings:v1:consents")]],
        footer=words("consent.version", version=consent.version),
    )


def back_button(words: Words, route: str = "settings:v1:open") -> Item:
    """Make the way back."""
    return button(route, label=words("core.back"))


def help_button(words: Words) -> Item:
    """Make the button that is on every panel."""
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)


def safe_span(participant: Participant) -> tuple[time, time] | None:
    """Return the hours in which the team may write first; none for any time."""
    text = participant.preferences.safe_hours
    if text is None:
        return None
    first, _, last = text.partition("-")
    return time.fromisoformat(first), time.fromisoformat(last)


def _time_field(
    words: Words, key: str, prefix: str, value: str | None, *, required: bool = True
) -> TextField:
    return TextField(
        key=key,
        label=words(f"{prefix}.{key}"),
        description=words(f"{prefix}.description"),
        required=required,
        max_length=40,
        value=value,
    )


def _country_line(words: Words, participant: Participant) -> str:
    code = participant.preferences.country
    name = country_name(code, words.locale) if code else words("settings.line.country_none")
    return words("settings.line.country", country=name)


def _daily_line(words: Words, participant: Participant) -> str:
    preferences = participant.preferences
    if not preferences.checkins:
        return words("settings.line.daily_off")
    return words(
        "settings.line.daily_on",
        weekday=words.time(preferences.weekday_time),
        weekend=words.time(preferences.weekend_time),
        pace=words(f"settings.pace.{preferences.pace}"),
    )


def _quiet_line(words: Words, participant: Participant) -> str:
    start, end = participant.preferences.quiet_start, participant.preferences.quiet_end
    if start == end:
        return words("settings.line.quiet_none")
    return words("settings.line.quiet", start=words.time(start), end=words.time(end))


def _delivery_line(words: Words, participant: Participant) -> str:
    preferences = participant.preferences
    if preferences.delivery is Delivery.NOTHING:
        way = words("join.way.nothing").lower()
    else:
        way = words(f"join.place.{preferences.delivery}")
    is_open = not preferences.delivery_confirmed and preferences.delivery is not Delivery.NOTHING
    return words(f"settings.line.delivery{'_open' if is_open else ''}", way=way)


def _safe_line(words: Words, participant: Participant) -> str:
    way = words(f"settings.safe.{participant.preferences.safe_contact}")
    span = safe_span(participant)
    if span is None:
        return words("settings.line.safe", way=way)
    start, end = (words.time(at) for at in span)
    return words("settings.line.safe_hours", way=way, start=start, end=end)
