"""A programme's server, set up as its owner would."""

import simcord

from bot.builder.roles import DiscordRoles
from bot.domain.participant import ParticipantState, Preferences
from tests.fakes.simulation import World, shown


def owner_of(world: World) -> simcord.MemberActor:
    """Return the hands of the server's owner."""
    if "owner" not in world.people:
        world.people["owner"] = simcord.MemberActor(world.env, world.guild, world.guild.owner)
    return world.people["owner"]


def lobby(world: World) -> simcord.ChannelHandle:
    """Return a channel that was there before the bot."""
    channels = world.guild.channels
    return channels.get("general") or world.guild.create_text_channel("general")


async def apply(world: World, **options: bool) -> simcord.InteractionResult:
    """Let the owner run `/setup apply`, and confirm where the bot asks."""
    owner = owner_of(world)
    result = await owner.slash(lobby(world), "setup apply", **options)
    if world.app.services.programme.current.guild_id is None:
        return await owner.click(shown(result), label="Set up here")
    return result


async def set_up(world: World) -> None:
    """Make the server, enrol "moderator" and "clinician", and open joining.

    The owner becomes the lead. Nobody is on duty yet.
    """
    services = world.app.services
    await services.programme.change(country="US")
    await apply(world)
    owner = owner_of(world)
    for role in ("moderator", "clinician"):
        await owner.slash(lobby(world), "people add", user=world.person(role), role=role)
    await services.programme.change(joining_open=True)


async def let_in(world: World, name: str) -> simcord.MemberActor:
    """Make someone a participant without the screens, in the shipped room, role included."""
    actor = world.person(name)
    services = world.app.services
    participant = await services.participants.begin(actor.id, Preferences())
    await services.participants.move(participant, ParticipantState.ACTIVE)
    await services.room_members.enter(services.rooms.all()[0].id, participant, "en-rules")
    await world.env.settle()
    guild = world.app.bot.get_guild(world.guild.id)
    await services.team.follow(DiscordRoles(guild), actor.id)
    await world.env.settle()
    return actor
