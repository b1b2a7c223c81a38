"""The cards of what somebody keeps for themselves alone."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.content.carrying import Carrying
from bot.content.couple_texts import SkillCard
from bot.domain.own_note import LONGEST, OwnNote, weight
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, quote, select
from bot.ui.forms import Form, NoteField, TextField

TEXT = "text"


def strengths_card(words: Words, strengths: Sequence[OwnNote]) -> Card:
    """Show a person's own strengths, and what else is for them alone."""
    lines = [words("alone.strengths.what"), words("alone.private")]
    if strengths:
        lines.append("\n".join(f"• {escape(one.text)}" for one in strengths))
    rows: list[list[Item]] = []
    if strengths:
        options = [Option(value=one.id, label=one.text[:100]) for one in strengths]
        placeholder = words("alone.strengths.drop")
        rows.append([select("strengths:v1:drop", options=options, placeholder=placeholder)])
    rows.append(
        [
            button("strengths:v1:add", label=words("alone.strengths.add")),
            button("carry:v1:open", label=words("alone.carry.title")),
            button("limits:v1:open", 0, label=words("alone.limits")),
            button("goals:v1:open", label=words("alone.own_life")),
        ]
    )
    rows.append(_ways(words))
    return Card(title=words("together.alone.strengths"), body=lines, rows=rows)


def strength_form(words: Words) -> Form:
    """Ask for one strength."""
    return Form.of(
        "strengths:v1:add",
        title=words("together.alone.strengths"),
        fields=[
            NoteField(text=f"-# {words('alone.sees')}"),
            TextField(
                key=TEXT,
                label=words("alone.strengths.field"),
                description=words("alone.strengths.hint"),
                max_length=LONGEST,
            ),
        ],
    )


def carry_card(words: Words, carrying: Carrying, looks: Sequence[OwnNote], zone: ZoneInfo) -> Card:
    """Ask which items fit today; nothing is counted where the person can see it."""
    lines = [words("alone.carry.what"), words("alone.carry.no_score"), words("alone.private")]
    if looks:
        when = words.listing([words.moment(look.at, zone) for look in looks])
        lines.append(words("alone.carry.before", when=when))
    options = [Option(value=item.id, label=item.text) for item in carrying.items]
    return Card(
        title=words("alone.carry.title"),
        body=lines,
        rows=[
            [
                select(
                    "carry:v1:kept",
                    options=options,
                    placeholder=words("alone.carry.pick"),
                    most=len(options),
                )
            ],
            [
                button("carry:v1:none", label=words("alone.carry.none")),
                button("strengths:v1:open", label=words("core.back")),
            ],
        ],
    )


def carried_card(words: Words, carrying: Carrying, look: OwnNote) -> Card:
    """Show words after a look: they are not a finding about anyone."""
    ticked = [item.text for item in carrying.items if item.id in look.items]
    body = [carrying.after[weight(look.items)]]
    if ticked:
        body.insert(0, "\n".join(f"• {text}" for text in ticked))
    return Card(
        title=words("alone.carry.title"),
        body=[*body, words("alone.carry.kept")],
        rows=[
            [
                button("limits:v1:open", 0, label=words("alone.limits")),
                button("goals:v1:open", label=words("alone.own_life")),
                button("strengths:v1:open", label=words("together.alone.strengths")),
                button("care:v1:ask", label=words("panel.message_team")),
            ],
            [button("carry:v1:drop", look.id, label=words("alone.carry.drop"))],
        ],
    )


def limit_card(words: Words, cards: Sequence[SkillCard], place: int) -> Card:
    """Show one card about limits, with words for both."""
    card = cards[place % len(cards)]
    title = f"{card.title} ({words('openings.in_english')})" if card.in_english else card.title
    body = [card.text]
    for key, script in (("me", card.script_me), ("them", card.script_them)):
        if script:
            body.append(f"{words(f'alone.script_{key}')}\n{quote(script)}")
    return Card(
        title=title,
        body=body,
        rows=[
            [
                button(
                    "limits:v1:open",
                    (place + 1) % len(cards),
                    label=words("openings.another"),
                    style=ButtonStyle.primary,
                ),
                button("sayit:v1:alone", label=words("together.alone.say_it")),
                button("strengths:v1:open", label=words("core.back")),
            ]
        ],
    )


def _ways(words: Words) -> list[Item]:
    return [
        button("together:v1:home", label=words("core.back")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
