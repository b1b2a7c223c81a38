"""The separation guard: looks again at every change of roles, overwrites and threads."""

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.place import PlaceKey
from bot.services.guard import CLOSED, COUNT, DRIFT, IN_THREAD, PARENTS, PLACE
from bot.text import Words
from bot.ui.cards import Accent, Card, button
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders


class GuardCog(FeatureCog[Bot]):
    """Watches whatever can change who sees a private space."""

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look at what changed while the bot was away."""
        await self._check()

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Look again where a role may do something else."""
        if self._is_home(after.guild.id) and before.permissions != after.permissions:
            await self._check()

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Look again where a parent of private threads changed, or was moved."""
        is_parent = self.bot.services.places.key_of(after.id) in PARENTS
        if is_parent and before.overwrites != after.overwrites:
            await self._check()

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Look again where somebody got or lost a role."""
        if self._is_home(after.guild.id) and before.roles != after.roles:
            await self._check()

    @commands.Cog.listener()
    async def on_thread_member_join(self, member: discord.ThreadMember) -> None:
        """Look again where somebody came into a couple's thread."""
        if self._is_couples(member.thread):
            await self._check()

    @commands.Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """Look again where a couple's thread was renamed."""
        if self._is_couples(after) and before.name != after.name:
            await self._check()

    @renders(DRIFT.name)
    async def drift(self, row: OutboxRow) -> Card:
        """Tell the leads."""
        words = self._words
        place = words(f"guard.place.{row.args[PLACE].replace('.', '_')}")
        is_couples = row.args[PLACE] == PlaceKey.CHANNEL_COUPLES
        closed = "closed" if is_couples else "closed_personal"
        said = closed if row.args[CLOSED] else "open"
        body = [
            words("guard.drift", n=int(row.args[COUNT]), place=place),
            words(f"guard.{said}"),
            words("guard.then"),
        ]
        rows = []
        if is_couples:
            rows = [[button("guard:v1:reopen", row.id, label=words("guard.reopen"))]]
        return Card(title=words("guard.title"), body=body, rows=rows, accent=Accent.URGENT)

    @renders(IN_THREAD.name)
    async def line(self, _row: OutboxRow) -> Card:
        """Tell a couple that they can write again."""
        return Card(body=self._words("guard.again"))

    @pressed("guard:v1:reopen")
    async def reopen(self, request: Request) -> None:
        """Open the spaces again."""
        await request.services.staff.lead(request.user_id)
        await request.hold()
        opened = await request.services.guard.reopen(self.bot.guard)
        await request.say("guard.reopened", n=opened)

    async def _check(self) -> None:
        await self.bot.services.guard.check(self.bot.guard)

    def _is_home(self, guild_id: int) -> bool:
        return guild_id == self.bot.services.programme.current.guild_id

    def _is_couples(self, thread: discord.Thread) -> bool:
        return thread.parent_id == self.bot.services.places.get(PlaceKey.CHANNEL_COUPLES)

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(GuardCog(bot))
