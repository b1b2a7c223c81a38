"""Neutral notes and refused forms: opening what waits behind a tap."""

from bot.client import Bot
from bot.errors import UserError
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed


class NoteCog(FeatureCog[Bot]):
    """Opens notes and drafts."""

    @pressed("note:v1:open")
    async def open_note(self, request: Request) -> None:
        """Show what a note holds, to the person it was sent to."""
        note = await request.services.notes.open(request.arg(), request.user_id)
        opener = self.bot.router.openers.get(note.kind)
        if opener is None:
            raise UserError("core.old_card")
        await opener(request, note)

    @pressed("draft:v1:open")
    async def open_draft(self, request: Request) -> None:
        """Open a refused form again, filled in as it was."""
        draft = await request.services.drafts.reopen(request.arg(), request.user_id)
        feature, version, action, *args = draft.route.split(":")
        route = self.bot.router.forms.get(f"{feature}:{version}:{action}")
        if route is None:
            raise UserError("core.old_card")
        request.args = args
        form = await route.build(request)
        await request.open(form.filled(draft.values))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(NoteCog(bot))
