"""Cards of going live: what is missing, the crisis lines, the host key, the settings."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.content import Content
from bot.domain.crisis import CrisisLine
from bot.domain.delivery import OutboxRow
from bot.domain.place import part_key
from bot.domain.programme import Programme
from bot.domain.readiness import KEY_HOLDERS, Finding, Readiness, Weight
from bot.services.readiness import SettingsChange
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button, escape
from bot.ui.crisis import emergency, line_paragraphs
from bot.ui.setup import aspect_names, fitting, permission_names, place_name
from bot.ui.zones import country_name, place_label

MOST_LINES = 12
"""Cards hold 4,000 characters; a country has fewer lines than this."""

SECTIONS = (
    (Weight.STOPS_JOINING, "stops_joining"),
    (Weight.FAULT, "fault"),
    (Weight.NOTICE, "notice"),
)


def check_card(words: Words, readiness: Readiness) -> Card:
    """Show what is missing, wrong or worth knowing, each with what to do."""
    standing = "open" if readiness.is_open else "closed" if readiness.can_open else "not_yet"
    body = [words(f"setup.check.{standing}")]
    sections = [
        (
            words(f"setup.check.{name}"),
            [f"- {_finding(words, finding)}" for finding in readiness.of(weight)],
        )
        for weight, name in SECTIONS
    ]
    body.extend(fitting(words, sections))
    accent = Accent.CARE if readiness.of(Weight.STOPS_JOINING, Weight.FAULT) else Accent.GOOD
    return Card(
        title=words("setup.check.title"), body=body, rows=_rows(words, readiness), accent=accent
    )


def lines_card(
    words: Words, content: Content, country: str, *, old: Sequence[CrisisLine], seen: str
) -> Card:
    """Show a country's crisis lines to whoever confirms them.

    Args:
        words: The language of the person.
        content: All content.
        country: The programme's country.
        old: Those that were last checked too long ago.
        seen: What is shown, as a digest.
    """
    lines = content.crisis.choose(country).all
    names = words.listing([line.service for line in old])
    confirm = button(
        "setup:v1:lines_ok", seen, label=words("setup.lines.ok"), style=ButtonStyle.success
    )
    return Card(
        title=words("setup.lines.title", country=country_name(country, words.locale)),
        body=[
            words("setup.lines.how"),
            words("setup.lines.old", names=names) if old else "",
            emergency(words, content.crisis, country),
            *line_paragraphs(words, lines[:MOST_LINES]),
        ],
        rows=[[confirm, _check_button(words)]],
        footer=words("setup.lines.foot"),
    )


def key_card(words: Words, holders: Sequence[int], *, is_noted: bool = False) -> Card:
    """Explain the copy of the host key and ask for a person's word, or thank for it."""
    body = [words("setup.key.why"), words("setup.key.how")]
    rows = [button("setup:v1:key_ok", label=words("setup.key.ok"), style=ButtonStyle.success)]
    if is_noted:
        body, rows = [words("setup.key.done")], []
    if holders:
        body.append(words("setup.key.said", who=_people(words, holders)))
    if len(holders) < KEY_HOLDERS:
        rows.append(button("setup:v1:key_ask", label=words("setup.key.ask")))
    return Card(title=words("setup.key.title"), body=body, rows=[rows] if rows else [])


def key_request_card(words: Words, row: OutboxRow) -> Card:
    """Ask the team for a second person who holds a copy of the host key."""
    body = [words("setup.key.asked", who=f"<@{row.args['by']}>"), words("setup.key.why")]
    look = button("setup:v1:key", label=words("setup.key.title"), style=ButtonStyle.primary)
    return Card(title=words("setup.key.title"), body=body, rows=[[look]])


def gone_card(words: Words, row: OutboxRow) -> Card:
    """Tell the leads that something set-up made was deleted."""
    part = place_name(words, part_key(row.args["part"]))
    return Card(body=words("setup.gone", part=part), rows=[[_check_button(words)]])


def roles_card(words: Words, row: OutboxRow) -> Card:
    """Tell the leads that someone's roles were changed by hand."""
    listing = button("people:v1:list", label=words("people.list.title"))
    return Card(body=words("setup.roles_by_hand", who=f"<@{row.args['who']}>"), rows=[[listing]])


def settings_card(
    words: Words, programme: Programme, outside: str = "", change: SettingsChange | None = None
) -> Card:
    """Show the programme's settings, and what a change of them brought with it.

    Args:
        outside: Whom a person is told to call where nobody on the team may help.
    """
    country = programme.country
    place = country_name(country, words.locale) if country else words("setup.settings.none")
    lines = [
        words("setup.settings.language", language=_language(words, programme.locale)),
        words("setup.settings.zone", zone=place_label(programme.zone, words.locale)),
        words("setup.settings.country", country=place),
        words("setup.settings.codes_on" if programme.codes else "setup.settings.codes_off"),
        words("setup.settings.outside", text=escape(outside) or words("setup.settings.none")),
    ]
    body = ["\n".join(f"- {line}" for line in lines)]
    if change is not None and change.is_closed:
        body.append(words("setup.settings.closed"))
    if change is not None and change.is_renamed:
        body.append(words("setup.settings.renamed"))
    return Card(
        title=words("setup.settings.title"),
        body=body,
        rows=[[_check_button(words)]],
        footer=words("setup.settings.how"),
    )


def spaces_card(words: Words, programme: Programme) -> Card:
    """Show when shared spaces close, and when they open."""
    when = words("setup.spaces.batches" if programme.opens_in_batches else "setup.spaces.at_once")
    closing = words(
        "setup.spaces.closing",
        day=words.weekday(programme.boundary_weekday),
        time=programme.boundary_time.strftime("%H:%M"),
        zone=place_label(programme.zone, words.locale),
    )
    return Card(
        title=words("together.desk.title"),
        body=[f"- {closing}\n- {when}", words("setup.spaces.why")],
    )


def _rows(words: Words, readiness: Readiness) -> list[list[Item]]:
    checks = []
    if not readiness.has("no_country") and not readiness.has("no_lines"):
        checks.append(button("setup:v1:lines", label=words("setup.check.lines")))
    if readiness.has("key_backup"):
        checks.append(button("setup:v1:key", label=words("setup.key.title")))
    if readiness.has("nobody_on"):
        label = words("setup.check.go_without_staff")
        checks.append(button("setup:v1:no_staff", 1, label=label))
    elif readiness.goes_without_staff:
        label = words("setup.check.need_staff")
        checks.append(button("setup:v1:no_staff", 0, label=label))
    deciding = [_check_button(words)]
    if readiness.is_open:
        deciding.insert(0, button("setup:v1:close", label=words("setup.check.close_joining")))
    elif readiness.can_open:
        label = words("setup.check.open_joining")
        deciding.insert(0, button("setup:v1:open", label=label, style=ButtonStyle.success))
    return [row for row in (checks, deciding) if row]


def _check_button(words: Words) -> Item:
    return button("setup:v1:check", label=words("setup.check.again"))


def _finding(words: Words, finding: Finding) -> str:
    values = {
        "parts": words.listing([place_name(words, key) for key in finding.parts]),
        "permissions": permission_names(words, finding.permissions),
        "aspects": aspect_names(words, finding.aspects),
        "names": words.listing(list(finding.names)),
        "country": country_name(finding.country, words.locale) if finding.country else "",
        "n": finding.n,
        "needed": KEY_HOLDERS,
    }
    return words(f"setup.findings.{finding.key}", **values)


def _people(words: Words, user_ids: Sequence[int]) -> str:
    return words.listing([f"<@{user_id}>" for user_id in user_ids])


def _language(words: Words, code: str) -> str:
    return str(words.rules.languages.get(code, code))
