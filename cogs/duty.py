"""On duty and off, and who must not see whose requests."""

from typing import Any

import discord
from discord import app_commands

from bot.checks import StaffGroup
from bot.client import Bot
from bot.domain.audit import AuditAction, Subject
from bot.ui.cards import Card, Item, button
from bot.ui.care import duty_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed


class DutyCog(FeatureCog[Bot]):
    """Puts people on and off duty."""

    oncall = StaffGroup(name="oncall", description="Who is on duty")
    apart = app_commands.Group(
        name="apart", description="Who must not see whose requests", parent=oncall
    )

    @oncall.command()
    async def on(self, interaction: discord.Interaction[Any]) -> None:
        """Go on duty: you are mentioned when someone asks for a person."""
        await self.go_on(self.bot.request(interaction))

    @oncall.command()
    async def off(self, interaction: discord.Interaction[Any]) -> None:
        """Go off duty: nobody mentions you."""
        await self.go_off(self.bot.request(interaction))

    @pressed("duty:v1:show")
    async def show(self, request: Request) -> None:
        """Say who is on duty."""
        await request.staff()
        duty = request.services.duty
        on_duty = [member.user_id for member in duty.on_duty()]
        card = duty_card(request.words, on_duty, is_on=duty.is_on(request.user_id))
        await request.reply(card)

    @pressed("duty:v1:on")
    async def go_on(self, request: Request) -> None:
        """Put the presser on duty and say what is waiting."""
        member = await request.staff()
        await request.services.duty.go_on(request.user_id)
        await self._log(request, AuditAction.DUTY_CHANGED, on=True)
        waiting = [
            f"**{case.ref}** · {request.words(f'care.severity.p{case.severity.value}')}"
            for case in await request.services.case_desk.queue(member)
            if case.owner_id is None
        ]
        lines = [request.words("care.duty.on")]
        if waiting:
            lines.append("\n".join([request.words("care.duty.waiting"), *waiting[:15]]))
        await request.update(Card(body=lines, rows=[[queue_button(request)]] if waiting else []))

    @pressed("duty:v1:off")
    async def go_off(self, request: Request) -> None:
        """Take the presser off duty; say so when nobody is left."""
        await request.staff()
        await request.services.duty.go_off(request.user_id)
        await self._log(request, AuditAction.DUTY_CHANGED, on=False)
        lines = [request.words("care.duty.off")]
        if not request.services.duty.on_duty():
            lines.append(request.words("care.duty.left_nobody"))
        await request.update(Card(body=lines))

    @apart.command()
    async def add(
        self,
        interaction: discord.Interaction[Any],
        staff: discord.Member,
        person: discord.Member,
    ) -> None:
        """Keep a member of the team away from a person's requests.

        Args:
            staff: The member of the care team.
            person: The partner, relative or friend whose requests they must not see.
        """
        request = self.bot.request(interaction)
        await request.services.staff.lead(request.user_id)
        await request.services.duty.keep_apart(staff.id, person.id)
        await self._log(request, AuditAction.CONFLICT_CHANGED, on=True)
        await request.say("care.conflict.added", staff=staff.mention, person=person.mention)

    @apart.command()
    async def remove(
        self,
        interaction: discord.Interaction[Any],
        staff: discord.Member,
        person: discord.Member,
    ) -> None:
        """Let a member of the team see a person's requests again.

        Args:
            staff: The member of the care team.
            person: The person they were kept away from.
        """
        request = self.bot.request(interaction)
        await request.services.staff.lead(request.user_id)
        await request.services.duty.end_apart(staff.id, person.id, by=request.user_id)
        await self._log(request, AuditAction.CONFLICT_CHANGED, on=False)
        await request.say("care.conflict.removed", staff=staff.mention, person=person.mention)

    async def _log(self, request: Request, action: AuditAction, *, on: bool) -> None:
        actor = Subject.staff(request.user_id)
        await request.services.audit.record(actor, action, actor, on=on)


def queue_button(request: Request) -> Item:
    """Make the button that lists what is waiting."""
    return button("case:v1:queue", label=request.words("care.staff_panel.queue"))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(DutyCog(bot))
