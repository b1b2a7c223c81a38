"""The cards of agreed signs: one's own list, and the list the other one shared."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.domain.noticed import LONGEST, MOST_SIGNS, Sign
from bot.domain.pair import Space
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, quote, select
from bot.ui.forms import Form, NoteField, TextField

SIGN = "sign"
HELPS = "helps"
OFF = "off"
DELETE = "delete"

IN_LIST = 120
"""Characters of a text in a list: five signs with stars in them have to fit in one card."""


def noticed_card(words: Words, space: Space) -> Card:
    """Show the two lists' doors."""
    return Card(
        title=words("together.tool.noticed"),
        body=[words("noticed.what"), words("noticed.only_shared")],
        rows=[
            [
                button("noticed:v1:theirs", space.pair_id, label=words("noticed.send_button")),
                button("noticed:v1:mine", space.pair_id, label=words("noticed.mine_button")),
            ],
            [button("together:v1:home", label=words("core.back"))],
        ],
    )


def mine_card(words: Words, space: Space, signs: Sequence[Sign]) -> Card:
    """Show a person's own signs, and how each stands."""
    body = [words("noticed.mine_body", n=MOST_SIGNS)]
    body += [_line(words, sign, n) for n, sign in enumerate(signs, start=1)]
    rows: list[list[Item]] = []
    if signs:
        options = [
            Option(value=sign.id, label=_label(sign.sign, n))
            for n, sign in enumerate(signs, start=1)
        ]
        rows.append(
            [
                select(
                    "noticed:v1:one",
                    space.pair_id,
                    options=options,
                    placeholder=words("noticed.pick_mine"),
                )
            ]
        )
    add = button(
        "noticed:v1:add",
        space.pair_id,
        label=words("noticed.add"),
        disabled=len(signs) >= MOST_SIGNS,
    )
    rows.append([add, button("noticed:v1:open", space.pair_id, label=words("core.back"))])
    return Card(title=words("noticed.mine_button"), body=body, rows=rows)


def sign_form(words: Words, space: Space) -> Form:
    """Ask for a sign and the help that is welcome."""
    return Form.of(
        "noticed:v1:add",
        space.pair_id,
        title=words("noticed.add"),
        fields=[
            NoteField(text=words("noticed.sees")),
            TextField(
                key=SIGN,
                label=words("noticed.field_sign"),
                placeholder=words("noticed.sign_like"),
                max_length=LONGEST,
            ),
            TextField(
                key=HELPS,
                label=words("noticed.field_helps"),
                placeholder=words("noticed.helps_like"),
                max_length=LONGEST,
            ),
        ],
    )


def sign_card(words: Words, space: Space, sign: Sign) -> Card:
    """Show one own sign and what can be done with it; each says before what the other one sees."""
    args = (space.pair_id, sign.id)
    mute = "unmute" if sign.is_muted else "mute"
    items: list[Item] = []
    body = [f"{quote(sign.sign)}\n{words('noticed.helps', what=escape(sign.helps))}"]
    if sign.is_shared:
        body += [words("noticed.shared"), words("noticed.mute_what")]
        items.append(button(f"noticed:v1:{mute}", *args, label=words(f"noticed.{mute}")))
        items.append(button("noticed:v1:ask", *args, OFF, label=words("noticed.off_button")))
    else:
        body += [words("noticed.private"), words("noticed.share_what")]
        items.append(button("noticed:v1:share", *args, label=words("noticed.share")))
    if sign.is_muted:
        body.append(words("noticed.muted"))
    items.append(button("noticed:v1:ask", *args, DELETE, label=words("noticed.delete_button")))
    return Card(
        title=words("noticed.mine_button"),
        body=body,
        rows=[items, [button("noticed:v1:mine", space.pair_id, label=words("core.back"))]],
    )


def ask_card(words: Words, space: Space, sign: Sign, what: str) -> Card:
    """Say before a sign goes whether the other one can notice."""
    args = (space.pair_id, sign.id)
    return Card(
        body=[
            quote(sign.sign),
            words("noticed.seen_gone" if sign.is_shared else "noticed.unseen_gone"),
        ],
        rows=[
            [
                button(
                    f"noticed:v1:{what}",
                    *args,
                    label=words(f"noticed.{what}_button"),
                    style=ButtonStyle.danger,
                ),
                button("noticed:v1:mine", space.pair_id, label=words("core.back")),
            ]
        ],
    )


def theirs_card(words: Words, space: Space, signs: Sequence[Sign], *, has_sent: bool) -> Card:
    """Show the list the other one shared; only these can be sent."""
    rows: list[list[Item]] = [[button("noticed:v1:open", space.pair_id, label=words("core.back"))]]
    if not signs:
        body = [words("noticed.theirs_none")]
        return Card(title=words("noticed.send_button"), body=body, rows=rows)
    body = [words("noticed.theirs_body"), words("noticed.never_told")]
    body += [
        f"{n}. {_short(sign.sign)}\n{words('noticed.helps', what=_short(sign.helps))}"
        for n, sign in enumerate(signs, start=1)
    ]
    if has_sent:
        body.append(words("noticed.once_a_day"))
    else:
        options = [
            Option(value=sign.id, label=_label(sign.sign, n))
            for n, sign in enumerate(signs, start=1)
        ]
        placeholder = words("noticed.pick_theirs")
        rows.insert(
            0,
            [select("noticed:v1:send", space.pair_id, options=options, placeholder=placeholder)],
        )
    return Card(title=words("noticed.send_button"), body=body, rows=rows)


def sure_card(words: Words, space: Space, sign: Sign) -> Card:
    """Show a sign once more before it is sent."""
    send = button("noticed:v1:sure", space.pair_id, sign.id, label=words("noticed.sure_button"))
    return Card(
        title=words("noticed.send_button"),
        body=[quote(sign.sign), words("noticed.sure")],
        rows=[[send, button("noticed:v1:theirs", space.pair_id, label=words("core.back"))]],
    )


def saved_card(words: Words, space: Space) -> Card:
    """Say that it is kept, and no more."""
    return Card(
        body=words("noticed.saved"),
        rows=[[button("noticed:v1:open", space.pair_id, label=words("core.back"))]],
    )


def news_card(words: Words, space: Space, sign: Sign) -> Card:
    """Show somebody the sign that was noticed, and the help they said is welcome."""
    args = (space.pair_id, sign.id)
    return Card(
        title=words("noticed.news_title"),
        body=[
            words("noticed.news_body"),
            quote(sign.sign),
            words("noticed.helps", what=escape(sign.helps)),
            words("noticed.news_free"),
        ],
        rows=[
            [
                button("noticed:v1:mute", *args, label=words("noticed.mute")),
                button("noticed:v1:mine", space.pair_id, label=words("noticed.mine_button")),
                button("care:v1:ask", label=words("panel.message_team")),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def _line(words: Words, sign: Sign, n: int) -> str:
    state = "muted" if sign.is_muted else "shared" if sign.is_shared else "private"
    return (
        f"{n}. {_short(sign.sign)}\n{words('noticed.helps', what=_short(sign.helps))}\n"
        f"-# {words(f'noticed.{state}')}"
    )


def _short(text: str) -> str:
    return escape(text if len(text) <= IN_LIST else f"{text[:IN_LIST]}…")


def _label(text: str, n: int) -> str:
    label = f"{n}. {' '.join(text.split())}"
    return label if len(label) <= 100 else f"{label[:99]}…"
