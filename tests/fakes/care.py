"""A programme with a team, for stories about care."""

import simcord

from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.domain.place import PlaceKey
from tests.fakes.simulation import World, labels, shown


async def joined(world: World, name: str, code: str = "P-104") -> Participant:
    """Make a member a participant with a private thread."""
    services = world.app.services
    member = world.person(name)
    person = await services.participants.begin(member.id, Preferences(zone="America/New_York"))
    await world.app.stores.participants.set_code(person.id, code)
    person = await services.participants.move(person, ParticipantState.ACTIVE)
    person = await services.participants.change(
        person, delivery=Delivery.THREAD, delivery_confirmed=True, country="US"
    )
    await world.app.bot.threads.open(member.id, "en")
    return person


def channel(world: World, key: PlaceKey) -> simcord.ChannelHandle:
    """Return a channel that set-up made."""
    wanted = world.app.services.places.get(key)
    return next(place for place in world.guild.channels.values() if place.id == wanted)


def panel(world: World, key: PlaceKey = PlaceKey.CHANNEL_START) -> object:
    """Return the panel of a channel."""
    return next(message for message in channel(world, key).history() if labels(message))


async def ask(world: World, name: str) -> simcord.InteractionResult:
    """Let somebody ask for a person from the panel."""
    person = world.person(name)
    card = await person.click(panel(world), label="Message the team")
    return await person.click(shown(card), label="Ask a person to message me")


async def on_duty(world: World, name: str = "moderator") -> None:
    """Put a member of the team on duty."""
    await world.person(name).slash(channel(world, PlaceKey.CHANNEL_STAFF), "oncall on")


async def page(world: World, key: PlaceKey = PlaceKey.CHANNEL_STAFF) -> object:
    """Deliver what is due and return the last card in a staff channel."""
    await world.run_due()
    return channel(world, key).last_message
