"""Cards of buddies: a person's own, and what the team may offer."""

from collections.abc import Sequence

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import LocaleContent
from bot.domain.buddy import Buddies, Wish
from bot.domain.ids import ParticipantId
from bot.services.buddies import Standing
from bot.text import Words
from bot.ui.cards import Card, Option, button, select
from bot.ui.care import help_now

MOST_LISTED = 20


def buddy_card(words: Words, content: LocaleContent, standing: Standing, me: ParticipantId) -> Card:
    """Show how a person's own wish stands; nothing of what anybody else said."""
    if standing.buddy is not None:
        return started_card(words, content, standing.buddy, me)
    if standing.offer is not None:
        return offer_card(words, standing.offer)
    if standing.answered is not None:
        return Card(
            title=words("buddies.title"), body=words("buddies.saved"), rows=[[help_now(words)]]
        )
    wishing = standing.wishes
    change = (
        button("buddies:v1:unwish", label=words("buddies.unwish"))
        if wishing
        else button("buddies:v1:wish", label=words("buddies.wish"), style=ButtonStyle.primary)
    )
    return Card(
        title=words("buddies.title"),
        body=[words("buddies.about"), words("buddies.waiting" if wishing else "buddies.consent")],
        rows=[[change, help_now(words)]],
        footer=words("buddies.who_sees"),
    )


def offer_card(words: Words, offer: Buddies) -> Card:
    """Offer a buddy; who it is stays unsaid until both said yes."""
    return Card(
        title=words("buddies.offer_title"),
        body=[words("buddies.offer"), words("buddies.offer_deniable")],
        rows=[
            [
                button(
                    "buddies:v1:yes",
                    offer.id,
                    label=words("buddies.yes"),
                    style=ButtonStyle.primary,
                ),
                button("buddies:v1:no", offer.id, label=words("buddies.no")),
            ]
        ],
    )


def started_card(words: Words, content: LocaleContent, buddies: Buddies, me: ParticipantId) -> Card:
    """Name the buddy, with a few ideas and a way out."""
    ideas = "\n".join(f"- {idea.text}" for idea in content.moderation.buddy_ideas)
    who = f"<@{buddies.other_user(me)}>"
    until = format_dt(buddies.until_at, "D")
    return Card(
        title=words("buddies.title"),
        body=[words("buddies.started", who=who, until=until), ideas, words("buddies.end_about")],
        rows=[
            [
                button("buddies:v1:end", buddies.id, label=words("buddies.end")),
                button("care:v1:concern", label=words("panel.entry.concern")),
            ]
        ],
    )


def matches_card(words: Words, found: Sequence[tuple[Wish, Wish]]) -> Card:
    """List who could be offered to whom, by their IDs; everyone on it asked for a buddy."""
    title = words("buddies.matches_title")
    if not found:
        return Card(title=title, body=words("buddies.matches_none"))
    options = [
        Option(
            value=f"{one.participant_id}.{other.participant_id}",
            label=words("buddies.match", one=_code(words, one), other=_code(words, other)),
        )
        for one, other in found[:MOST_LISTED]
    ]
    picker = select("buddies:v1:propose", options=options, placeholder=words("buddies.pick"))
    return Card(title=title, body=words("buddies.matches_about"), rows=[[picker]])


def _code(words: Words, wish: Wish) -> str:
    return wish.code or words("buddies.no_code")
