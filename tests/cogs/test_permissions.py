"""A permission the bot loses and gets back: what was kept goes out at once."""

from dataclasses import replace

import discord
import simcord

from bot.domain.place import PlaceKey
from tests.fakes.care import ask, channel, joined
from tests.fakes.server import set_up
from tests.fakes.simulation import World, texts

SEND = discord.Permissions(send_messages=True).value


async def silence(world: World, *, silenced: bool) -> None:
    """Take the bot's right to write in the team's channel, or give it back, by the owner."""
    place = channel(world, PlaceKey.CHANNEL_STAFF)
    backend = world.env.backend
    own = {world.app.bot.user.id, world.guild.roles["TestBot"].id}
    overwrites = [
        replace(
            each,
            allow=each.allow & ~SEND if silenced else each.allow | SEND,
            deny=each.deny | SEND if silenced else each.deny & ~SEND,
        )
        if each.target_id in own
        else each
        for each in backend.get_channel(place.id).overwrites
    ]
    backend.edit_channel(place.id, {}, overwrites=overwrites)
    await world.env.settle()


def pages(team: simcord.ChannelHandle) -> list[discord.Message]:
    return [message for message in team.history() if "asked for a person" in texts(message)]


async def test_a_request_kept_for_a_channel_goes_out_when_the_bot_may_write_again(
    world: World,
) -> None:
    await set_up(world)
    await joined(world, "ana")
    team = channel(world, PlaceKey.CHANNEL_STAFF)

    await silence(world, silenced=True)
    await ask(world, "ana")
    await world.run_due()
    kept = pages(team)
    await silence(world, silenced=False)
    await world.run_due()

    assert kept == []
    assert len(pages(team)) == 1
