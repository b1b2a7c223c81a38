"""The cards of a hard day: safe first, then three ways, and what the other one is told."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.content.couple_texts import SlipText
from bot.domain.goal import CountSummary
from bot.domain.hard_day import LONGEST, Telling, When
from bot.domain.pair import Space
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, quote, select
from bot.ui.forms import CheckField, Form, NoteField, RadioField, TextField
from bot.ui.thanks import kind_button

TEXT = "text"
WHEN = "when"
TEAM = "team"
OWN_WORDS = "own"
WORDINGS = ("s1", "s2", "s3", "s4")
"""Ways to say it that fill in the form; each can be changed."""


def safe_first_card(words: Words, space: Space) -> Card:
    """Ask before anything else whether the person is safe."""
    return Card(
        title=words("together.tool.hard_day"),
        body=[words("hardday.safe_ask"), words("hardday.only_you")],
        accent=Accent.CARE,
        rows=[
            [
                button("hardday:v1:safe", space.pair_id, label=words("hardday.safe_yes")),
                button("crisis:v1:open", label=words("hardday.safe_no"), style=ButtonStyle.danger),
            ],
            [button("together:v1:home", label=words("core.back"))],
        ],
    )


def ways_card(words: Words, space: Space, waiting: Sequence[Telling], zone: ZoneInfo) -> Card:
    """Show the three ways, and what waits to be told."""
    body = [words("hardday.ways"), words("hardday.no_trace")]
    rows: list[list[Item]] = [
        [
            button("hardday:v1:keep", space.pair_id, label=words("hardday.keep")),
            button("care:v1:words", label=words("hardday.peer")),
            button("hardday:v1:tell", space.pair_id, 0, label=words("hardday.partner")),
        ],
        [
            kind_button(words, space),
            button("goals:v1:count", label=words("hardday.count")),
            _help(words),
            button("together:v1:home", label=words("core.back")),
        ],
    ]
    for telling in waiting[:1]:
        if telling.tell_at is not None:
            at = words.moment(telling.tell_at, zone)
            body.append(words("hardday.waits", at=at))
            unsay = button(
                "hardday:v1:unsay", space.pair_id, telling.id, label=words("hardday.unsay")
            )
            rows.insert(1, [unsay])
    return Card(title=words("together.tool.hard_day"), body=body, rows=rows)


def keep_card(
    words: Words, space: Space, slip: SlipText | None, summary: CountSummary, place: int
) -> Card:
    """Show what helps oneself; what was counted stays."""
    body = [words("hardday.kept")]
    if slip is not None:
        body.append(_slip(words, slip))
    if summary.total:
        body.append(words("goals.count.all", best=summary.best, n=summary.total))
        body.append(words("hardday.days_stay"))
    return Card(
        title=words("together.tool.hard_day"),
        body=body,
        rows=[
            [
                button(
                    "hardday:v1:keep", space.pair_id, place + 1, label=words("openings.another")
                ),
                button("goals:v1:count", label=words("hardday.count")),
                kind_button(words, space),
            ],
            [
                button("care:v1:words", label=words("hardday.peer")),
                _help(words),
                button("hardday:v1:safe", space.pair_id, label=words("core.back")),
            ],
        ],
    )


def tell_card(words: Words, space: Space, slip: SlipText | None, place: int) -> Card:
    """Offer words to begin with, and advice on telling."""
    body = [words("hardday.tell_what")]
    if slip is not None:
        body.append(_slip(words, slip))
    options = [
        *[Option(value=key, label=words(f"hardday.say.{key}")[:100]) for key in WORDINGS],
        Option(value=OWN_WORDS, label=words("hardday.own_words")),
    ]
    return Card(
        title=words("hardday.partner"),
        body=body,
        rows=[
            [
                select(
                    "hardday:v1:words",
                    space.pair_id,
                    options=options,
                    placeholder=words("hardday.pick_words"),
                )
            ],
            [
                button("hardday:v1:tell", space.pair_id, place + 1, label=words("hardday.advice")),
                button("care:v1:words", label=words("hardday.peer")),
                _help(words),
                button("hardday:v1:safe", space.pair_id, label=words("core.back")),
            ],
        ],
    )


def words_form(words: Words, space: Space, text: str, when: When | None) -> Form:
    """Ask for the words, the time, and whether somebody of the team shall be there too."""
    times = [Option(value=one.value, label=words(f"hardday.when.{one.value}")) for one in When]
    return Form.of(
        "hardday:v1:words",
        space.pair_id,
        title=words("together.tool.hard_day"),
        fields=[
            NoteField(text=words("hardday.sees")),
            TextField(
                key=TEXT,
                label=words("hardday.field"),
                long=True,
                max_length=LONGEST,
                value=text or None,
            ),
            RadioField(
                key=WHEN,
                label=words("hardday.when_field"),
                options=times,
                value=when.value if when else None,
            ),
            CheckField(
                key=TEAM,
                label=words("hardday.team_field"),
                options=[Option(value="yes", label=words("hardday.team_yes"))],
            ),
        ],
    )


def preview_card(words: Words, space: Space, telling: Telling, at: str, *, with_team: bool) -> Card:
    """Show exactly what the other one would read, and when; nothing is sent yet."""
    body = [words("hardday.preview"), quote(telling.text), words("hardday.preview_at", at=at)]
    body.append(words("hardday.preview_card"))
    if with_team:
        body.append(words("hardday.preview_team"))
    args = (space.pair_id, telling.id)
    return Card(
        title=words("hardday.preview_title"),
        body=body,
        rows=[
            [
                button("hardday:v1:yes", *args, int(with_team), label=words("hardday.yes_tell")),
                button("hardday:v1:words", *args, label=words("hardday.change")),
                button("hardday:v1:unsay", *args, label=words("hardday.unsay")),
            ],
            [_help(words)],
        ],
    )


def told_card(words: Words, space: Space, telling: Telling, zone: ZoneInfo, now: datetime) -> Card:
    """Say that it is kept; whether it was read stays unsaid."""
    body = [words("hardday.saved")]
    rows: list[list[Item]] = [[button("together:v1:home", label=words("together.open"))]]
    if telling.tell_at is not None and telling.tell_at > now:
        body.append(words("hardday.waits", at=words.moment(telling.tell_at, zone)))
        unsay = button("hardday:v1:unsay", space.pair_id, telling.id, label=words("hardday.unsay"))
        rows[0].insert(0, unsay)
    body.append(words("hardday.after"))
    return Card(body=body, rows=rows)


def unsaid_card(words: Words, space: Space) -> Card:
    """Say that it is gone."""
    return Card(
        body=words("hardday.unsaid"),
        rows=[[button("hardday:v1:safe", space.pair_id, label=words("core.back"))]],
    )


def heard_card(words: Words, space: Space, telling: Telling, slips: Sequence[SlipText]) -> Card:
    """Show somebody what they are told, with a card for themselves in the same moment."""
    who = f"<@{space.partner_user_id}>"
    body = [words("hardday.heard", who=who), quote(telling.text), words("hardday.for_you")]
    body += [_slip(words, slip) for slip in slips]
    body.append(words("hardday.for_you_lines"))
    return Card(
        title=words("together.tool.hard_day"),
        body=body,
        accent=Accent.CARE,
        rows=[
            [
                _help(words),
                button("care:v1:ask", label=words("panel.message_team")),
                button("pause:v1:calm", space.pair_id, 0, label=words("pause.calm")),
                button("together:v1:home", label=words("together.open")),
            ]
        ],
    )


def _slip(words: Words, slip: SlipText) -> str:
    marked = f" ({words('openings.in_english')})" if slip.in_english else ""
    return f"**{slip.title}**{marked}\n{slip.text}"


def _help(words: Words) -> Item:
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)
