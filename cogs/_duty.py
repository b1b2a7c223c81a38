"""On duty and off, the week, and who must not see whose requests."""

from datetime import time
from typing import Any

import discord
from discord import app_commands

from bot.domain.audit import AuditAction, Subject
from bot.domain.localtime import local_day
from bot.domain.rota import A_WEEK, WEEKDAYS, Hours
from bot.ui.cards import Card, Item, button
from bot.ui.handovers import write_button
from bot.ui.request import Request
from bot.ui.rota import Week, duty_card, week_button, week_card
from bot.ui.routing import pressed
from bot.ui.swaps import swap_buttons, swap_text
from cogs._oncall import OncallCommands, room_names
from cogs._rota_rules import RuleCommands
from cogs._shifts import ShiftCommands
from cogs._swaps import SwapCommands, turns_of

OWN_AHEAD_DAYS = 35
MOST_SWAPS = 3
MOST_WAITING = 15


class DutyCog(ShiftCommands, SwapCommands, RuleCommands):
    """`/oncall`: who is on, by hand and by shift."""

    oncall = OncallCommands.oncall
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

    @oncall.command()
    async def week(self, interaction: discord.Interaction[Any]) -> None:
        """Show who is on in the next seven days, and when no one is."""
        await self.show_week(self.bot.request(interaction))

    @pressed("duty:v1:show")
    async def show(self, request: Request) -> None:
        """Say who is on duty."""
        await request.staff()
        duty = request.services.duty
        on_duty = [member.user_id for member in duty.on_duty()]
        card = duty_card(
            request.words,
            on_duty,
            is_on=duty.is_on(request.user_id),
            next_on=duty.next_on(()),
            zone=request.zone,
        )
        await request.reply(card)

    @pressed("rota:v1:week")
    async def show_week(self, request: Request) -> None:
        """Show the week in the viewer's own time, and the swaps that wait for them."""
        await request.staff()
        words, rota, now = request.words, request.services.rota, request.now
        turns = rota.rota.turns(now, now + A_WEEK)
        cover = rota.rules.cover
        today = local_day(now, request.zone)
        always = Hours(
            start=time(0),
            end=time(0),
            zone=request.zone.key,
            first_day=today,
            days=frozenset(WEEKDAYS),
        )
        own = rota.turns_of(request.user_id, days=OWN_AHEAD_DAYS)
        week = Week(
            now=now,
            turns=turns,
            gaps=rota.rota.gaps([cover or always], now, now + A_WEEK) if turns or cover else [],
            is_covered=cover is not None,
            own=own[0] if own else None,
        )
        await request.reply(week_card(words, week, request.zone, room_names(request.services)))
        waiting = await request.services.swaps.open_of(request.user_id)
        if waiting:
            shown = waiting[:MOST_SWAPS]
            texts = [swap_text(words, one, turns_of(self, one), request.zone) for one in shown]
            rows = [swap_buttons(words, one, request.user_id) for one in shown]
            await request.reply(Card(title=words("rota.swap.waiting"), body=texts, rows=rows))

    @pressed("duty:v1:on")
    async def go_on(self, request: Request) -> None:
        """Put the presser on duty and say what is waiting."""
        member = await request.staff()
        resumed = await request.services.duty.go_on(request.user_id)
        await self._log(request, AuditAction.DUTY_CHANGED, on=True)
        words = request.words
        waiting = [
            f"**{case.ref}** · {words(f'care.severity.p{case.severity.value}')}"
            for case in await request.services.case_desk.queue(member)
            if case.owner_id is None
        ]
        if resumed is None:
            lines = [words("care.duty.on")]
        else:
            lines = [words("care.duty.resumed", until=words.moment(resumed.end, request.zone))]
        row = []
        if waiting:
            lines.append("\n".join([words("care.duty.waiting"), *waiting[:MOST_WAITING]]))
            row.append(queue_button(request))
        if await request.services.handovers.unread(member):
            lines.append(words("rota.handover.waiting"))
            row.append(button("handover:v1:open", label=words("rota.handover.read")))
        await request.update(Card(body=lines, rows=[row] if row else []))

    @pressed("duty:v1:off")
    async def go_off(self, request: Request) -> None:
        """Take the presser off duty; say so when nobody is left, also to the leads."""
        await request.staff()
        ended = await request.services.duty.go_off(request.user_id)
        await self._log(request, AuditAction.DUTY_CHANGED, on=False)
        words = request.words
        lines = [words("care.duty.off")]
        until = max((turn.end for turn in ended), default=None)
        if until is not None:
            lines = [words("care.duty.off_early", until=words.moment(until, request.zone))]
        if not request.services.duty.on_duty():
            lines.append(words("care.duty.left_nobody"))
            if until is not None:
                await request.services.rota_watch.left_nobody(request.user_id, until)
                lines.append(words("care.duty.lead_told"))
        await request.update(Card(body=lines, rows=[[write_button(words), week_button(words)]]))

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
        await self._log_conflict(request, staff.id, person.id, on=True)
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
        await self._log_conflict(request, staff.id, person.id, on=False)
        await request.say("care.conflict.removed", staff=staff.mention, person=person.mention)

    async def _log(self, request: Request, action: AuditAction, *, on: bool) -> None:
        actor = Subject.staff(request.user_id)
        await request.services.audit.record(actor, action, actor, on=on)

    async def _log_conflict(
        self, request: Request, staff_id: int, user_id: int, *, on: bool
    ) -> None:
        """Name both in the log: the member of the team, and the person where they have joined."""
        actor = Subject.staff(request.user_id)
        participant = await request.services.participants.find(user_id)
        concerned = [Subject.staff(staff_id)]
        if participant is not None:
            concerned.append(Subject.participant(participant.id))
        for subject in concerned:
            await request.services.audit.record(actor, AuditAction.CONFLICT_CHANGED, subject, on=on)


def queue_button(request: Request) -> Item:
    """Make the button that lists what is waiting."""
    return button("case:v1:queue", label=request.words("care.staff_panel.queue"))
