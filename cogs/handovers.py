"""Handover notes: one shift writes what the next must know."""

import re
from collections.abc import Sequence

from bot.client import Bot
from bot.domain.case import REF_ALPHABET, REF_LENGTH, Case
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.ui.cards import escape
from bot.ui.forms import Form
from bot.ui.handovers import NOTE, REFS, handover_form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._handover import show_handover

REF = re.compile(rf"(?<![A-Z0-9])[{REF_ALPHABET}]{{{REF_LENGTH}}}(?![A-Z0-9])")
MENTION = re.compile(r"<@!?(\d{15,20})>")
CODE = re.compile(r"\b[A-Z]{1,4}-\d{1,6}\b")


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
        cases = await self._cases(request, member, text)
        people = {int(found) for found in MENTION.findall(text)}
        for code in CODE.findall(text.upper()):
            person = await request.services.participants.by_code(code)
            people |= {person.user_id} if person else set()
        for case in cases:
            people |= set(await request.services.case_desk.people(case))
        is_apart = any(case.is_apart for case in cases)
        note = await request.services.handovers.write(
            member, text, people=people, is_apart=is_apart
        )
        await request.services.rota_watch.written(note)
        await request.say("rota.handover.saved")

    async def _cases(self, request: Request, member: StaffMember, text: str) -> Sequence[Case]:
        """Return the requests a note names: each of the field, and those found in the text.

        Raises:
            UserError: The field names one that there is not.
        """
        found = []
        for ref in re.split(r"[\s,;]+", request.text(REFS).upper()):
            if ref:
                try:
                    found.append(await request.services.case_desk.by_ref(ref, member))
                except UserError as error:
                    raise UserError("rota.handover.unknown_ref", ref=escape(ref)) from error
        for ref in REF.findall(text.upper()):
            try:
                found.append(await request.services.case_desk.by_ref(ref, member))
            except UserError:
                # A word of five capitals, or a request of others: nothing is known of it here.
                continue
        return found


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(HandoverCog(bot))
