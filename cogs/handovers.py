"""Handover notes: one shift writes what the next must know."""

import re
from collections.abc import Sequence

from bot.client import Bot
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.ui.cards import escape
from bot.ui.forms import Form
from bot.ui.handovers import NOTE, REFS, handover_form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._handover import show_handover


class HandoverCog(FeatureCog[Bot]):
    """Written by anyone on the team; read by who is on duty, and by the leads."""

    @pressed("handover:v1:open")
    async def open(self, request: Request) -> None:
        """Show the notes to who is on duty, and to anyone else the way to write one."""
        await show_handover(request, await request.staff())

    @pressed("handover:v1:read")
    async def read(self, request: Request) -> None:
        """Show the notes to the person the card is for.

        Anyone else reads the same words, whether or not there is something they must not see.
        """
        member = await request.staff()
        if request.arg() != str(request.user_id):
            raise UserError("rota.handover.not_yours", who=f"<@{request.arg()}>")
        await show_handover(request, member)

    @pressed("handover:v1:older")
    async def older(self, request: Request) -> None:
        """Show older notes."""
        if not request.arg().isdecimal():
            raise UserError("core.old_card")
        await show_handover(request, await request.staff(), skip=int(request.arg()))

    @form("handover:v1:write")
    async def write_form(self, request: Request) -> Form:
        """Ask what the next shift must know."""
        await request.staff()
        return handover_form(request.words)

    @submits("handover:v1:write")
    async def write(self, request: Request) -> None:
        """Keep a note, and whom it is about as far as it says so."""
        member = await request.staff()
        if not (text := request.text(NOTE)):
            raise UserError("rota.handover.empty")
        refs = await self._refs(request, member)
        note = await request.services.handovers.write(member, text, refs)
        await request.services.rota_watch.written(note)
        await request.say("rota.handover.saved")

    async def _refs(self, request: Request, member: StaffMember) -> Sequence[str]:
        """Return the requests that the field names.

        Raises:
            UserError: There is no such request, in the same words as where it is not theirs.
        """
        refs = []
        for ref in filter(None, re.split(r"[\s,;]+", request.text(REFS).upper())):
            try:
                case = await request.services.case_desk.by_ref(ref, member)
            except UserError as error:
                raise UserError("rota.handover.unknown_ref", ref=escape(ref)) from error
            refs.append(case.ref)
        return refs


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(HandoverCog(bot))
