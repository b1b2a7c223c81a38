"""The cards and forms of the composer."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.content.couple_texts import CoupleTexts, Frame
from bot.domain.pair import Space
from bot.domain.saying import LONGEST_PART, Saying
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, quote, select
from bot.ui.forms import Field, Form, NoteField, TextField

FENCE = "```"
SHOWN = 60
NEW = "new"


def frame_of(texts: CoupleTexts, frame_id: str) -> Frame | None:
    """Return a frame by its ID."""
    return next((frame for frame in texts.frames if frame.id == frame_id), None)


def compose_card(
    words: Words, texts: CoupleTexts, drafts: Sequence[Saying], zone: ZoneInfo
) -> Card:
    """Ask what somebody would like to say; list what they kept."""
    options = [
        Option(value=frame.id, label=_title(words, frame)[:100], description=frame.intro[:100])
        for frame in texts.frames
    ]
    rows: list[list[Item]] = [
        [select("sayit:v1:frame", options=options, placeholder=words("say_it.pick"))]
    ]
    if drafts:
        kept = [
            Option(value=one.id, label=_line(one), description=words.moment(one.at, zone))
            for one in drafts
        ]
        rows.append([select("sayit:v1:kept", options=kept, placeholder=words("say_it.kept"))])
    rows.append(_ways(words))
    return Card(
        title=words("together.tool.say_it"),
        body=[words("say_it.what"), words("say_it.private")],
        rows=rows,
    )


def frame_card(words: Words, frame: Frame) -> Card:
    """Show how one kind of thing can be said, with an example."""
    return Card(
        title=_title(words, frame),
        body=[frame.intro, f"{words('say_it.example')}\n{quote(frame.example)}"],
        rows=[
            [
                button(
                    "sayit:v1:write",
                    frame.id,
                    label=words("say_it.write"),
                    style=ButtonStyle.primary,
                ),
                button("sayit:v1:alone", label=words("core.back")),
            ]
        ],
    )


def parts_form(words: Words, frame: Frame, draft: Saying | None) -> Form:
    """Ask for the parts; none of them has to be filled in."""
    before = draft.parts if draft else ()
    fields: list[Field] = [NoteField(text=f"-# {words('say_it.sees')}")]
    for place, part in enumerate(frame.parts[:4]):
        fields.append(
            TextField(
                key=f"part{place}",
                label=part.label,
                description=part.hint,
                long=True,
                required=False,
                max_length=LONGEST_PART,
                value=before[place] if place < len(before) else None,
            )
        )
    which = draft.id if draft else NEW
    return Form.of("sayit:v1:write", frame.id, which, title=_title(words, frame), fields=fields)


def draft_card(words: Words, draft: Saying, spaces: Sequence[Space]) -> Card:
    """Show what was made, and what can be done with it.

    Args:
        words: The person's language.
        draft: Theirs.
        spaces: Where they could send it.
    """
    send = [
        button("sayit:v1:send", draft.id, space.pair_id, label=words("say_it.send"))
        for space in spaces[:1]
    ]
    return Card(
        title=words("say_it.yours"),
        body=[quote(draft.text), words("say_it.kept_private")],
        rows=[
            [
                *send,
                button("sayit:v1:copy", draft.id, label=words("say_it.copy")),
                button("sayit:v1:write", draft.frame, draft.id, label=words("say_it.change")),
                button("sayit:v1:drop", draft.id, label=words("say_it.drop")),
            ],
            _ways(words),
        ],
    )


def send_card(words: Words, draft: Saying, space: Space) -> Card:
    """Ask once more before words are sent."""
    return Card(
        title=words("say_it.send_title"),
        body=[
            words("say_it.send_body", who=f"<@{space.partner_user_id}>"),
            quote(draft.text),
            words("say_it.send_truth"),
        ],
        rows=[
            [
                button(
                    "sayit:v1:sent",
                    draft.id,
                    space.pair_id,
                    label=words("say_it.send_yes"),
                    style=ButtonStyle.success,
                ),
                button("sayit:v1:show", draft.id, label=words("core.back")),
                button("care:v1:ask", label=words("panel.message_team")),
            ]
        ],
    )


def sent_card(words: Words) -> Card:
    """Say that it is saved: whether and when it arrives is the other one's."""
    return Card(body=words("say_it.saved"), rows=[_ways(words)])


def copy_card(words: Words, draft: Saying) -> Card:
    """Show the words as they can be copied."""
    plain = draft.text.replace(FENCE, "'''")
    return Card(
        title=words("say_it.copy"),
        body=[f"{FENCE}\n{plain}\n{FENCE}", words("say_it.copy_truth")],
        rows=[[button("sayit:v1:show", draft.id, label=words("core.back"))]],
    )


def received_card(words: Words, saying: Saying) -> Card:
    """Show words the other one sent."""
    return Card(
        title=words("say_it.received"),
        body=[quote(saying.text), words("say_it.received_free")],
        rows=[
            [
                button("sayit:v1:alone", label=words("together.tool.say_it")),
                button("together:v1:home", label=words("together.open")),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def _title(words: Words, frame: Frame) -> str:
    return f"{frame.title} ({words('openings.in_english')})" if frame.in_english else frame.title


def _line(draft: Saying) -> str:
    first = " ".join(draft.text.split())
    return first if len(first) <= SHOWN else f"{first[: SHOWN - 1]}…"


def _ways(words: Words) -> list[Item]:
    return [
        button("sayit:v1:alone", label=words("say_it.more")),
        button("together:v1:home", label=words("together.open")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
