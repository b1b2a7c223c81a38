"""What people see of the rooms: the list, the door, the live card in each, and leaving a note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import LocaleContent
from bot.domain.consent import ConsentKind
from bot.domain.room import Membership, Posting, Room
from bot.domain.setup_plan import digest
from bot.services.left_notes import LONGEST, Left
from bot.services.room_ports import RoomView
from bot.text import Words
from bot.ui.cards import Accent, Card, Option, button, escape, select
from bot.ui.care import help_now
from bot.ui.forms import Form, NoteField, TextField
from bot.ui.room_life import welcome_button

NOTE = "note"
MOST_WITH_HOURS = 8
"""More rooms than that are listed without their hours: a card holds 4,000 characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomEntry:
    """A room as one person meets it.

    Attributes:
        channel_id: Where it is, for somebody who is in it.
        membership: How they stand to it; nothing where they were never at it.
    """

    view: RoomView
    channel_id: int | None
    membership: Membership | None = None

    @property
    def room(self) -> Room:
        """The room."""
        return self.view.room

    @property
    def is_in(self) -> bool:
        """Whether they are in it."""
        return self.membership is not None and self.membership.is_in


def room_name(words: Words, room: Room) -> str:
    """Name a room as its channel is named."""
    return escape(room.name) if room.name else words("setup.names.channel_room")


def marker(room_id: str) -> str:
    """Return what a live card carries, whatever it shows."""
    return f"room:v1:rules:{room_id}"


def state_card(words: Words, view: RoomView, lines: Sequence[str]) -> Card:
    """Make the one live card of a room: whether people can post now, and what they can do.

    Args:
        words: The server's language.
        view: How the room stands.
        lines: The crisis lines, for when the bot is down.
    """
    room, posting = view.room, view.posting
    rules = button("room:v1:rules", room.id, label=words("rooms.button.rules"))
    ask = button("care:v1:ask", label=words("rooms.button.ask"))
    note = button(
        "room:v1:note", room.id, label=words("rooms.button.note"), style=ButtonStyle.primary
    )
    buttons = [help_now(words), *([] if posting.is_open else [note]), ask, rules]
    said = [words(f"rooms.state.{posting}.body"), *_until(words, view)]
    if not posting.is_open:
        said.append(_who_is_on(words, view))
    if view.is_unscreened:
        said.append(words("rooms.state.unscreened"))
    if room.hours:
        said.append(words("rooms.hours", hours=escape(room.hours)))
    return Card(
        title=words(f"rooms.state.{posting}.title", room=room_name(words, room)),
        body=["\n".join(said), words("rooms.state.not_watched"), *lines],
        rows=[buttons],
        accent=Accent.GOOD if posting.is_open else Accent.CALM,
    )


def rooms_card(words: Words, entries: Sequence[RoomEntry]) -> Card:
    """List the rooms a person may come to."""
    back = [button("panel:v1:menu", label=words("core.back")), help_now(words)]
    if not entries:
        return Card(title=words("panel.entry.rooms"), body=words("rooms.list.none"), rows=[back])
    options = [
        Option(
            value=entry.room.id,
            label=(entry.room.name or words("setup.names.channel_room"))[:100],
            description=_standing(words, entry)[:100],
        )
        for entry in entries
    ]
    picker = select("room:v1:look", options=options, placeholder=words("rooms.list.pick"))
    has_hours = len(entries) <= MOST_WITH_HOURS
    lines = [_line(words, entry, has_hours=has_hours) for entry in entries]
    return Card(
        title=words("panel.entry.rooms"),
        body=[words("rooms.list.body"), "\n".join(lines)],
        rows=[[picker], back],
    )


def room_card(words: Words, entry: RoomEntry) -> Card:
    """Show one room, with the way in or out."""
    room, view = entry.room, entry.view
    lines = [words("rooms.for", audience=words(f"rooms.audience.{room.audience}"))]
    if entry.is_in and entry.channel_id is not None:
        lines.append(words("rooms.where", room=f"<#{entry.channel_id}>"))
    lines.append(words(f"rooms.state.{view.posting}.body"))
    lines += _until(words, view)
    lines += _about(words, room)
    if entry.is_in:
        change = button("room:v1:leave", room.id, label=words("rooms.button.leave"))
    else:
        change = button(
            "room:v1:door", room.id, label=words("rooms.button.come_in"), style=ButtonStyle.primary
        )
        if entry.membership is not None:
            lines.append(words("rooms.invited"))
    back = button("panel:v1:rooms", label=words("core.back"))
    return Card(
        title=room_name(words, room), body="\n".join(lines), rows=[[change, back, help_now(words)]]
    )


def rules_of(texts: LocaleContent, room: Room) -> str:
    """Return a room's ground rules: its own, or the shipped ones."""
    if room.rules:
        return room.rules
    return "\n".join(f"- {point.text}" for point in texts.rooms.rules.points)


def rules_mark(texts: LocaleContent, room: Room) -> str:
    """Shorten all that is accepted at a door to what tells it from another."""
    kinds = (ConsentKind.GROUPS, ConsentKind.ROOM_SCREENING)
    said = [rules_of(texts, room), *(f"{kind} {texts.consents[kind].version}" for kind in kinds)]
    return f"{texts.locale}-{digest(' '.join(said))}"


def door_card(words: Words, texts: LocaleContent, room: Room, *, is_changed: bool = False) -> Card:
    """Show what a person accepts at the door: the rules, who reads along, the screening."""
    groups, screening = (
        texts.consents[kind] for kind in (ConsentKind.GROUPS, ConsentKind.ROOM_SCREENING)
    )
    agree = button(
        "room:v1:enter",
        room.id,
        rules_mark(texts, room),
        label=words("rooms.door.agree"),
        style=ButtonStyle.success,
    )
    return Card(
        title=words("rooms.door.title", room=room_name(words, room)),
        body=[
            *([words("rooms.door.changed")] if is_changed else []),
            f"**{texts.rooms.rules.title}**\n{rules_of(texts, room)}",
            f"**{groups.title}**\n{groups.text} {groups.who_sees}",
            "\n".join(
                [
                    f"**{words('rooms.door.screening_title')}**",
                    f"{words('rooms.door.screening')} {screening.text} {screening.who_sees}",
                ]
            ),
            words("rooms.door.free"),
        ],
        rows=[[agree, button("panel:v1:rooms", label=words("consent.not_now"))]],
        footer=words("consent.version", version=f"{groups.version}.{screening.version}"),
    )


def entered_card(words: Words, entry: RoomEntry) -> Card:
    """Welcome a person, and say whether they can post now."""
    where = f"<#{entry.channel_id}>" if entry.channel_id else room_name(words, entry.room)
    view = entry.view
    body = [words("rooms.entered", room=where), words(f"rooms.state.{view.posting}.body")]
    back = button("panel:v1:rooms", label=words("core.back"))
    return Card(
        title=room_name(words, entry.room),
        body=[*body, *_until(words, view)],
        rows=[[welcome_button(words, entry.room.id)], [back, help_now(words)]],
        accent=Accent.GOOD,
    )


def rules_card(words: Words, texts: LocaleContent, room: Room) -> Card:
    """Show a room's ground rules again."""
    return Card(
        title=texts.rooms.rules.title,
        body=[rules_of(texts, room), words("rooms.door.screening")],
        rows=[[help_now(words)]],
    )


def note_form(
    words: Words, room: Room, next_on: datetime | None, *, now: datetime, zone: ZoneInfo
) -> Form:
    """Ask for a note; who reads it, and when, is said before the field."""
    return Form.of(
        "room:v1:note",
        room.id,
        title=words("rooms.note.title"),
        fields=[
            NoteField(
                text="\n".join(
                    [
                        words("rooms.note.who_reads"),
                        words("rooms.note.screened"),
                        _arrives(words, next_on, now, zone),
                    ]
                )
            ),
            TextField(
                key=NOTE,
                label=words("rooms.note.field"),
                long=True,
                max_length=LONGEST,
                description=words("rooms.note.hint"),
            ),
        ],
    )


def note_left_card(
    words: Words, left: Left, *, now: datetime, zone: ZoneInfo, lines: Sequence[str]
) -> Card:
    """Say what became of a note, and no more than is true."""
    outcome = left.outcome
    if outcome is None:
        said = [words("rooms.note.kept"), _arrives(words, left.next_on, now, zone)]
    else:
        said = [words("rooms.note.urgent")] if left.is_urgent else []
        if outcome.nobody:
            said.append(words("rooms.note.nobody_may"))
        else:
            next_on = now if outcome.on_duty else outcome.next_on
            said.append(_arrives(words, next_on, now, zone))
    is_alone = outcome.nobody if outcome is not None else left.next_on is None
    needs_lines = left.is_urgent or is_alone
    return Card(
        title=words("rooms.note.left_title"),
        body=[*said, words("care.ask.danger"), *(lines if needs_lines else ())],
        rows=[[help_now(words)]],
        accent=Accent.CARE if left.is_urgent else Accent.CALM,
    )


def _arrives(words: Words, next_on: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    if next_on is None:
        return words("rooms.note.nobody_planned")
    if next_on <= now:
        return words("rooms.note.someone_on")
    return words("rooms.note.next_on", moment=words.moment(next_on, zone))


def _who_is_on(words: Words, view: RoomView) -> str:
    if view.is_team_on:
        return words("rooms.state.team_on")
    if view.next_on is None:
        return words("rooms.state.nobody_planned")
    return words("rooms.state.next_on", moment=format_dt(view.next_on, "F"))


def _until(words: Words, view: RoomView) -> list[str]:
    until = view.room.paused_until
    if view.posting is not Posting.PAUSED or until is None or until.year > _FAR:
        return []
    return [words("rooms.state.paused.until", moment=format_dt(until, "F"))]


_FAR = 2030
"""A pause that long means: until somebody of the team ends it."""


def _about(words: Words, room: Room) -> list[str]:
    lines = [words("rooms.hours", hours=escape(room.hours))] if room.hours else []
    if room.hosts:
        hosts = words.listing([f"<@{user_id}>" for user_id in room.hosts])
        lines.append(words("rooms.hosts", hosts=hosts))
    if room.languages:
        spoken = [words(f"rooms.language.{code}") for code in room.languages]
        lines.append(words("rooms.languages", languages=words.listing(spoken)))
    return lines


def _standing(words: Words, entry: RoomEntry) -> str:
    posting = words(f"rooms.state.{entry.view.posting}.short")
    audience = words(f"rooms.audience.{entry.room.audience}")
    inside = [words("rooms.list.inside")] if entry.is_in else []
    return " · ".join([audience, posting, *inside])


def _line(words: Words, entry: RoomEntry, *, has_hours: bool) -> str:
    line = f"**{room_name(words, entry.room)}** · {_standing(words, entry)}"
    if entry.room.hours and has_hours:
        line += f" · {words('rooms.hours', hours=escape(entry.room.hours))}"
    return line
