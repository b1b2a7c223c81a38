"""Cards and the form of handover notes."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.handover import Handover
from bot.text import Words
from bot.ui.cards import Card, Item, button, quote
from bot.ui.forms import Form, TextField

MOST_SHOWN = 2800
"""Of a card's 4,000 characters; the rest is for the open requests and the buttons."""

LONGEST = 1000
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
    """Show the notes, the newest first, as many as fit, and what is left to do."""
    newest = [_note(words, note, zone) for note in reversed(notes)]
    shown = _page(newest, skip)
    row = [write_button(words), _queue(words)]
    if (following := skip + len(shown)) < len(newest):
        row.append(button("handover:v1:older", following, label=words("rota.handover.older")))
    waiting = [words("rota.handover.cases"), *cases] if cases else [words("rota.handover.no_cases")]
    return Card(
        title=words("rota.handover.title"),
        body=[*(shown or [words("rota.handover.none")]), "\n".join(waiting)],
        rows=[row],
        footer=words("rota.handover.kept"),
    )


def _note(words: Words, note: Handover, zone: ZoneInfo) -> str:
    moment = words.moment(note.written_at, zone)
    head = words("rota.handover.by", who=f"<@{note.author_id}>", moment=moment)
    return f"{head}\n{quote(note.text)}"


def _page(texts: Sequence[str], skip: int) -> Sequence[str]:
    used, end = 0, skip
    # One always fits: even where every sign of it had to be escaped.
    while end < len(texts) and (end == skip or used + len(texts[end]) <= MOST_SHOWN):
        used += len(texts[end])
        end += 1
    return texts[skip:end]


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
