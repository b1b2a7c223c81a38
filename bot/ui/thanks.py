"""The cards of saying thanks."""

from collections.abc import Sequence

from bot.domain.pair import Space
from bot.domain.thanks import LONGEST, Appreciation, Moment
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, quote
from bot.ui.forms import Form, NoteField, RadioField, TextField

TEXT = "text"
MOMENT = "moment"
KIND_LINES = 6


def thanks_card(words: Words, space: Space) -> Card:
    """Show what can be done; nothing on it tells what became of anything."""
    return Card(
        title=words("together.tool.thanks"),
        body=[words("thanks.what"), words("thanks.never_told")],
        rows=[
            [
                button("thanks:v1:write", space.pair_id, label=words("thanks.write")),
                kind_button(words, space),
                button("thanks:v1:got", space.pair_id, 0, label=words("thanks.got_button")),
            ],
            [button("together:v1:home", label=words("core.back"))],
        ],
    )


def kind_button(words: Words, space: Space) -> Item:
    """Make the button that hands out something kind."""
    return button("thanks:v1:kind", space.pair_id, label=words("thanks.kind_button"))


def thanks_form(words: Words, space: Space) -> Form:
    """Ask for an appreciation, and when it may be read."""
    options = [
        Option(
            value=moment.value,
            label=words(f"thanks.moment.{moment.value}"),
            description=words(f"thanks.moment.{moment.value}_more"),
        )
        for moment in Moment
    ]
    return Form.of(
        "thanks:v1:write",
        space.pair_id,
        title=words("together.tool.thanks"),
        fields=[
            NoteField(text=words("thanks.sees")),
            TextField(
                key=TEXT,
                label=words("thanks.field"),
                long=True,
                max_length=LONGEST,
                placeholder=words("thanks.placeholder"),
            ),
            RadioField(key=MOMENT, label=words("thanks.moment_field"), options=options),
        ],
    )


def saved_card(words: Words, space: Space) -> Card:
    """Say that it is kept, and no more."""
    return Card(
        body=words("thanks.saved"),
        rows=[[button("thanks:v1:open", space.pair_id, label=words("core.back"))]],
    )


def kind_card(words: Words, space: Space, found: Appreciation | None, line: int) -> Card:
    """Show something kind: what was kept for this person, else a line of the programme.

    Args:
        words: The person's language.
        space: Theirs.
        found: What was kept.
        line: Which line of the programme it is otherwise.
    """
    if found is None or not found.text:
        body = [words(f"thanks.line.l{line % KIND_LINES + 1}"), words("thanks.from_programme")]
    else:
        body = [words("thanks.kept_for_you"), quote(found.text)]
    return Card(
        title=words("thanks.kind_title"),
        body=body,
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )


def got_card(words: Words, space: Space, got: Sequence[Appreciation], place: int) -> Card:
    """Show what reached a person, one at a time; how many there are is not said."""
    rows: list[list[Item]] = [[button("thanks:v1:open", space.pair_id, label=words("core.back"))]]
    if not got:
        return Card(title=words("thanks.got_title"), body=words("thanks.got_none"), rows=rows)
    if len(got) > 1:
        following = (place + 1) % len(got)
        label = words("openings.another")
        rows[0].insert(0, button("thanks:v1:got", space.pair_id, following, label=label))
    body = quote(got[place % len(got)].text)
    return Card(title=words("thanks.got_title"), body=body, rows=rows)


def arrived_card(words: Words, thanks: Appreciation) -> Card:
    """Show an appreciation that was sent now."""
    return Card(
        title=words("thanks.arrived"),
        body=quote(thanks.text),
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )
