"""Check-ins as people meet them, from the note to looking back."""

from datetime import time
from typing import Any

import discord
import simcord

from bot.domain.consent import ConsentKind
from bot.domain.participant import Delivery, Pace, Participant, ParticipantState, Preferences
from bot.ui.cards import Card, button
from tests.fakes.simulation import World, fields, labels, shown, texts

HOUR = 3600
GOOD_DAY = {"mood": "good", "support": "mostly"}
BAD_DAY = {"mood": "very_bad", "support": "not_at_all"}


async def joined(world: World, name: str, **changes: Any) -> Participant:
    """Let a person in New York have joined, with check-ins at 6 in the evening."""
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
    await services.consents.give(participant, ConsentKind.DAILY_PROMPTS)
    return await services.participants.active(actor.id)


async def evening(world: World, hour: float = 18.0) -> None:
    """Let time pass until the next such hour in New York, in winter."""
    now = world.env.now()
    wanted = now.replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = (wanted - now).total_seconds() + (hour + 5) * HOUR
    await world.advance(seconds % (24 * HOUR) or 24 * HOUR)


def notes(world: World, name: str) -> list[discord.Message]:
    """Return the notes in a person's direct messages, the oldest first."""
    return list(world.person(name).user.dm_channel.history())


async def opened(world: World, name: str, message: Any = None) -> Any:
    """Tap a note, the newest unless given, and return the card it opens."""
    user = world.person(name).user
    result = await user.click(message or notes(world, name)[-1], label="Open")
    assert result.ephemeral
    return shown(result)


async def pressing(world: World, name: str, route: str, *args: object) -> Any:
    """Press a button of a panel."""
    channel = world.guild.create_text_channel(f"panel-{len(world.guild.channels)}")
    card = Card(title="Panel", rows=[[button(route, *args, label="Press")]])
    await world.app.bot.get_channel(channel.id).send(**card.message())
    await world.env.settle()
    return await world.person(name).click(channel.last_message, label="Press")


async def answered(world: World, name: str, values: dict[str, Any] | None = None) -> Any:
    """Check in from the panel and return the answer's card."""
    form = await pressing(world, name, "checkin:v1:now")
    result = await world.person(name).submit_modal(form, values or GOOD_DAY)
    return result


async def test_a_prompt_is_a_neutral_note_that_opens_to_one_person(world: World) -> None:
    await joined(world, "ana")

    await evening(world)

    note = notes(world, "ana")[-1]
    assert texts(note) == "You have a note.\nOpen"
    card = await opened(world, "ana")
    assert "Only you can see this" in texts(card)
    assert labels(card) == ["Answer", "30 minutes", "Tonight", "Skip today"]


async def test_an_answer_is_kept_and_the_note_says_it_is_done(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    card = await opened(world, "ana")
    user = world.person("ana").user

    form = await user.click(card, label="Answer")
    result = await user.submit_modal(form, {**GOOD_DAY, "note": "a *long* walk"})

    assert "Your check-in for today is kept" in texts(result.response)
    assert set(fields(form)) == {"mood", "urge", "support", "note", "message_me"}
    again = await opened(world, "ana")
    assert "This check-in is done" in texts(again)
    assert "Answer" not in labels(again)
    await world.advance(24 * HOUR - 60)
    assert len(notes(world, "ana")) == 1
