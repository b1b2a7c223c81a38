"""One's own data: cards to take it along, see who opened it, clear messages, and be gone."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import orjson
from discord import ButtonStyle

from bot.domain.readable import Opening, OwnData
from bot.services.clearing import Cleared
from bot.services.own_data import Parting
from bot.text import Words
from bot.ui.cards import Accent, Attachment, Card, Item, button, quote
from bot.ui.data_page import AnswersOf, page
from bot.ui.forms import Form, TextField

EXPORT, MAKE = "data:v1:export", "data:v1:make"
ACCESS = "data:v1:access"
CLEAR, CLEAR_NOW = "data:v1:clear", "data:v1:clear_now"
DELETE, CONFIRM = "data:v1:delete", "data:v1:confirm"
WORD = "word"

MOST_OPENINGS = 15
MOST_REASON = 120
MOST_BYTES = 8_000_000
"""Discord takes 10 MB in a server without boosts."""


def data_card(words: Words) -> Card:
    """Show what a person can do with their own data."""
    return Card(
        title=words("data.card.title"),
        body=[
            words("data.card.body"),
            "\n".join(words(f"data.card.{key}_is") for key in ("export", "access", "clear")),
            words("data.card.delete_is"),
        ],
        rows=[
            [
                button(EXPORT, label=words("data.card.export")),
                button(ACCESS, label=words("data.card.access")),
                button(CLEAR, label=words("data.card.clear")),
            ],
            [button(DELETE, label=words("data.card.delete"), style=ButtonStyle.danger)],
            [_back(words, "panel:v1:more"), _help(words)],
        ],
    )


def export_card(words: Words) -> Card:
    """Say what the files hold, and that they pass through Discord, before they are made."""
    make = button(MAKE, label=words("data.export.make"), style=ButtonStyle.primary)
    return Card(
        title=words("data.card.export"),
        body=[
            words("data.export.holds"),
            words("data.export.left_out"),
            words("data.export.discord"),
            words("data.export.phone"),
        ],
        rows=[[make, _back(words)]],
    )


def files_card(words: Words, files: Sequence[Attachment]) -> Card:
    """Hand the files over."""
    return Card(
        title=words("data.card.export"),
        body=[words("data.export.made"), words("data.export.phone")],
        files=files,
        rows=[[_back(words)]],
        accent=Accent.GOOD,
    )


def files_of(
    words: Words, zone: ZoneInfo, data: OwnData, answers_of: AnswersOf
) -> Sequence[Attachment]:
    """Write one's own data twice: for people, and for machines."""
    stem = f"interlude-{data.made_at.astimezone(zone):%Y-%m-%d}"
    html = page(words, zone, data, answers_of).encode()
    plain = orjson.dumps(data.plain(), option=orjson.OPT_INDENT_2)
    return [
        Attachment(filename=f"{stem}.html", content=html),
        Attachment(filename=f"{stem}.json", content=plain),
    ]


def access_card(words: Words, openings: Sequence[Opening], zone: ZoneInfo) -> Card:
    """List who opened what, the latest first."""
    lines = [_opening(words, one, zone) for one in openings[:MOST_OPENINGS]]
    more = len(openings) - len(lines)
    return Card(
        title=words("data.card.access"),
        body=[
            "\n".join(lines) if lines else words("data.access.none"),
            *([words("data.access.more", n=more)] if more else []),
            words("data.access.about"),
        ],
        rows=[[_back(words)]],
    )


def clear_card(words: Words, count: int) -> Card:
    """Say how much can be removed, and ask."""
    rows: list[list[Item]] = [[_back(words)]]
    if count:
        remove = button(CLEAR_NOW, label=words("data.clear.now"), style=ButtonStyle.primary)
        rows = [[remove, _back(words)]]
    return Card(
        title=words("data.card.clear"),
        body=[
            words("data.clear.count", n=count) if count else words("data.clear.none"),
            words("data.clear.limits"),
        ],
        rows=rows,
    )


def clearing_card(words: Words, so_far: Cleared) -> Card:
    """Say how far it came."""
    return Card(
        title=words("data.card.clear"),
        body=words("data.clear.so_far", done=so_far.done, total=so_far.total),
    )


def cleared_card(words: Words, cleared: Cleared) -> Card:
    """Say what was removed and what stays."""
    lines = [words("data.clear.removed", n=cleared.removed)]
    if cleared.gone:
        lines.append(words("data.clear.gone", n=cleared.gone))
    if cleared.refused:
        lines.append(words("data.clear.refused", n=cleared.refused))
    accent = Accent.CALM if cleared.refused else Accent.GOOD
    return Card(
        title=words("data.card.clear"),
        body=["\n".join(lines), words("data.clear.limits")],
        rows=[[_back(words)]],
        accent=accent,
    )


def delete_card(words: Words, parting: Parting) -> Card:
    """Say exactly what goes, what stays and why; nothing is deleted yet."""
    goes = ["answers", "messages", "account"]
    if parting.has_thread:
        goes.append("thread")
    stays = ["others", "log", "copies", "discord"]
    if parting.is_staff:
        stays.append("staff")
    body = [
        words("data.delete.goes") + _list(words(f"data.delete.goes_{key}") for key in goes),
        words("data.delete.stays") + _list(words(f"data.delete.stays_{key}") for key in stays),
        words("data.delete.space"),
    ]
    if parting.open_requests:
        body.append(words("data.delete.open_request", n=parting.open_requests))
    go_on = button(CONFIRM, label=words("data.delete.go_on"), style=ButtonStyle.danger)
    return Card(
        title=words("data.card.delete"),
        body=[*body, words("data.delete.export_first")],
        rows=[
            [go_on, button(EXPORT, label=words("data.card.export"))],
            [_back(words), _help(words)],
        ],
        accent=Accent.CARE,
    )


def confirm_form(words: Words) -> Form:
    """Ask for the word that deletes."""
    field = TextField(
        key=WORD,
        label=words("data.delete.label", word=words("data.delete.word")),
        description=words("data.delete.hint"),
        max_length=40,
    )
    return Form.of(CONFIRM, title=words("data.card.delete"), fields=[field])


def deleted_card(words: Words) -> Card:
    """Say that it is done, and where help is from now on."""
    return Card(
        title=words("data.delete.done_title"),
        body=[words("data.delete.done"), words("data.delete.done_help")],
        rows=[[_help(words)]],
        accent=Accent.GOOD,
    )


def _opening(words: Words, one: Opening, zone: ZoneInfo) -> str:
    who = f"<@{one.by}>" if one.by else words("data.access.operator")
    line = words(
        "data.access.line",
        moment=words.moment(one.at, zone),
        who=who,
        what=words(f"data.access.what.{one.what}"),
    )
    if one.reason is None:
        return f"- {line}"
    reason = " ".join(one.reason.split())
    short = reason if len(reason) <= MOST_REASON else f"{reason[:MOST_REASON]}…"
    return f"- {line}\n{quote(short)}"


def _list(lines: Iterable[str]) -> str:
    return "".join(f"\n- {line}" for line in lines)


def _back(words: Words, route: str = "data:v1:open") -> Item:
    return button(route, label=words("core.back"))


def _help(words: Words) -> Item:
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)
