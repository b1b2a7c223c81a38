"""A card somebody passes on themselves; the bot writes to nobody who has not joined."""

from bot.client import Bot
from bot.ui.invitation import OTHER, invitation_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed

OWNER = "invitation"
"""Whose picture it is on the easel: nobody's."""


class InvitationCog(FeatureCog[Bot]):
    """Hands out the card."""

    @pressed("together:v1:card")
    async def card(self, request: Request) -> None:
        """Show the card in one's own language, or in the other one."""
        await request.participant()
        locale = request.args[0] if request.args else request.words.locale
        theirs = self.bot.catalog.words(locale if locale in OTHER else None)
        await request.hold()
        paint = self.bot.easel.of(OWNER)
        await request.update(await invitation_card(request.words, theirs, paint))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(InvitationCog(bot))
