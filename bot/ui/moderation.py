"""Moderation's forms and cards: what the team fills in, what it reads, what a person is told."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import LocaleContent
from bot.domain.moderation import PAUSES, TIMEOUTS, Act, ActKind, timeout_until
from bot.domain.room import Room
from bot.services.colleague_notes import PersonFile
from bot.text import Words
from bot.ui.cards import Accent, Attachment, Card, Option, button, escape, quote
from bot.ui.care import help_now
from bot.ui.forms import Field, Form, NoteField, RadioField, SelectField, TextField

REASON, NOTE, WORDS, LONG, ROOM = "reason", "note", "words", "long", "room"
END = "0"
OPEN_END = "open"
MOST_REASON, MOST_WORDS, MOST_NOTE = 1000, 1000, 2000
MOST_SHOWN = 5
MOST_LINE = 200
MOST_QUOTED = 1300
"""Of the 4,000 characters of a card, marks and escapes included."""


def hide_form(words: Words, content: LocaleContent, act_id: str) -> Form:
    """Ask why a post is to be hidden, and which note its author gets."""
    notes = [Option(value=note.id, label=note.label) for note in content.moderation.hidden]
    return Form.of(
        "mod:v1:hide",
        act_id,
        title=words("moderation.form.hide_title"),
        fields=[
            NoteField(text=words("moderation.form.hide_about")),
            _reason(words),
            RadioField(key=NOTE, label=words("moderation.form.note"), options=notes),
            _own_words(words),
        ],
    )


def timeout_form(words: Words, act_id: str, user_id: int) -> Form:
    """Ask why and how long somebody is timed out; never for distress."""
    options = [Option(value=_seconds(one), label=duration(words, one)) for one in TIMEOUTS]
    options.append(Option(value=END, label=words("moderation.form.end_now")))
    return Form.of(
        "mod:v1:timeout",
        act_id,
        user_id,
        title=words("moderation.form.timeout_title"),
        fields=[
            NoteField(text=words("moderation.form.timeout_about")),
            _reason(words),
            RadioField(key=LONG, label=words("moderation.form.how_long"), options=options),
            _own_words(words),
        ],
    )


def pause_form(words: Words, act_id: str, room: Room, name: str) -> Form:
    """Ask why and how long a room pauses."""
    options = [Option(value=_seconds(one), label=duration(words, one)) for one in PAUSES]
    options.append(Option(value=OPEN_END, label=words("moderation.form.until_opened")))
    return Form.of(
        "mod:v1:pause",
        act_id,
        room.id,
        title=words("moderation.form.pause_title", room=name),
        fields=[
            _reason(words),
            RadioField(key=LONG, label=words("moderation.form.how_long"), options=options),
        ],
    )


def resume_form(words: Words, act_id: str, room: Room, name: str) -> Form:
    """Ask why a room's pause ends."""
    title = words("moderation.form.resume_title", room=name)
    return Form.of("mod:v1:resume", act_id, room.id, title=title, fields=[_reason(words)])


def slow_form(words: Words, act_id: str, room: Room, name: str, seconds: int) -> Form:
    """Ask why people are to wait between two posts."""
    return Form.of(
        "mod:v1:slow",
        act_id,
        room.id,
        seconds,
        title=words("moderation.form.slow_title", room=name),
        fields=[NoteField(text=words("moderation.form.slow_about", n=seconds)), _reason(words)],
    )


def remove_form(
    words: Words, act_id: str, user_id: int, rooms: Sequence[tuple[Room, str]], chosen: str | None
) -> Form:
    """Ask from which room somebody is taken out, and why."""
    options = [Option(value=room.id, label=name[:100]) for room, name in rooms]
    fields: list[Field] = [
        NoteField(text=words("moderation.form.remove_about")),
        SelectField(
            key=ROOM, label=words("moderation.form.remove_room"), options=options, value=chosen
        ),
        _reason(words),
        _own_words(words),
    ]
    title = words("moderation.form.remove_title")
    return Form.of("mod:v1:remove", act_id, user_id, title=title, fields=fields)


def note_form(words: Words, user_id: int) -> Form:
    """Ask what a colleague should know about somebody."""
    field = TextField(
        key=WORDS,
        label=words("moderation.form.person_note_field"),
        description=words("moderation.form.person_note_hint"),
        long=True,
        required=False,
        max_length=MOST_NOTE,
    )
    title = words("moderation.form.person_note_title")
    return Form.of("mod:v1:note", user_id, title=title, fields=[field])


def done_card(words: Words, act: Act, *, is_refused: bool = False) -> Card:
    """Tell the one who did it that it is done, or that Discord does not follow yet."""
    body = [_done(words, act)]
    if is_refused:
        body.append(words("moderation.done.not_yet"))
    return Card(body=body, accent=Accent.CARE if is_refused else Accent.GOOD)


def person_card(words: Words, file: PersonFile, zone: ZoneInfo) -> Card:
    """Show the team what was written down about somebody, the newest first."""
    name = file.code or f"<@{file.user_id}>"
    body: list[str] = []
    if file.notes:
        lines = [words("moderation.person.notes")]
        for note in file.notes[:MOST_SHOWN]:
            moment = words.moment(note.at, zone)
            who = f"<@{note.by_id}>"
            text = words("moderation.person.unreadable") if note.text is None else note.text
            lines.append(words("moderation.person.note_line", who=who, moment=moment))
            lines.append(_cut(quote(text)))
        body.append("\n".join(lines))
    if file.acts:
        lines = [words("moderation.person.acts")]
        lines += [_act_line(words, act, zone) for act in file.acts[:MOST_SHOWN]]
        body.append("\n".join(lines))
    label = words("moderation.person.write")
    return Card(
        title=words("moderation.person.title", person=name),
        body=body or words("moderation.person.none"),
        rows=[[button("mod:v1:note", file.user_id, label=label, style=ButtonStyle.primary)]],
        footer=words("moderation.person.footer"),
    )


def told_card(
    words: Words, content: LocaleContent, act: Act, post: str | None, room: str | None
) -> Card:
    """Tell a person what was done, in kind words, with a way to talk it over."""
    body = [_told(words, content, act, room)]
    own = post or ""
    if act.words:
        body.append(f"{words('moderation.told.words')}\n{_cut(quote(act.words), MOST_QUOTED)}")
    if own:
        body.append(f"{words('moderation.told.yours')}\n{_cut(quote(own), MOST_QUOTED)}")
    is_cut = max(len(quote(act.words)), len(quote(own))) > MOST_QUOTED
    whole = "\n\n".join(text for text in (act.words, own) if text)
    body.append(words("moderation.told.talk"))
    kind = "remove" if act.kind is ActKind.REMOVE else act.kind.value
    return Card(
        title=words(f"moderation.told.{kind}_title"),
        body=body,
        rows=[[button("care:v1:ask", label=words("panel.message_team")), help_now(words)]],
        accent=Accent.WARM,
        files=[Attachment(filename="text.txt", content=whole.encode())] if is_cut else [],
    )


def duration(words: Words, length: timedelta) -> str:
    """Write a length of time in the largest unit that fits it."""
    minutes = round(length.total_seconds() / 60)
    if minutes % 1440 == 0:
        return words("moderation.days", n=minutes // 1440)
    if minutes % 60 == 0:
        return words("moderation.hours", n=minutes // 60)
    return words("moderation.minutes", n=minutes)


def _done(words: Words, act: Act) -> str:
    person = f"<@{act.user_id}>"
    if act.kind is ActKind.HIDE:
        key = "hide_visitor" if act.participant_id is None else "hide"
        return words(f"moderation.done.{key}")
    if act.kind is ActKind.TIMEOUT and (until := timeout_until(act)) is not None:
        return words("moderation.done.timeout", person=person, until=format_dt(until, "f"))
    if act.kind is ActKind.PAUSE and act.seconds is not None:
        until = act.begun_at + timedelta(seconds=act.seconds)
        return words("moderation.done.pause", until=format_dt(until, "f"))
    if act.kind is ActKind.PAUSE:
        return words("moderation.done.pause_open")
    if act.kind is ActKind.SLOW:
        key = "slow" if act.seconds else "slow_off"
        return words(f"moderation.done.{key}", n=act.seconds or 0)
    return words(f"moderation.done.{act.kind.value}", person=person)


def _told(words: Words, content: LocaleContent, act: Act, room: str | None) -> str:
    if act.kind is ActKind.HIDE:
        return content.moderation.note(act.note).text
    if act.kind is ActKind.TIMEOUT and (until := timeout_until(act)) is not None:
        return words("moderation.told.timeout", until=format_dt(until, "f"))
    return words("moderation.told.remove", room=room or words("moderation.told.room_gone"))


def _act_line(words: Words, act: Act, zone: ZoneInfo) -> str:
    what = words(f"moderation.act.{act.kind.value}")
    if act.kind is ActKind.TIMEOUT and act.seconds is not None:
        what = f"{what} ({duration(words, timedelta(seconds=act.seconds))})"
    moment = words.moment(act.begun_at, zone)
    line = words("moderation.person.act_line", moment=moment, who=f"<@{act.by_id}>", what=what)
    if not act.reason:
        return line
    reason = _cut(escape(act.reason))
    return f"{line}\n{words('moderation.person.reason_line', reason=reason)}"


def _reason(words: Words) -> TextField:
    return TextField(
        key=REASON,
        label=words("moderation.form.reason"),
        description=words("moderation.form.reason_hint"),
        long=True,
        required=False,
        max_length=MOST_REASON,
    )


def _own_words(words: Words) -> TextField:
    return TextField(
        key=WORDS,
        label=words("moderation.form.words"),
        description=words("moderation.form.words_hint"),
        long=True,
        required=False,
        max_length=MOST_WORDS,
    )


def _seconds(length: timedelta) -> str:
    return str(round(length.total_seconds()))


def _cut(text: str, most: int = MOST_LINE) -> str:
    return text if len(text) <= most else text[:most].rstrip("\\") + "…"
