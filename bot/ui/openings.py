"""The cards and forms of what opens together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content.couple_texts import CoupleTexts, Exercise, Question
from bot.domain.offer import MiddleWay, Offer
from bot.domain.opening import Choice, Contribution, Feature, Opened
from bot.domain.pair import Space
from bot.services.offers import LONGEST, unpacked
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, quote
from bot.ui.forms import Field, Form, NoteField, RadioField, TextField

CHOICE = "choice"
TEXT = "text"
SECOND = "second"
LABELS: dict[Feature, tuple[str, ...]] = {
    Feature.QUESTION: ("answer",),
    Feature.WEEKLY: ("helped", "try"),
    Feature.EXERCISE: ("answer",),
    Feature.JOURNAL: ("answer",),
    Feature.COMPROMISE: ("keep", "bend"),
}
"""The fields of each feature's form, by the keys of their labels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferView:
    """What of an offer is shown to one person.

    Attributes:
        title: What the card is called.
        body: The question, the steps, or what the week asks.
        closes_at: Until when it may be answered.
        mine: What this person wrote.
        asked: They are asked by themselves; nothing where that cannot be chosen.
    """

    offer: Offer
    title: str
    body: str
    mine: Contribution | None
    asked: bool | None


def entry_body(words: Words, texts: CoupleTexts, offer: Offer) -> str:
    """Return what an offer asks, in a person's language."""
    entry = texts.by_id.get(offer.subject)
    marked = f" ({words('openings.in_english')})" if entry and entry.in_english else ""
    if isinstance(entry, Question):
        return f"**{entry.text}**{marked}"
    if isinstance(entry, Exercise):
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(entry.steps, start=1))
        return f"**{entry.title}**{marked}\n{steps}\n\n{entry.prompt}"
    return words("openings.week_asks")


def offer_card(words: Words, space: Space, view: OfferView, zone: ZoneInfo) -> Card:
    """Show an offer: the same card whatever the other one did."""
    offer = view.offer
    args = (space.pair_id, offer.feature.value)
    at = words.moment(offer.closes_at, zone)
    lines = [view.body, words("openings.opens_at", at=at), words("openings.some_days")]
    if view.mine is not None:
        lines.append(words(f"openings.mine.{view.mine.choice.value}"))
        lines += [quote(part) for part in unpacked(view.mine.text) if part]
    rows: list[list[Item]] = [
        [
            button(
                "opening:v1:write",
                *args,
                label=words("openings.change" if view.mine else "openings.write"),
            ),
            button("opening:v1:past", *args, label=words("together.opened_list")),
        ]
    ]
    if view.asked is not None:
        key = "stop_asking" if view.asked else "ask_again"
        rows[0].append(button("opening:v1:asking", *args, label=words(f"openings.{key}")))
    rows.append([button("together:v1:home", label=words("core.back"))])
    return Card(title=view.title, body=lines, rows=rows)


def offer_form(
    words: Words, space: Space, offer: Offer, question: str, mine: Contribution | None
) -> Form:
    """Ask for what a person has to say, and who may see it."""
    before = unpacked(mine.text) if mine else []
    keys = (TEXT, SECOND)
    fields: list[Field] = [NoteField(text=f"{question}\n-# {words('openings.sees')}")]
    for place, label in enumerate(LABELS[offer.feature]):
        fields.append(
            TextField(
                key=keys[place],
                label=words(f"openings.field.{label}"),
                long=True,
                required=place == 0,
                max_length=LONGEST,
                value=before[place] if place < len(before) else None,
            )
        )
    fields.append(choice_field(words, mine))
    # The offer travels with the form: an answer counts for what was asked, not for what is now.
    stamp = int(offer.closes_at.timestamp())
    return Form.of(
        "opening:v1:write",
        space.pair_id,
        offer.feature.value,
        offer.subject,
        stamp,
        title=words(f"openings.title.{offer.feature.value}"),
        fields=fields,
    )


def choice_field(words: Words, mine: Contribution | None) -> RadioField:
    """Ask who may see it; nothing is chosen beforehand."""
    options = [
        Option(
            value=choice.value,
            label=words(f"openings.choice.{choice.value}"),
            description=words(f"openings.choice.{choice.value}_more"),
        )
        for choice in Choice
    ]
    return RadioField(
        key=CHOICE,
        label=words("openings.choice_field"),
        options=options,
        value=mine.choice.value if mine else None,
    )


def saved_card(words: Words, closes_at: datetime, choice: Choice, zone: ZoneInfo) -> Card:
    """Say that it is kept, and what can come of it."""
    at = words.moment(closes_at, zone)
    return Card(
        body=[words(f"openings.saved.{choice.value}", at=at), words("openings.some_days")],
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )


def past_card(words: Words, space: Space, opened: Sequence[Opened], zone: ZoneInfo) -> Card:
    """List what opened."""
    rows = [
        [
            button(
                "opening:v1:one",
                space.pair_id,
                one.opening.id,
                label=words.moment(one.opening.opens_at, zone),
            )
            for one in opened[:5]
        ]
    ]
    rows.append([button("together:v1:home", label=words("core.back"))])
    return Card(
        title=words("together.opened_list"),
        body=words("openings.past") if opened else words("together.opened_none"),
        rows=[row for row in rows if row],
    )


def opened_card(words: Words, title: str, asked: str, opened: Opened) -> Card:
    """Show what opened: the other one's words, then one's own."""
    theirs, mine = unpacked(opened.theirs), unpacked(opened.mine)
    labels = LABELS[opened.opening.feature]
    body = [asked]
    for heading, parts in (("theirs", theirs), ("mine", mine)):
        lines = [f"**{words(f'together.notes.{heading}')}**"]
        for label, part in zip(labels, parts, strict=False):
            name = f"-# {words(f'openings.field.{label}')}\n" if len(labels) > 1 else ""
            lines.append(f"{name}{quote(part)}" if part else "")
        body.append("\n".join(line for line in lines if line))
    return Card(
        title=title,
        body=body,
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )


def exercises_card(words: Words, space: Space) -> Card:
    """Show the kinds of things to do and write together."""
    args = space.pair_id
    return Card(
        title=words("together.tool.exercises"),
        body=words("openings.exercises"),
        rows=[
            [
                button("exercise:v1:week", args, label=words("openings.title.exercise")),
                button("exercise:v1:journal", args, label=words("openings.title.journal")),
                button("middle:v1:open", args, label=words("openings.title.compromise")),
                button("exercise:v1:idea", args, 0, label=words("openings.idea")),
                button("exercise:v1:cards", args, label=words("openings.cards")),
            ],
            [button("together:v1:home", label=words("core.back"))],
        ],
    )


def middle_card(words: Words, space: Space, ways: Sequence[MiddleWay], zone: ZoneInfo) -> Card:
    """Show the topics on which the two look for a middle way."""
    lines = [words("openings.middle.body")]
    for n, way in enumerate(ways, start=1):
        until = words("openings.until", at=words.moment(way.closes_at, zone))
        lines.append(f"{n}. {escape(way.topic)} · {until}")
    rows: list[list[Item]] = [
        [
            button(
                "middle:v1:write",
                space.pair_id,
                way.id,
                label=words("openings.middle.write", n=n),
            )
            for n, way in enumerate(ways[:5], start=1)
        ],
        [
            button("middle:v1:topic", space.pair_id, label=words("openings.middle.start")),
            button("together:v1:home", label=words("core.back")),
        ],
    ]
    return Card(
        title=words("openings.title.compromise"), body=lines, rows=[row for row in rows if row]
    )
