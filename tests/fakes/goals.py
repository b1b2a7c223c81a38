"""Goals as people set them up and meet them."""

from datetime import UTC, datetime, time
from typing import Any

import discord
import simcord

from bot.domain.consent import ConsentKind
from bot.domain.goal import GoalTexts, Topic
from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.ui.cards import Card, button
from bot.ui.goal_forms import ALONE, NEW, OWN
from tests.fakes.simulation import World, shown, texts

HOUR = 3600
MORNING = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""Seven in New York, on a Thursday."""


async def joined(world: World, name: str, *, reminders: bool = True, **changes: Any) -> Participant:
    """Let a person in New York have joined, at seven in the morning; no hour is quiet."""
    if world.env.now() < MORNING:
        await world.env.advance_time((MORNING - world.env.now()).total_seconds())
    services, actor = world.app.services, world.person(name)
    chosen: dict[str, Any] = {
        "zone": "America/New_York",
        "country": "US",
        "delivery": Delivery.DM,
        "delivery_confirmed": True,
        "weekend_time": time(18),
        "quiet_start": time(0),
        "quiet_end": time(0),
    }
    participant = await services.participants.begin(actor.id, Preferences(**chosen | changes))
    participant = await services.participants.move(participant, ParticipantState.ACTIVE)
    if reminders:
        await services.consents.give(participant, ConsentKind.REMINDERS)
    return await services.participants.active(actor.id)


async def pressing(world: World, name: str, route: str, *args: object) -> simcord.InteractionResult:
    """Press a button of a panel."""
    channel = world.guild.create_text_channel(f"panel-{len(world.guild.channels)}")
    card = Card(title="Panel", rows=[[button(route, *args, label="Press")]])
    await world.app.bot.get_channel(channel.id).send(**card.message())
    await world.env.settle()
    return await world.person(name).click(channel.last_message, label="Press")


async def typed(
    world: World, name: str, what: str, when: str = "", invite: str = ALONE, **more: str
) -> simcord.InteractionResult:
    """Fill in the form of a new goal, and return what it is answered with."""
    form = await pressing(world, name, NEW, Topic.OWN_LIFE, OWN, invite)
    values = {"what": what, "when": when, "step": "", "obstacle": "", "plan_b": ""}
    return await world.person(name).submit_modal(form, values | more)


async def kept(world: World, name: str, what: str, when: str, **more: str) -> Any:
    """Set up a goal and say yes to its times."""
    result = await typed(world, name, what, when, **more)
    return await world.person(name).click(shown(result), label="Yes, keep it")


async def until(world: World, hour: float) -> None:
    """Let time pass until the next such hour in New York, in winter."""
    now = world.env.now()
    wanted = now.replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = (wanted - now).total_seconds() + (hour + 5) * HOUR
    await world.advance(seconds % (24 * HOUR) or 24 * HOUR)


def notes(world: World, name: str) -> list[discord.Message]:
    """Return the notes in a person's direct messages, the oldest first."""
    channel = world.person(name).user.dm_channel
    return [] if channel is None else list(channel.history())


async def opened(world: World, name: str, message: Any = None, label: str = "Open") -> Any:
    """Tap a note, the newest unless given, and return the card it opens."""
    user = world.person(name).user
    result = await user.click(message or notes(world, name)[-1], label=label)
    assert result.ephemeral
    return shown(result)


async def listed(world: World, name: str) -> str:
    """Return what a person's list says."""
    return texts(shown(await pressing(world, name, "goals:v1:open")))


async def with_goal(
    world: World, participant: Participant, what: str = "Walk", when: str = "", **more: str
) -> str:
    """Let a person have a goal, without the cards; return the ID of their part."""
    goals = world.app.services.goals.goals
    proposal = await goals.propose(
        participant, Topic.OWN_LIFE, GoalTexts(what=what, when=when, **more), "en"
    )
    if proposal.schedule is not None:
        await goals.keep(participant, proposal.part.id, 0)
    return proposal.part.id
