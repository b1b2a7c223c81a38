"""Cards and forms of questions: the asker's, and the team's inbox."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle
from discord.utils import format_dt

from bot.domain.delivery import OutboxRow
from bot.domain.question import REPLY_DAYS, Question
from bot.domain.room import Room
from bot.services.questions import LATE, Asked
from bot.text import Words
from bot.ui.cards import Accent, Attachment, Card, Option, button, quote, select
from bot.ui.care import help_now
from bot.ui.forms import CheckField, Field, Form, NoteField, SelectField, TextField

TEXT, FOR_ALL, ANSWER, SHOWN, ROOM = "text", "for_all", "answer", "shown", "room"
IN_PRIVATE = "private"
MOST_QUESTION, MOST_ANSWER = 2000, 2000
MOST_SHOWN, MOST_ROWS = 3, 20
MOST_QUOTED = 1600
"""Of the 4,000 characters of a card, marks and escapes included."""


def questions_card(words: Words, own: Sequence[Question], zone: ZoneInfo) -> Card:
    """Say what asking is for and how long an answer takes, with one's own latest questions."""
    body = [words("questions.about", n=REPLY_DAYS), words("questions.urgent")]
    lines = [own_line(words, one, zone) for one in own[:MOST_SHOWN]]
    if lines:
        body.append("\n".join([words("questions.yours"), *lines]))
    ask = button("questions:v1:ask", label=words("questions.ask"), style=ButtonStyle.primary)
    rows = [[ask, help_now(words)]]
    waiting = [one for one in own if one.is_open]
    if waiting:
        options = [
            Option(value=one.id, label=words.moment(one.asked_at, zone)[:100]) for one in waiting
        ]
        placeholder = words("questions.withdraw")
        rows.append([select("questions:v1:withdraw", options=options, placeholder=placeholder)])
    return Card(
        title=words("questions.title"), body=body, rows=rows, footer=words("questions.who_sees")
    )


def ask_form(words: Words) -> Form:
    """Ask for a question, and whether all may read the answer."""
    return Form.of(
        "questions:v1:ask",
        title=words("questions.title"),
        fields=[
            TextField(
                key=TEXT,
                label=words("questions.form_text"),
                long=True,
                required=False,
                max_length=MOST_QUESTION,
            ),
            CheckField(
                key=FOR_ALL,
                label=words("questions.form_for_all"),
                description=words("questions.form_for_all_hint"),
                options=[Option(value=FOR_ALL, label=words("questions.form_yes"))],
            ),
            NoteField(text=words("questions.form_about", n=REPLY_DAYS)),
        ],
    )


def asked_card(words: Words, asked: Asked) -> Card:
    """Say that a question is with the team; one that sounded like danger leads with help."""
    body = [words("questions.saved", n=REPLY_DAYS)]
    rows = [[help_now(words), button("care:v1:ask", label=words("panel.message_team"))]]
    if asked.outcome is None:
        return Card(title=words("questions.saved_title"), body=body, rows=rows)
    key = "on_duty" if asked.outcome.on_duty else "off_duty"
    body = [words("questions.danger"), words(f"questions.danger_{key}"), words("care.ask.danger")]
    if asked.outcome.nobody:
        body = [words("care.ask.nobody"), words("care.ask.danger")]
    return Card(title=words("questions.danger_title"), body=body, rows=rows, accent=Accent.CARE)


def answered_card(words: Words, question: Question) -> Card:
    """Show an asker their question and its answer."""
    body = []
    if question.text:
        body.append(f"{words('questions.you_asked')}\n{_cut(quote(question.text))}")
    answer = words("questions.unreadable") if question.answer is None else question.answer
    body.append(f"{words('questions.team_says')}\n{_cut(quote(answer))}")
    again = button("questions:v1:open", label=words("questions.again"))
    return Card(
        title=words("questions.answered_title"),
        body=body,
        rows=[[again]],
        files=_whole(question.text, answer),
    )


def for_all_card(words: Words, question: Question) -> Card:
    """Make the card of an answer for all: nobody's name, the question in the team's words."""
    return Card(
        title=words("questions.for_all_title"),
        body=[
            f"{words('questions.someone_asked')}\n{_cut(quote(question.shown))}",
            f"{words('questions.team_says')}\n{_cut(quote(question.answer or ''))}",
        ],
        files=_whole(question.answer),
        rows=[[button("questions:v1:open", label=words("questions.ask"))]],
    )


def waiting_card(words: Words, row: OutboxRow) -> Card:
    """Tell the team that a question waits; not who asked, and not what."""
    key = "late" if LATE in row.args else "new"
    inbox = button("questions:v1:inbox", label=words("questions.inbox_open"))
    return Card(body=words(f"questions.waiting_{key}", n=REPLY_DAYS), rows=[[inbox]])


def inbox_card(words: Words, waiting: Sequence[Question]) -> Card:
    """List what waits, the oldest first."""
    title = words("questions.inbox_title")
    if not waiting:
        return Card(title=title, body=words("questions.inbox_empty"))
    options = [
        Option(value=one.id, label=words("questions.number", n=place), chosen=False)
        for place, one in enumerate(waiting[:MOST_ROWS], start=1)
    ]
    lines = [
        words("questions.inbox_line", n=place, since=format_dt(one.asked_at, "R"))
        for place, one in enumerate(waiting[:MOST_ROWS], start=1)
    ]
    if len(waiting) > MOST_ROWS:
        lines.append(words("questions.inbox_more", n=len(waiting) - MOST_ROWS))
    picker = select("questions:v1:pick", options=options, placeholder=words("questions.pick"))
    return Card(
        title=title,
        body=[words("questions.inbox_about", n=REPLY_DAYS), "\n".join(lines)],
        rows=[[picker]],
    )


def question_card(words: Words, question: Question, code: str | None) -> Card:
    """Show one of the team a question in full, with the way to answer."""
    text = words("questions.unreadable") if question.text is None else question.text
    who = words("questions.from", code=code) if code else words("questions.from_no_code")
    allowed = words("questions.may_all" if question.for_all else "questions.may_not_all")
    answer = button(
        "questions:v1:answer",
        question.id,
        label=words("questions.answer"),
        style=ButtonStyle.primary,
        disabled=not question.is_open,
    )
    return Card(
        title=words("questions.inbox_title"),
        body=[f"{who} · {format_dt(question.asked_at, 'R')}", _cut(quote(text)), allowed],
        rows=[[answer]],
        files=_whole(text),
    )


def answer_form(words: Words, question: Question, rooms: Sequence[tuple[Room, str]]) -> Form:
    """Ask for an answer; where the asker agreed, also for a room and the question to show."""
    fields: list[Field] = [
        TextField(
            key=ANSWER,
            label=words("questions.form_answer"),
            description=words("questions.form_answer_hint"),
            long=True,
            required=False,
            max_length=MOST_ANSWER,
        )
    ]
    if question.for_all and rooms:
        options = [Option(value=IN_PRIVATE, label=words("questions.form_private"))]
        options += [Option(value=room.id, label=name[:100]) for room, name in rooms[:24]]
        fields += [
            SelectField(
                key=ROOM,
                label=words("questions.form_where"),
                options=options,
                value=IN_PRIVATE,
                required=False,
            ),
            TextField(
                key=SHOWN,
                label=words("questions.form_shown"),
                description=words("questions.form_shown_hint"),
                long=True,
                required=False,
                max_length=1000,
            ),
        ]
    return Form.of(
        "questions:v1:answer", question.id, title=words("questions.answer"), fields=fields
    )


def own_line(words: Words, question: Question, zone: ZoneInfo) -> str:
    """Say how one of a person's own questions stands."""
    moment = words.moment(question.asked_at, zone)
    return words(f"questions.state_{question.state.value}", moment=moment)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED].rstrip("\\") + "…"


def _whole(*texts: str | None) -> list[Attachment]:
    """Put the texts of a card in a file, where one of them has no room on it."""
    given = [text for text in texts if text]
    if all(len(quote(text)) <= MOST_QUOTED for text in given):
        return []
    return [Attachment(filename="text.txt", content="\n\n".join(given).encode())]
