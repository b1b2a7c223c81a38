"""Shared goals and day counts as cards."""

from datetime import date

from discord import ButtonStyle

from bot.domain.goal import Cheer, CountSummary, GoalPart
from bot.services.shared_goals import Invitation, View
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button, escape
from bot.ui.goal_forms import COUNT_BEGIN, COUNT_CORRECT, JOIN
from bot.ui.goal_times import day_text


def shared_lines(words: Words, view: View, today: date) -> list[str]:
    """Say what of a shared goal each sees; the other one's days only where both show theirs."""
    part = view.part
    if not part.is_shared:
        return []
    if not part.shows:
        return [words("goals.shared.hidden")]
    if not view.shared.is_open or view.shared.theirs is None:
        return [words("goals.shared.shown")]
    days = [
        words(f"goals.shared.day_{mark}", day=words.short_day(day, weekday=True))
        for day, mark in sorted(view.shared.theirs.items())
    ]
    return [words("goals.shared.theirs", days=", ".join(days) or words("goals.shared.nothing"))]


def shared_rows(words: Words, part: GoalPart) -> list[list[Item]]:
    """Make the choices of a shared goal; they rest on one's own choices alone."""
    if not part.is_shared:
        return []
    choices = [
        button(
            "goals:v1:choose",
            part.id,
            name,
            "0" if chosen else "1",
            label=words(f"goals.button.{name}_{'off' if chosen else 'on'}"),
        )
        for name, chosen in (("shows", part.shows), ("cheers", part.cheers))
    ]
    if not part.cheers:
        return [choices]
    cheers = [
        button("goals:v1:cheer", part.id, cheer, label=words(f"goals.cheer.{cheer}"))
        for cheer in Cheer
    ]
    return [choices, cheers]


def closed_body(words: Words, part: GoalPart) -> str:
    """Say that a shared goal is closed, in the same words for every reason."""
    return words("goals.shared.closed")


def saved_card(words: Words, part: GoalPart) -> Card:
    """Say the one sentence that every invitation is answered with, whatever the truth."""
    return Card(
        title=words("goals.invite.saved_title"),
        body=[words("goals.invite.saved"), words("goals.invite.until_then")],
        rows=[
            [
                button("goals:v1:show", part.id, label=words("goals.button.open")),
                button("goals:v1:open", label=words("goals.button.list")),
            ]
        ],
    )


def invitation_card(words: Words, invitation: Invitation) -> Card:
    """Show what a person is invited to, and by whom."""
    part = invitation.part
    return Card(
        title=words("goals.invite.title"),
        body=[
            words("goals.invite.from", person=f"<@{invitation.inviter.user_id}>"),
            f"**{escape(invitation.texts.what)}**",
            words("goals.invite.about"),
            words("goals.invite.free"),
        ],
        rows=[
            [
                button(
                    JOIN,
                    part.id,
                    label=words("goals.button.accept"),
                    style=ButtonStyle.primary,
                ),
                button("goals:v1:decline", part.id, label=words("goals.button.decline")),
            ]
        ],
        footer=words("goals.only_you"),
    )


def cheer_card(words: Words, part: GoalPart, name: str, cheer: Cheer) -> Card:
    """Show a kind word from the other one."""
    return Card(
        title=words("goals.cheer.title"),
        body=[words(f"goals.cheer.{cheer}"), words("goals.cheer.about", what=name)],
        rows=[[button("goals:v1:show", part.id, label=words("goals.button.open"))]],
        accent=Accent.WARM,
    )


def count_card(words: Words, summary: CountSummary, today: date) -> Card:
    """Show the days a person counts; nothing on it can be lost."""
    first = [] if summary.current is None else [_current(words, summary, today)]
    body = first or [words("goals.count.none" if summary.total == 0 else "goals.count.resting")]
    if summary.total or summary.current:
        body.append(words("goals.count.all", best=summary.best, n=summary.total))
    rows: list[Item] = [
        button(
            COUNT_BEGIN,
            label=words(
                "goals.button.count_again" if summary.current else "goals.button.count_set"
            ),
            style=ButtonStyle.secondary if summary.current else ButtonStyle.primary,
        )
    ]
    if summary.current is not None:
        rows.append(button(COUNT_CORRECT, label=words("goals.button.count_correct")))
        rows.append(button("goals:v1:count_stop", label=words("goals.button.count_stop")))
    rows.append(button("goals:v1:open", label=words("goals.button.list")))
    return Card(
        title=words("goals.count.title"), body=body, rows=[rows], footer=words("goals.only_you")
    )


def milestone_card(words: Words, days: int, summary: CountSummary) -> Card:
    """Celebrate days counted, for the person alone."""
    return Card(
        title=words("goals.milestone.title"),
        body=[
            words("goals.milestone.days", n=days),
            words("goals.count.all", best=summary.best, n=summary.total),
        ],
        rows=[[button("goals:v1:count", label=words("goals.button.count"))]],
        accent=Accent.GOOD,
        footer=words("goals.only_you"),
    )


def _current(words: Words, summary: CountSummary, today: date) -> str:
    assert summary.current is not None
    since = words(
        "goals.count.since", day=day_text(words, summary.current.first, today), n=summary.days
    )
    if summary.next_on is None:
        return since
    following = words(
        "goals.count.next", n=summary.next_days, day=day_text(words, summary.next_on, today)
    )
    return f"{since} {following}"
