"""What the tests of help in a crisis share."""

from typing import Any

import simcord

from bot.domain.participant import Delivery, ParticipantState, Preferences
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.simulation import World, shown

HOUR = 3600


async def join(world: World, name: str, **preferences: Any) -> simcord.MemberActor:
    """Let a person have joined."""
    actor = world.person(name)
    participants = world.app.services.participants
    chosen = {"delivery": Delivery.DM, "delivery_confirmed": True, "country": "US"} | preferences
    participant = await participants.begin(actor.id, Preferences(**chosen))
    await participants.move(participant, ParticipantState.ACTIVE)
    return actor


async def staff_channels(world: World) -> tuple[simcord.ChannelHandle, simcord.ChannelHandle]:
    """Make the two channels of the team and let the bot know them."""
    staff = world.guild.create_text_channel("staff")
    leads = world.guild.create_text_channel("leads")
    await world.app.services.places.save(PlaceKey.CHANNEL_STAFF, staff.id)
    await world.app.services.places.save(PlaceKey.CHANNEL_LEAD, leads.id)
    return staff, leads


async def put_on_duty(
    world: World, name: str, role: StaffRole = StaffRole.MODERATOR
) -> simcord.MemberActor:
    """Enrol a person and put them on duty."""
    actor = world.person(name)
    await world.app.services.team.enrol(actor.id, role, by=None)
    await world.app.services.duty.go_on(actor.id)
    return actor


async def help_card(world: World, actor: simcord.MemberActor) -> Any:
    """Type /crisis in a channel and return the card."""
    channel = world.guild.create_text_channel("anywhere")
    await world.env.settle()
    result = await actor.slash(channel, "crisis")
    assert result.ephemeral
    return shown(result)
