"""Cards of the rota: the week, the shifts, and what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.oncall import Rules
from bot.domain.rota import Hours, Level, OverlapError, Shift, Span, Turn
from bot.services.rota import Saved
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button, escape
from bot.ui.zones import place_label

MOST_SHOWN = 3400
RANGE = 3
"""From how many weekdays in a row on they are named by the first and the last."""

RoomNames = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """The days to come, as one member of the team is shown them.

    Attributes:
        turns: Who is on, the earliest first.
        gaps: When nobody is on, of the hours that count.
        is_covered: The programme said which hours count; otherwise all do.
        own: The viewer's next turn.
    """

    now: datetime
    turns: Sequence[Turn]
    gaps: Sequence[Span]
    is_covered: bool
    own: Turn | None = None


def week_card(words: Words, week: Week, zone: ZoneInfo, rooms: RoomNames) -> Card:
    """Show who is on and when nobody is, day by day, in the viewer's own time."""
    days: dict[str, list[str]] = {}
    entries = [
        (max(turn.start, week.now), _turn_line(words, turn, zone, rooms)) for turn in _filled(week)
    ]
    entries += [(gap.start, _gap_line(words, gap, zone)) for gap in week.gaps]
    for start, line in sorted(entries, key=lambda entry: entry[0]):
        day = words.date(start.astimezone(zone).date())
        days.setdefault(day, []).append(line)
    body = [] if week.turns else [words("rota.week.empty")]
    if week.own is not None:
        body.append(words("rota.week.own", turn=turn_text(words, week.own, zone)))
    body += ["\n".join([f"**{day}**", *lines]) for day, lines in days.items()]
    if week.gaps and not week.is_covered:
        body.append(words("rota.week.no_cover"))
    return Card(
        title=words("rota.week.title"),
        body=_fitting(words, body),
        footer=words("rota.week.zone", zone=place_label(zone.key, words.locale)),
    )


def turn_text(words: Words, turn: Turn, zone: ZoneInfo) -> str:
    """Name a shift on one date, in a zone's time."""
    return span_text(words, turn.span, zone)


def span_text(words: Words, span: Span, zone: ZoneInfo) -> str:
    """Name a stretch of time, in a zone's time."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    day = words.date(start.date())
    first, last = words.time(start.timetz()), words.time(end.timetz())
    if end.date() == start.date():
        return words("rota.span", day=day, start=first, end=last)
    return words("rota.span_days", day=day, start=first, end=last, last=words.date(end.date()))


def hours_text(words: Words, hours: Hours) -> str:
    """Name local hours as they stand on the rota, the zone included."""
    key = "rota.hours_overnight" if hours.is_overnight else "rota.hours"
    return words(
        key,
        days=days_text(words, hours),
        start=words.time(hours.start),
        end=words.time(hours.end),
        zone=place_label(hours.zone, words.locale),
    )


def days_text(words: Words, hours: Hours) -> str:
    """Name the days of a shift: weekdays, or one date."""
    days = sorted(hours.days)
    if not days:
        return words.date(hours.first_day)
    if len(days) == len(range(7)):
        return words("rota.every_day")
    if len(days) >= RANGE and days[-1] - days[0] == len(days) - 1:
        return words("rota.days", first=words.weekday(days[0]), last=words.weekday(days[-1]))
    return words.listing([words.weekday(day) for day in days])


def shift_text(words: Words, shift: Shift, rooms: RoomNames) -> str:
    """Name a shift with whose it is and what it covers."""
    who = words("rota.nobody_yet") if shift.user_id is None else f"<@{shift.user_id}>"
    parts = [f"{hours_text(words, shift.hours)}: {who}", *_extras(words, shift, rooms)]
    if shift.hours.last_day is not None and shift.hours.is_weekly:
        parts.append(words("rota.until", day=words.date(shift.hours.last_day)))
    return ", ".join(parts)


def shifts_card(words: Words, shifts: Sequence[Shift], rooms: RoomNames) -> Card:
    """List the shifts as they stand on the rota."""
    lines = [f"- {shift_text(words, shift, rooms)}" for shift in shifts]
    return Card(
        title=words("rota.shifts.title"),
        body="\n".join(_fitting(words, lines)) if lines else words("rota.week.empty"),
        footer=words("rota.shifts.how"),
    )


def saved_card(words: Words, saved: Saved, rooms: RoomNames) -> Card:
    """Say what was put on the rota, and what follows from it."""
    body = [words("rota.saved", shift=shift_text(words, saved.shift, rooms))]
    if saved.shift.hours.is_overnight:
        body.append(words("rota.saved_overnight"))
    if saved.shift.user_id is None:
        body.append(words("rota.saved_open"))
    if saved.undone:
        days = words.listing([words.date(day) for day in saved.undone])
        body.append(words("rota.saved_undone", days=days))
    return Card(body=body, accent=Accent.GOOD, rows=[[week_button(words)]])


def overlap_text(words: Words, error: OverlapError, zone: ZoneInfo, *, may_allow: bool) -> str:
    """Refuse what would put somebody on two shifts at once, naming the other one."""
    said = words(
        "rota.overlap",
        who=f"<@{error.other.user_id}>",
        turn=turn_text(words, error.turn, zone),
        other=turn_text(words, error.other, zone),
    )
    return f"{said} {words('rota.overlap_allow')}" if may_allow else said


def rules_card(words: Words, rules: Rules, volunteers: Sequence[int], *, is_lead: bool) -> Card:
    """Show what the programme decided about its rota."""
    cover = hours_text(words, rules.cover) if rules.cover else words("rota.rules.no_cover")
    calls = "rota.rules.calls" if rules.calls_volunteers else "rota.rules.waits"
    lines = [
        words("rota.rules.cover", hours=cover),
        words("rota.rules.small" if rules.is_small else "rota.rules.levels"),
        words(calls),
        words("rota.rules.volunteers", who=words.listing([f"<@{one}>" for one in volunteers]))
        if volunteers
        else words("rota.rules.no_volunteers"),
        words("rota.rules.outside", text=escape(rules.outside))
        if rules.outside
        else words("rota.rules.no_outside"),
        words("rota.rules.protected"),
    ]
    change = [[button("rota:v1:rules", label=words("rota.rules.change"))]] if is_lead else []
    return Card(
        title=words("rota.rules.title"), body="\n".join(f"- {line}" for line in lines), rows=change
    )


def gaps_card(words: Words, gaps: Sequence[Span], zone: ZoneInfo) -> Card:
    """Tell the leads when nobody will be on."""
    lines = [f"- {span_text(words, gap, zone)}" for gap in gaps]
    return Card(
        title=words("rota.gaps.title"),
        body=[words("rota.gaps.body", n=len(gaps)), "\n".join(lines), words("rota.gaps.how")],
        rows=[[week_button(words)]],
        accent=Accent.CARE,
        footer=words("rota.week.zone", zone=place_label(zone.key, words.locale)),
    )


def nobody_card(words: Words, by: int, until: datetime, zone: ZoneInfo) -> Card:
    """Tell the leads that a shift was ended early and nobody is on."""
    body = words("rota.left_nobody", who=f"<@{by}>", until=words.moment(until, zone))
    return Card(body=body, rows=[[week_button(words)]], accent=Accent.CARE)


def duty_card(
    words: Words,
    on_duty: Sequence[int],
    *,
    is_on: bool,
    next_on: datetime | None,
    zone: ZoneInfo,
) -> Card:
    """Say who is on duty and who is next, with the button to change one's own."""
    who = words.listing([f"<@{user_id}>" for user_id in on_duty])
    body = [words("care.duty.who", who=who) if on_duty else words("care.duty.nobody")]
    if not on_duty:
        body.append(
            words("care.duty.no_next")
            if next_on is None
            else words("care.duty.next", moment=words.moment(next_on, zone))
        )
    change = (
        button("duty:v1:off", label=words("care.duty.button_off"))
        if is_on
        else button("duty:v1:on", label=words("care.duty.button_on"), style=ButtonStyle.success)
    )
    handover = button("handover:v1:open", label=words("rota.handover.title"))
    return Card(body=body, rows=[[change, week_button(words), handover]])


def week_button(words: Words) -> Item:
    """Make the button that shows the week."""
    return button("rota:v1:week", label=words("rota.week.button"))


def _filled(week: Week) -> Sequence[Turn]:
    return [turn for turn in week.turns if turn.user_id is not None]


def _turn_line(words: Words, turn: Turn, zone: ZoneInfo, rooms: RoomNames) -> str:
    start, end = turn.start.astimezone(zone), turn.end.astimezone(zone)
    key = "rota.week.line" if start.date() == end.date() else "rota.week.line_overnight"
    said = words(
        key,
        start=words.time(start.timetz()),
        end=words.time(end.timetz()),
        last=words.date(end.date()),
        who=f"<@{turn.user_id}>",
    )
    extras = _extras(words, turn.shift, rooms)
    if turn.user_id != turn.shift.user_id and turn.shift.user_id is not None:
        extras.append(words("rota.instead", who=f"<@{turn.shift.user_id}>"))
    return ", ".join([said, *extras])


def _gap_line(words: Words, gap: Span, zone: ZoneInfo) -> str:
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    key = "rota.week.gap" if start.date() == end.date() else "rota.week.gap_overnight"
    return words(
        key,
        start=words.time(start.timetz()),
        end=words.time(end.timetz()),
        last=words.date(end.date()),
    )


def _extras(words: Words, shift: Shift, rooms: RoomNames) -> list[str]:
    extras = []
    if shift.level is Level.SECOND:
        extras.append(words("rota.second"))
    if shift.rooms:
        names = [rooms.get(room, words("rota.room_gone")) for room in sorted(shift.rooms)]
        extras.append(words("rota.only_rooms", rooms=words.listing(names)))
    if shift.languages:
        names = [str(words.rules.languages.get(code, code)) for code in shift.languages]
        extras.append(words.listing(names))
    return extras


def _fitting(words: Words, paragraphs: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for paragraph in paragraphs:
        if sum(map(len, kept)) + len(paragraph) > MOST_SHOWN:
            return [*kept, words("rota.more")]
        kept.append(paragraph)
    return kept
