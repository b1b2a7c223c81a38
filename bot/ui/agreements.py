"""The cards and forms of agreements."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.content.couple_texts import AgreementTemplate
from bot.domain.agreement import LONGEST, Agreement, AgreementText, Reply
from bot.domain.localtime import find_zone
from bot.domain.pair import Space
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, quote, select
from bot.ui.forms import Field, Form, NoteField, TextField
from bot.ui.plans import cut

PARTS = ("need", "offer", "limit")
DAY = "day"
NEW = "new"
MOST_LISTED = 25
SHORT = 80
ROOM = 1000
"""Characters of one part on a card, marks included."""


def agreements_card(
    words: Words, space: Space, seen: Sequence[Agreement], notice: str | None = None
) -> Card:
    """List what was put forward, and a person's own drafts."""
    pair = space.pair_id
    latest = list(seen)[-MOST_LISTED:]
    body = [notice or "", words("agree.what")]
    if not latest:
        body.append(words("agree.none"))
    rows: list[list[Item]] = []
    if latest:
        options = [
            Option(
                value=one.id,
                label=(one.text.short or words("agree.unreadable"))[:SHORT],
                description=_state(words, space, one)[:100],
            )
            for one in latest
        ]
        pick = words("agree.pick")
        rows.append([select("agree:v1:one", pair, options=options, placeholder=pick)])
    rows.append(
        [
            button("agree:v1:begin", pair, label=words("agree.write")),
            button("together:v1:home", label=words("core.back")),
            _help(words),
        ]
    )
    return Card(title=words("together.tool.agreements"), body=body, rows=rows)


def agreement_card(
    words: Words, space: Space, agreement: Agreement, notice: str | None = None
) -> Card:
    """Show one agreement with what this person may do about it."""
    pair, which = space.pair_id, agreement.id
    mine = agreement.put_by == space.mine
    body = [notice or "", _state(words, space, agreement), *parts(words, agreement.text)]
    if agreement.revisit_on is not None:
        body.append(words("plan.review_on", day=words.date(agreement.revisit_on)))
    if agreement.is_draft:
        body.append(words("agree.draft_sees"))
        first = [
            button(
                "agree:v1:put", pair, which, label=words("agree.put"), style=ButtonStyle.primary
            ),
            button("agree:v1:write", pair, which, label=words("agree.change")),
            button("agree:v1:withdraw", pair, which, label=words("agree.delete")),
        ]
    elif mine:
        body.append(words("agree.withdraw_seen"))
        first = [button("agree:v1:withdraw", pair, which, label=words("agree.withdraw"))]
    else:
        body.append(words("agree.reply_seen"))
        first = [
            button(
                "agree:v1:reply",
                pair,
                which,
                reply.value,
                label=words(f"agree.reply.{reply.value}"),
            )
            for reply in Reply
        ]
    ways = [button("agree:v1:open", pair, label=words("core.back")), _help(words)]
    return Card(title=words("agree.title"), body=body, rows=[first, ways])


def begin_card(words: Words, space: Space, templates: Sequence[AgreementTemplate]) -> Card:
    """Ask what an agreement begins with."""
    pair = space.pair_id
    pick = words("plan.pick")
    options = [
        Option(value=one.id, label=_marked(words, one.title, in_english=one.in_english))
        for one in templates[:MOST_LISTED]
    ]
    rows: list[list[Item]] = [
        [
            button("agree:v1:write", pair, NEW, label=words("plan.empty")),
            button("agree:v1:open", pair, label=words("core.back")),
        ]
    ]
    if options:
        rows.insert(0, [select("agree:v1:example", pair, options=options, placeholder=pick)])
    return Card(
        title=words("agree.write"), body=[words("plan.begin"), words("agree.draft_sees")], rows=rows
    )


def example_card(words: Words, space: Space, template: AgreementTemplate) -> Card:
    """Show an example, and let someone begin with it."""
    pair = space.pair_id
    text = AgreementText(need=template.need, offer=template.offer, limit=template.limit)
    take = words("agree.take")
    return Card(
        title=_marked(words, template.title, in_english=template.in_english),
        body=parts(words, text),
        rows=[
            [
                button("agree:v1:write", pair, template.id, label=take, style=ButtonStyle.primary),
                button("agree:v1:begin", pair, label=words("core.back")),
            ]
        ],
    )


def agreement_form(
    words: Words, space: Space, which: str, text: AgreementText, day: str | None
) -> Form:
    """Ask for the three parts, and when to look at them again.

    Args:
        words: The person's language.
        space: Where.
        which: The ID of a draft or of an example, or that it is new.
        text: What the fields begin with.
        day: The day there is.
    """
    fields: list[Field] = [
        NoteField(text=f"{words('agree.sees')}\n-# {words('plan.danger')}"),
        *(
            TextField(
                key=key,
                label=words(f"agree.part.{key}"),
                long=True,
                required=False,
                max_length=LONGEST,
                value=value or None,
            )
            for key, value in zip(PARTS, text.parts, strict=True)
        ),
        TextField(
            key=DAY,
            label=words("plan.review"),
            description=words("plan.day_hint"),
            required=False,
            max_length=40,
            value=day,
        ),
    ]
    title = words("agree.title")
    return Form.of("agree:v1:write", space.pair_id, which, title=title, fields=fields)


def parts(words: Words, text: AgreementText) -> list[str]:
    """Lay the three parts out, those that are written."""
    return [
        f"**{words(f'agree.part.{key}')}**\n{cut(quote(value), ROOM)}"
        for key, value in zip(PARTS, text.parts, strict=True)
        if value
    ] or [words("agree.unreadable")]


def _state(words: Words, space: Space, agreement: Agreement) -> str:
    """Say where one stands: whose it is, and what was said to it."""
    if agreement.put_at is None:
        return words("agree.state.draft")
    whose = words("agree.state.mine" if agreement.put_by == space.mine else "agree.state.theirs")
    if agreement.agreed_at is not None:
        at = words.moment(agreement.agreed_at, find_zone(space.zone))
        return f"{whose} {words('agree.state.agreed', at=at)}"
    if agreement.reply is None:
        return whose
    return f"{whose} {words(f'agree.state.{agreement.reply.value}')}"


def _marked(words: Words, title: str, *, in_english: bool) -> str:
    return escape(f"{title} ({words('openings.in_english')})" if in_english else title)[:100]


def _help(words: Words) -> Item:
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)
