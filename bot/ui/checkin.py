"""The check-in's form and the cards around it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.answers import form_values
from bot.domain.checkin import CheckInState, Snooze
from bot.domain.prompt_set import Meaning, PromptSet, Question, QuestionKind
from bot.services.checkin_ports import Asked
from bot.services.checkins import Outcome, Prompt, Sheet
from bot.text import Words
from bot.ui.base import help_button
from bot.ui.cards import Accent, Card, Item, Option, button
from bot.ui.forms import LABEL_LENGTH, CheckField, Field, Form, RadioField, TextField
from bot.ui.request import Request
from bot.ui.truth import until_text

ANSWER = "checkin:v1:answer"


def sheet_form(words: Words, sheet: Sheet) -> Form:
    """Make the form of a day; answers given before are filled in."""
    prompt_set = sheet.edition.texts(words.locale)
    title = prompt_set.title if sheet.is_today else words.weekday(sheet.day.weekday()).capitalize()
    form = questions_form(
        words, prompt_set, ANSWER, sheet.day.isoformat(), sheet.edition.version, title=title
    )
    if sheet.answers is None:
        return form
    return form.filled(form_values(prompt_set, sheet.answers))


def questions_form(
    words: Words, prompt_set: PromptSet, route: str, *args: object, title: str
) -> Form:
    """Make the form of a version of the questions, the title saying who will see the answers."""
    private = words("checkin.form.title", title=title)
    return Form.of(
        route,
        *args,
        title=private if len(private) <= LABEL_LENGTH else title,
        fields=[_field(words, question) for question in prompt_set.questions],
    )


def prompt_card(words: Words, prompt: Prompt, outbox_id: str, zone: ZoneInfo) -> Card:
    """Show what a prompt's note holds, by where its check-in stands now."""
    checkin = prompt.checkin
    if checkin.is_answered and checkin.answered_at is not None:
        return _answered_before(words, prompt, checkin.answered_at, zone)
    if prompt.newer:
        return _closed(words, checkin.day)
    if prompt.closes_at is not None:
        return _asking(words, prompt, outbox_id, prompt.closes_at, zone)
    key = {
        CheckInState.SKIPPED: "checkin.prompt.skipped",
        CheckInState.EXCUSED: "checkin.prompt.excused",
    }.get(checkin.state, "checkin.prompt.over")
    body = [words(key, day=words.date(checkin.day)), words("checkin.only_you_but_calls")]
    return Card(
        title=words("checkin.prompt.title"), body=body, rows=[[_answer_button(words, checkin.day)]]
    )


def outcome_card(request: Request, outcome: Outcome) -> Card:
    """Say what became of an answer, and the truth about who is on duty."""
    words, day = request.words, request.words.date(outcome.checkin.day)
    late = outcome.checkin.state is CheckInState.LATE
    if outcome.is_change:
        kept = words("checkin.kept.changed", day=day)
    elif outcome.is_today:
        kept = words("checkin.kept.today")
    else:
        kept = words("checkin.kept.late" if late else "checkin.kept.day", day=day)
    body = [kept, words("checkin.only_you")]
    row = [_history_button(words), _edit_button(words), help_button(request)]
    if outcome.other_is_out:
        body.append(words("checkin.kept.other_is_out"))
        row.insert(0, now_button(words))
    if outcome.asked is not None:
        body.append(_asked(request, outcome.asked))
    return Card(title=words("checkin.kept.title"), body=body, rows=[row], accent=Accent.GOOD)


def _asked(request: Request, asked: Asked) -> str:
    words = request.words
    until = until_text(words, asked.next_on, request.zone, request.now)
    if asked.on_duty or until is None:
        return words("checkin.asked.on" if asked.on_duty else "checkin.asked.off")
    return words("checkin.asked.off_at", time=until)


def snoozed_card(words: Words, at: datetime, zone: ZoneInfo) -> Card:
    """Say when a prompt comes again."""
    return Card(
        body=words("checkin.prompt.comes_again", time=words.time(at, zone)),
        rows=[[now_button(words)]],
    )


def skipped_card(words: Words) -> Card:
    """Say that a day was let go, and that this is fine."""
    return Card(body=words("checkin.prompt.let_go"), rows=[[now_button(words)]])


def nudge_card(request: Request) -> Card:
    """Ask a quiet person, in private and once, what would help."""
    words = request.words
    return Card(
        title=words("checkin.nudge.title"),
        body=[words("checkin.nudge.body"), words("checkin.only_you")],
        rows=[
            [
                now_button(words),
                button("checkin:v1:schedule", label=words("checkin.button.schedule")),
                button("checkin:v1:away", label=words("checkin.button.away")),
            ],
            [
                button("care:v1:ask", label=words("checkin.button.ask")),
                help_button(request),
            ],
        ],
        accent=Accent.WARM,
    )


def now_button(words: Words) -> Item:
    """Make the button that opens today's form."""
    return button("checkin:v1:now", label=words("checkin.button.now"), style=ButtonStyle.primary)


def _asking(
    words: Words, prompt: Prompt, outbox_id: str, closes_at: datetime, zone: ZoneInfo
) -> Card:
    day = prompt.checkin.day
    about = "checkin.prompt.today" if prompt.is_today else "checkin.prompt.day"
    row = [_answer_button(words, day)]
    for which in Snooze:
        if which in prompt.snoozes:
            label = words(f"checkin.button.{which}")
            row.append(button("checkin:v1:snooze", which, day.isoformat(), outbox_id, label=label))
    row.append(button("checkin:v1:skip", day.isoformat(), label=words("checkin.button.skip")))
    return Card(
        title=words("checkin.prompt.title"),
        body=[
            words(about, day=words.date(day)),
            words("checkin.only_you_but_calls"),
            words("checkin.prompt.until", time=words.time(closes_at, zone)),
        ],
        rows=[row],
    )


def _answered_before(words: Words, prompt: Prompt, at: datetime, zone: ZoneInfo) -> Card:
    moment = words.moment(at, zone)
    row = [_history_button(words)]
    if prompt.may_change:
        row.append(_edit_button(words))
    return Card(
        title=words("checkin.prompt.title"),
        body=[words("checkin.prompt.done", moment=moment), words("checkin.only_you")],
        rows=[row],
    )


def _closed(words: Words, day: date) -> Card:
    return Card(
        title=words("checkin.prompt.title"),
        body=words("checkin.prompt.newer", day=words.date(day)),
        rows=[[now_button(words)]],
    )


def _field(words: Words, question: Question) -> Field:
    options = [
        Option(value=option.value, label=option.label, description=option.description or None)
        for option in question.options
    ]
    if question.kind is QuestionKind.TEXT:
        private = words("checkin.form.private")
        return TextField(
            key=question.key,
            label=question.label,
            description=question.description or private,
            long=True,
            required=not question.is_optional,
            max_length=question.max_length,
            placeholder=private,
        )
    description = question.description or None
    if question.kind is QuestionKind.RADIO:
        return RadioField(
            key=question.key,
            label=question.label,
            description=description,
            options=options,
            required=not question.is_optional,
        )
    return CheckField(
        key=question.key,
        label=question.label,
        description=description,
        options=options,
        required=not question.is_optional and question.meaning is not Meaning.MESSAGE_ME,
    )


def _answer_button(words: Words, day: date) -> Item:
    label = words("checkin.button.answer")
    return button(ANSWER, day.isoformat(), label=label, style=ButtonStyle.primary)


def _edit_button(words: Words) -> Item:
    return button("checkin:v1:edit", label=words("checkin.button.edit"))


def _history_button(words: Words) -> Item:
    return button("checkin:v1:history", label=words("checkin.button.history"))
