"""Who holds which role, and giving and taking them."""

import discord

from bot.builder.terms import REASON, build_errors


class DiscordRoles:
    """Who holds which role in one server; all members are in memory."""

    def __init__(self, guild: discord.Guild) -> None:
        self._guild = guild

    def held_by(self, user_id: int) -> frozenset[int] | None:
        """Return the roles a person holds; nothing where they are not in the server."""
        member = self._guild.get_member(user_id)
        return None if member is None else frozenset(role.id for role in member.roles)

    def holders(self, role_id: int) -> frozenset[int]:
        """Return everyone who holds a role."""
        role = self._guild.get_role(role_id)
        return frozenset() if role is None else frozenset(member.id for member in role.members)

    async def give(self, user_id: int, role_id: int) -> None:
        """Give a person a role.

        Raises:
            BuildError: Discord refused, or did not answer.
        """
        await self._change(user_id, role_id, add=True)

    async def take(self, user_id: int, role_id: int) -> None:
        """Take a role from a person.

        Raises:
            BuildError: Discord refused, or did not answer.
        """
        await self._change(user_id, role_id, add=False)

    async def _change(self, user_id: int, role_id: int, *, add: bool) -> None:
        member = self._guild.get_member(user_id)
        if member is None:
            return
        async with build_errors():
            change = member.add_roles if add else member.remove_roles
            await change(discord.Object(role_id), reason=REASON, atomic=True)
