"""Who may run a command: the check at run time and Discord's default permission in one.

Staff are rows. The default permission only decides who is shown a command; a person who holds it
without being enrolled is refused with a sentence.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.domain.blueprint import STAFF_ONLY_PERMISSION
from bot.errors import UserError
from bot.ui.request import Request

Check: TypeAlias = Callable[[Request], Awaitable[object]]

NONE: Mapping[str, Check] = MappingProxyType({})

STAFF_PERMISSIONS = discord.Permissions(**{STAFF_ONLY_PERMISSION: True})


async def is_staff(request: Request) -> None:
    """Require an enrolled member of the care team.

    Raises:
        UserError: They are not enrolled.
    """
    await request.staff()


async def is_lead(request: Request) -> None:
    """Require an enrolled lead.

    Raises:
        UserError: They are not a lead.
    """
    await request.services.staff.lead(request.user_id)


async def may_set_up(request: Request) -> None:
    """Require the server's owner or an enrolled lead, in the programme's server.

    Raises:
        UserError: They are neither, or it is another server.
    """
    guild = home(request)
    request.services.setup.check_server(guild.id, len(request.interaction.client.guilds))
    request.services.setup.check_person(request.user_id, guild.owner_id)


def home(request: Request) -> discord.Guild:
    """Return the server a command was used in.

    Raises:
        UserError: It was used in a direct message.
    """
    guild = request.interaction.guild
    if guild is None:
        raise UserError("core.server_only")
    return guild


class StaffGroup(app_commands.Group):
    """Commands shown to the care team; one check stands before all of them.

    Args:
        own: Commands with a check of their own, by name.
    """

    def __init__(
        self,
        *,
        name: str,
        description: str,
        check: Check = is_staff,
        own: Mapping[str, Check] = NONE,
    ) -> None:
        super().__init__(
            name=name,
            description=description,
            guild_only=True,
            default_permissions=STAFF_PERMISSIONS,
        )
        self._check = check
        self._own = own

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Refuse with a sentence, before the command runs."""
        name = interaction.command.name if interaction.command else ""
        return await _passes(interaction, self._own.get(name, self._check))


async def _passes(interaction: discord.Interaction[Any], check: Check) -> bool:
    request: Request = interaction.client.request(interaction)
    try:
        await check(request)
    except UserError as error:
        command = interaction.command
        if not isinstance(command, app_commands.Command):
            raise
        # From a check discord.py takes only its own errors to the error path.
        raise app_commands.CommandInvokeError(command, error) from error
    return True
