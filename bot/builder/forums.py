"""A panel in a forum: a pinned post, whose first message has the ID of its thread."""

import discord

from bot.builder.terms import REASON
from bot.domain.blueprint import PartKind
from bot.domain.place import Place
from bot.domain.setup_plan import Seen
from bot.ui.cards import Card


async def post_in_forum(forum: discord.ForumChannel, card: Card) -> int:
    """Post a panel and return its ID."""
    made = await forum.create_thread(name=_name(card), view=card.view(), reason=REASON)
    return made.thread.id


async def edit_in_forum(
    client: discord.Client, post_id: int, card: Card, aspects: frozenset[str]
) -> None:
    """Bring a panel to what it should say, and pin it."""
    thread = client.get_channel(post_id) or await client.fetch_channel(post_id)
    if not isinstance(thread, discord.Thread):
        return
    if "mark" in aspects:
        await thread.get_partial_message(post_id).edit(**card.edit())
    if "pinned" in aspects:
        await thread.edit(pinned=True, reason=REASON)


async def see_in_forum(forum: discord.ForumChannel, place: Place | None, card: Card) -> Seen | None:
    """Look at a panel; one whose note was lost is known by its name."""
    if place is not None:
        known = forum.get_thread(place.discord_id)
        return _seen(known) if known is not None else None
    lost = [
        thread
        for thread in forum.threads
        if thread.owner_id == forum.guild.me.id and thread.name == _name(card)
    ]
    return _seen(lost[0]) if lost else None


def _name(card: Card) -> str:
    return (card.title or "")[:100]


def _seen(thread: discord.Thread) -> Seen:
    return Seen(
        id=thread.id,
        kind=PartKind.PANEL,
        made_at=thread.created_at or discord.utils.snowflake_time(thread.id),
        parent_id=thread.parent_id,
        is_pinned=thread.flags.pinned,
    )
