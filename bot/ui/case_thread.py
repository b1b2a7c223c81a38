"""What a person is shown of their own request: where somebody writes, and how it ends."""

from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.case import Case
from bot.text import Words
from bot.ui.cards import Card, button
from bot.ui.care import help_now, request_line, settled_buttons


def thread_notice(words: Words, case: Case) -> Card:
    """Make the first message of a private thread: a lock screen learns nothing from it."""
    label = words("core.note_open")
    return Card(
        notice=words("core.note"),
        rows=[[button("request:v1:thread", case.id, label=label, style=ButtonStyle.primary)]],
    )


def thread_card(words: Words, case: Case, thread_id: int) -> Card:
    """Say who reads along where a person and somebody of the team write."""
    return Card(
        title=words("care.thread.title"),
        body=[
            words("care.thread.where", thread=f"<#{thread_id}>", owner=f"<@{case.owner_id}>"),
            words("care.thread.who_sees", owner=f"<@{case.owner_id}>"),
            words("care.ask.danger"),
        ],
        rows=[[help_now(words)]],
    )


def closing_card(words: Words, case: Case, zone: ZoneInfo) -> Card:
    """Ask a person whether their request is settled; both answers are as good."""
    if case.is_closed or case.closing_at is None:
        return standing_card(words, case, zone)
    return Card(
        title=words("care.settled.title"),
        body=words("care.settled.body", moment=words.moment(case.opened_at, zone)),
        rows=[settled_buttons(words, case)],
        footer=words("care.settled.who_sees"),
    )


def unreached_card(words: Words, case: Case, zone: ZoneInfo) -> Card:
    """Tell a person that somebody wrote and has not heard back."""
    if case.is_closed or case.tried_at is None:
        return standing_card(words, case, zone)
    return Card(
        title=words("care.receipt.title"),
        body=[request_line(words, case, zone), words("care.unreached.body")],
        rows=[
            [
                button(
                    "request:v1:here",
                    case.id,
                    label=words("care.unreached.here"),
                    style=ButtonStyle.primary,
                ),
                help_now(words),
            ]
        ],
    )


def follow_up_card(words: Words, case: Case, zone: ZoneInfo) -> Card:
    """Ask a person how it is a day after their request was closed."""
    if not case.is_closed:
        return standing_card(words, case, zone)
    return Card(
        title=words("care.follow.title"),
        body=words("care.follow.body", moment=words.moment(case.opened_at, zone)),
        rows=[
            [
                button("request:v1:better", case.id, label=words("care.follow.better")),
                button("request:v1:not_really", case.id, label=words("care.follow.not_really")),
                help_now(words),
            ]
        ],
        footer=words("care.follow.who_sees"),
    )


def standing_card(words: Words, case: Case, zone: ZoneInfo) -> Card:
    """Say how a person's request stands now."""
    body = words("care.receipt.closed") if case.is_closed else request_line(words, case, zone)
    return Card(title=words("care.receipt.title"), body=body)
