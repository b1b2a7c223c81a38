"""The questions of the check-in, as clinicians see and change them."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.domain.prompt_edit import Edition, Sets, Wording, in_language, untranslated
from bot.domain.prompt_set import MOST_QUESTIONS, Meaning, PromptSet, Question, QuestionKind
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, select
from bot.ui.forms import Form, RadioField, TextField

TITLE = "prompts:v1:title"
EDIT = "prompts:v1:edit"
OWN = "prompts:v1:own"
PREVIEW = "prompts:v1:preview"
MUST, MAY = "must", "may"

# A field takes more than fits: the refusal then says which limit is broken, and nothing is lost.
MOST_LABEL = 200
MOST_DESCRIPTION = 400
MOST_OPTIONS = 2000

# Five questions of ten long choices would not fit a card.
MOST_SHOWN = 400

LANGUAGES = {"en": "English", "es": "Español"}


def set_card(
    words: Words,
    sets: Sets,
    spares: Sets,
    edition: Edition,
    locale: str,
    *,
    is_changed: bool,
    may_edit: bool,
) -> Card:
    """Show the questions in a language, with everything an editor can do."""
    prompt_set = in_language(sets, locale)
    body = [
        words("prompts.asked_now", version=edition.version),
        *([words("prompts.changed")] if is_changed else []),
        words(
            "prompts.heading",
            language=LANGUAGES.get(locale, locale),
            title=prompt_set.title,
            hours=_hours(prompt_set.window_minutes),
        ),
        "\n".join(
            _line(words, place, question)
            for place, question in enumerate(prompt_set.questions, start=1)
        ),
    ]
    if same := untranslated(sets):
        body.append(words("prompts.untranslated", questions=", ".join(same)))
    if not may_edit:
        rows: list[list[Item]] = [[_preview_button(words, locale), *_languages(sets, locale)]]
        return Card(title=words("prompts.title"), body=body, rows=rows)
    return Card(
        title=words("prompts.title"),
        body=body,
        rows=_rows(words, sets, spares, edition, locale, is_changed=is_changed),
        footer=words("prompts.only_clinicians"),
    )


def question_card(words: Words, prompt_set: PromptSet, question: Question, locale: str) -> Card:
    """Show one question and what can be done with it."""
    place = prompt_set.questions.index(question) + 1
    args = (locale, question.key)
    row = [
        button(EDIT, *args, label=words("prompts.button.edit"), style=ButtonStyle.primary),
        button("prompts:v1:up", *args, label=words("prompts.button.up"), disabled=place == 1),
        button(
            "prompts:v1:down",
            *args,
            label=words("prompts.button.down"),
            disabled=place == len(prompt_set.questions),
        ),
        button(
            "prompts:v1:remove",
            *args,
            label=words("prompts.button.remove"),
            disabled=question.meaning is Meaning.MESSAGE_ME,
        ),
    ]
    back = button("prompts:v1:open", locale, label=words("core.back"))
    return Card(
        title=question.label,
        body=[_line(words, place, question), question.description],
        rows=[row, [back]],
    )


def title_form(words: Words, prompt_set: PromptSet, locale: str) -> Form:
    """Ask for the title and the window."""
    return Form.of(
        TITLE,
        locale,
        title=words("prompts.form.title"),
        fields=[
            TextField(
                key="title",
                label=words("prompts.form.set_title"),
                max_length=MOST_LABEL,
                value=prompt_set.title,
            ),
            TextField(
                key="hours",
                label=words("prompts.form.hours"),
                description=words("prompts.form.hours_about"),
                max_length=10,
                value=_hours(prompt_set.window_minutes),
            ),
        ],
    )


def edit_form(words: Words, question: Question, locale: str) -> Form:
    """Ask for a question's wording."""
    return Form.of(
        EDIT,
        locale,
        question.key,
        title=words("prompts.form.edit"),
        fields=_fields(
            words,
            question.kind,
            Wording(
                label=question.label,
                description=question.description,
                options=[option.label for option in question.options],
            ),
            is_optional=question.is_optional,
            is_free=question.meaning is not Meaning.MESSAGE_ME,
        ),
    )


def own_form(words: Words, kind: QuestionKind, locale: str) -> Form:
    """Ask for a new question."""
    return Form.of(
        OWN,
        locale,
        kind,
        title=words("prompts.form.own"),
        fields=_fields(words, kind, Wording(label=""), is_optional=True, is_free=True),
    )


def previewed_card(words: Words) -> Card:
    """Say that a preview keeps nothing."""
    return Card(body=words("prompts.previewed"))


def _rows(
    words: Words, sets: Sets, spares: Sets, edition: Edition, locale: str, *, is_changed: bool
) -> list[list[Item]]:
    prompt_set = in_language(sets, locale)
    choices = [Option(value=asked.key, label=asked.label) for asked in prompt_set.questions]
    rows = [
        [
            select(
                "prompts:v1:question",
                locale,
                options=choices,
                placeholder=words("prompts.choose"),
            )
        ]
    ]
    if len(choices) < MOST_QUESTIONS:
        options = [
            Option(value=f"spare-{spare.key}", label=spare.label)
            for spare in in_language(spares, locale).questions
        ]
        options += [
            Option(value=f"own-{kind}", label=words(f"prompts.own.{kind}")) for kind in QuestionKind
        ]
        rows.append(
            [select("prompts:v1:add", locale, options=options, placeholder=words("prompts.add"))]
        )
    rows.append(
        [
            button(TITLE, locale, label=words("prompts.button.title")),
            _preview_button(words, locale),
            *_languages(sets, locale),
        ]
    )
    if is_changed:
        publish = words("prompts.button.publish")
        rows.append(
            [
                button("prompts:v1:publish", locale, label=publish, style=ButtonStyle.primary),
                button("prompts:v1:discard", locale, label=words("prompts.button.discard")),
            ]
        )
    elif not edition.is_shipped:
        label = words("prompts.button.put_back")
        rows.append([button("prompts:v1:put_back", locale, label=label)])
    return rows


def _fields(
    words: Words, kind: QuestionKind, wording: Wording, *, is_optional: bool, is_free: bool
) -> Sequence[TextField | RadioField]:
    fields: list[TextField | RadioField] = [
        TextField(
            key="label",
            label=words("prompts.form.label"),
            description=words("prompts.form.label_about"),
            max_length=MOST_LABEL,
            value=wording.label or None,
        ),
        TextField(
            key="description",
            label=words("prompts.form.description"),
            required=False,
            max_length=MOST_DESCRIPTION,
            value=wording.description or None,
        ),
    ]
    if kind is not QuestionKind.TEXT:
        fields.append(
            TextField(
                key="options",
                label=words("prompts.form.options"),
                description=words(
                    "prompts.form.options_scale"
                    if kind is QuestionKind.RADIO
                    else "prompts.form.options_boxes"
                ),
                long=True,
                max_length=MOST_OPTIONS,
                value="\n".join(wording.options) or None,
            )
        )
    if is_free:
        fields.append(
            RadioField(
                key="optional",
                label=words("prompts.form.optional"),
                options=[
                    Option(value=MUST, label=words("prompts.must")),
                    Option(value=MAY, label=words("prompts.may")),
                ],
                value=MAY if is_optional else MUST,
            )
        )
    return fields


def _line(words: Words, place: int, question: Question) -> str:
    kind = words(f"prompts.kind.{question.kind}")
    options = " / ".join(option.label for option in question.options)
    if len(options) > MOST_SHOWN:
        options = f"{options[:MOST_SHOWN]}…"
    optional = words("prompts.may") if question.is_optional else words("prompts.must")
    parts = [part for part in (kind, optional, options) if part]
    return f"{place}. **{question.label}** ({', '.join(parts)})"


def _languages(sets: Sets, locale: str) -> list[Item]:
    return [
        button("prompts:v1:open", code, label=LANGUAGES.get(code, code))
        for code in sorted(sets)
        if code != locale
    ]


def _preview_button(words: Words, locale: str) -> Item:
    return button(PREVIEW, locale, label=words("prompts.button.preview"))


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"
