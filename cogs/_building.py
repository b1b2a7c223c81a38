"""What the cogs of set-up share: the server as something to build on."""

import discord

from bot.builder.server import DiscordBuilder
from bot.checks import home
from bot.domain.readiness import Readiness
from bot.ui.request import Request
from bot.ui.setup import panels


def builder_of(request: Request) -> DiscordBuilder:
    """Return the server a request comes from, to be looked at and built on."""
    guild: discord.Guild = home(request)
    words = request.services.setup.words
    country = request.services.programme.current.country
    rooms = request.services.rooms.all()
    return DiscordBuilder(
        request.interaction.client, guild, panels(words, request.content, country, rooms)
    )


async def readiness_of(request: Request) -> Readiness:
    """Check the server a request comes from."""
    plan, facts = await request.services.setup.look(builder_of(request))
    return await request.services.readiness.check(plan, facts)
