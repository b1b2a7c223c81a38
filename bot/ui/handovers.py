"""Cards and the form of handover notes."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.handover import Handover
from bot.text import Words
from bot.ui.cards import Card, Item, button, quote
from bot.ui.forms import Form, TextField

A_PAGE = 2
LONGEST = 1500
NOTE = "note"
REFS = "refs"


def handover_offer(words: Words, user_id: int) -> Card:
    """Tell somebody who comes on that there are notes; no one else can open them here."""
    read = button(
        "handover:v1:read", user_id, label=words("rota.handover.read"), style=ButtonStyle.primary
    )
    body = words("rota.handover.offer", who=f"<@{user_id}>")
    return Card(body=body, rows=[[read]], mentions=[user_id])


def handover_card(
    words: Words,
    notes: Sequence[Handover],
    cases: Sequence[str],
    zone: ZoneInfo,
    *,
    skip: int = 0,
) -> Card:
    """Show the notes, the newest first and two at a time, and what is left to do."""
    newest = list(reversed(notes))
    shown = []
    for note in newest[skip : skip + A_PAGE]:
        moment = words.moment(note.written_at, zone)
        head = words("rota.handover.by", who=f"<@{note.author_id}>", moment=moment)
        shown.append(f"{head}\n{quote(note.text)}")
    row = [write_button(words), _queue(words)]
    if skip + A_PAGE < len(newest):
        label = words("rota.handover.older")
        row.append(button("handover:v1:older", skip + A_PAGE, label=label))
    waiting = [words("rota.handover.cases"), *cases] if cases else [words("rota.handover.no_cases")]
    return Card(
        title=words("rota.handover.title"),
        body=[*(shown or [words("rota.handover.none")]), "\n".join(waiting)],
        rows=[row],
        footer=words("rota.handover.kept"),
    )


def write_button(words: Words) -> Item:
    """Make the button that opens the form."""
    return button("handover:v1:write", label=words("rota.handover.write"))


def handover_form(words: Words) -> Form:
    """Ask what the next shift must know."""
    return Form.of(
        "handover:v1:write",
        title=words("rota.handover.form_title"),
        fields=[
            TextField(
                key=NOTE,
                label=words("rota.handover.form_note"),
                description=words("rota.handover.form_hint"),
                long=True,
                required=False,
                max_length=LONGEST,
            ),
            TextField(
                key=REFS,
                label=words("rota.handover.form_refs"),
                description=words("rota.handover.form_refs_hint"),
                required=False,
                max_length=100,
            ),
        ],
    )


def _queue(words: Words) -> Item:
    return button("case:v1:queue", label=words("care.staff_panel.queue"))
