"""Who is on duty, and who must not see whose requests."""

from bot.client import Bot
from cogs._duty import DutyCog


async def setup(bot: Bot) -> None:
    """Add the cog; its groups are declared in a module that is imported once."""
    await bot.add_cog(DutyCog(bot))
