"""Setting up a goal: what it is about, its form, and how its times were understood."""

from collections.abc import Sequence
from datetime import date

from discord import ButtonStyle

from bot.content import Starter
from bot.domain.goal import GoalPart, GoalTexts, PartState, Topic
from bot.domain.typed_schedule import TypedSchedule
from bot.errors import UserError
from bot.services.goals import Proposal
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, select, user_select
from bot.ui.forms import Form, TextField
from bot.ui.goal_times import rule_text
from bot.ui.request import Request

ADD = "goals:v1:add"
NEW = "goals:v1:new"
EDIT = "goals:v1:edit"
JOIN = "goals:v1:join"
KEEP = "goals:v1:keep"
REVIEW_SET = "goals:v1:review_set"
COUNT_BEGIN = "goals:v1:count_begin"
COUNT_CORRECT = "goals:v1:count_correct"

ALONE, OWN = "0", "-"
"""Stand in a custom_id for nobody to share with, and for no starter."""

WHAT_LENGTH, WHEN_LENGTH, MORE_LENGTH = 100, 100, 300
LABEL = 100


def topics_card(words: Words, invite: str = ALONE) -> Card:
    """Ask what a goal is about."""
    topics = [
        Option(
            value=topic.value,
            label=words(f"goals.topic.{topic}"),
            description=words(f"goals.topic_about.{topic}"),
        )
        for topic in Topic
    ]
    body = [words("goals.add.body")]
    rows: list[list[Item]] = [
        [select("goals:v1:topic", invite, options=topics, placeholder=words("goals.add.topic"))]
    ]
    if invite == ALONE:
        rows.append([button("goals:v1:with", label=words("goals.button.with"))])
    else:
        body.append(words("goals.add.with", person=f"<@{invite}>"))
    rows.append([button("goals:v1:open", label=words("goals.button.list"))])
    return Card(
        title=words("goals.add.title"),
        body=body,
        rows=rows,
        footer=words("goals.only_you" if invite == ALONE else "goals.shared_sees"),
    )


def with_card(words: Words) -> Card:
    """Ask with whom."""
    return Card(
        title=words("goals.with.title"),
        body=[words("goals.with.body"), words("goals.with.sees")],
        rows=[
            [user_select("goals:v1:with_whom", placeholder=words("goals.with.pick"))],
            [button(ADD, label=words("core.back"))],
        ],
    )


def starters_card(words: Words, topic: Topic, starters: Sequence[Starter], invite: str) -> Card:
    """Offer starters of a topic, or one's own words."""
    options = [
        Option(value=starter.id, label=starter.what[:LABEL], description=starter.step[:LABEL])
        for starter in starters[:25]
    ]
    return Card(
        title=words(f"goals.topic.{topic}"),
        body=words("goals.add.starters"),
        rows=[
            [
                select(
                    "goals:v1:starter",
                    topic,
                    invite,
                    options=options,
                    placeholder=words("goals.add.starter"),
                )
            ],
            [
                button(
                    NEW,
                    topic,
                    OWN,
                    invite,
                    label=words("goals.button.own_words"),
                    style=ButtonStyle.primary,
                ),
                button(ADD, label=words("core.back")),
            ],
        ],
    )


def goal_form(
    words: Words, route: str, *args: object, texts: GoalTexts | None, is_shared: bool = False
) -> Form:
    """Ask for a goal in five fields."""
    known = texts or GoalTexts(what="")
    key = "title_shared" if is_shared else "title"
    return Form.of(
        route,
        *args,
        title=words(f"goals.form.{key}"),
        fields=[
            TextField(
                key="what",
                label=words("goals.form.what"),
                description=words(
                    "goals.form.what_shared" if is_shared else "goals.form.what_like"
                ),
                max_length=WHAT_LENGTH,
                value=known.what or None,
            ),
            TextField(
                key="when",
                label=words("goals.form.when"),
                description=words("goals.form.when_like"),
                required=False,
                max_length=WHEN_LENGTH,
                value=known.when or None,
            ),
            *(
                TextField(
                    key=key,
                    label=words(f"goals.form.{key}"),
                    required=False,
                    max_length=MORE_LENGTH,
                    value=getattr(known, key) or None,
                )
                for key in ("step", "obstacle", "plan_b")
            ),
        ],
    )


def read_texts(request: Request) -> GoalTexts:
    """Read the form of a goal.

    Raises:
        UserError: It has no words.
    """
    if not request.text("what"):
        raise UserError("goals.no_what")
    return GoalTexts(
        what=request.text("what"),
        when=request.text("when"),
        step=request.text("step"),
        obstacle=request.text("obstacle"),
        plan_b=request.text("plan_b"),
    )


def confirm_card(
    words: Words, proposal: Proposal, schedule: TypedSchedule, today: date, invite: str = ALONE
) -> Card:
    """Say how the times were understood, and ask for a yes."""
    part, texts = proposal.part, proposal.texts
    many = len(schedule.readings) > 1
    said = [rule_text(words, rule, today) for rule in schedule.readings]
    question = "past" if schedule.is_past else "which" if many else "right"
    asked = words(f"goals.confirm.{question}", typed=escape(texts.when))
    body = [f"**{escape(texts.what)}**", asked]
    if not many:
        body.append(f"**{said[0]}**")
    yes = "take" if schedule.is_past else "yes"
    labels = said if many else [words(f"goals.button.{yes}")]
    keeps = [
        button(KEEP, part.id, place, invite, label=label[:80], style=ButtonStyle.primary)
        for place, label in enumerate(labels[:4])
    ]
    again = change_button(words, part, invite)
    return Card(
        title=words("goals.confirm.title"),
        body=body,
        rows=[[keep] for keep in keeps] + [[again]] if many else [[*keeps, again]],
        footer=words("goals.confirm.waits"),
    )


def change_button(words: Words, part: GoalPart, invite: str = ALONE) -> Item:
    """Open the form of a goal again, filled in."""
    route = JOIN if part.state is PartState.INVITED else EDIT
    return button(route, part.id, invite, label=words("goals.button.change"))


def date_form(words: Words, route: str, *args: object, key: str, value: str | None = None) -> Form:
    """Ask for one date."""
    return Form.of(
        route,
        *args,
        title=words(f"goals.{key}.form"),
        fields=[
            TextField(
                key="day",
                label=words(f"goals.{key}.day"),
                description=words(f"goals.{key}.like"),
                required=key == "count",
                max_length=60,
                value=value,
            )
        ],
    )
