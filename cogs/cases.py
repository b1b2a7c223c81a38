"""The care team's requests: commands, lists, and the cards in the staff channel."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

import discord
from discord import app_commands

from bot.checks import StaffGroup
from bot.client import Bot
from bot.domain.case import Case, Severity
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.rehearsal import Play
from bot.services.case_notices import What
from bot.services.pages import AGAIN, URGENT
from bot.ui.cards import Card
from bot.ui.care import case_card, list_card
from bot.ui.care import severity as named
from bot.ui.case_work import news_card
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders
from bot.ui.waiting import with_waiting
from cogs._case_desk import CaseDeskCog
from cogs._case_ends import CaseEndsCog
from cogs._case_views import team_words, view_of, views_of
from cogs._handover import show_handover
from cogs._rehearsals import start_rehearsal
from cogs._reports import show_report

MOST_CHOICES = 25
FOR_ANYONE = frozenset({What.NOT_YET, What.HERE, What.UNANSWERED})
"""Where a case's owner is off duty, whoever is on is told of these."""

LEVELS = {
    "now": Severity.NOW,
    "soon": Severity.SOON,
    "today": Severity.TODAY,
    "watch": Severity.WATCH,
}

Handler = Callable[[Request], Awaitable[None]]


class CaseCog(FeatureCog[Bot]):
    """The team's side of care; every button of a card has a command here."""

    care = StaffGroup(name="care", description="The care team's requests")

    def __init__(self, bot: Bot, desk: CaseDeskCog, ends: CaseEndsCog) -> None:
        super().__init__(bot)
        self._desk = desk
        self._ends = ends

    @care.command()
    async def queue(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is waiting and who has what."""
        await self.show_queue(self.bot.request(interaction))

    @care.command()
    async def mine(self, interaction: discord.Interaction[Any]) -> None:
        """Show the cases you have."""
        await self.show_mine(self.bot.request(interaction))

    @care.command()
    async def report(
        self, interaction: discord.Interaction[Any], week: Literal["last", "this"] = "last"
    ) -> None:
        """Show a week in counts, as text and as a picture.

        Args:
            week: Which week, from Monday to Sunday.
        """
        await show_report(self.bot.request(interaction), weeks_ago=int(week == "last"))

    @care.command()
    async def rehearse(
        self,
        interaction: discord.Interaction[Any],
        play: Literal["crisis", "pause", "separation"],
        outside: bool = False,
    ) -> None:
        """Play something through with the team, without any participant; for leads.

        Args:
            play: What to play.
            outside: Also call outside Discord when the last step comes.
        """
        request = self.bot.request(interaction)
        await start_rehearsal(request, Play(play), calls_out=outside)

    @care.command()
    async def handover(self, interaction: discord.Interaction[Any]) -> None:
        """Read what the last shift left for you, or write for the next."""
        request = self.bot.request(interaction)
        await show_handover(request, await request.staff())

    @care.command(name="case")
    async def card(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Show the card of a case.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._show_card)

    @care.command()
    async def claim(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Take a case.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.claim)

    @care.command()
    async def contacted(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Say that you wrote to the person.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.contacted)

    @care.command()
    async def backup(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Ask for back-up on your case, or be it for a colleague who asked.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.backup)

    @care.command()
    async def busy(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """With someone now: 15 minutes more on the clock of your case.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.busy)

    @care.command()
    async def tried(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Say that you wrote and heard nothing back.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.tried)

    @care.command()
    async def steps(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Show what to do next, and first words to send.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.steps)

    @care.command()
    async def write(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Write to the person in a private thread.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.write)

    @care.command(name="open")
    async def open_file(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Open what is in a case; where it is not yours, with a reason.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._with(interaction, ref, self._desk.open_case)

    @care.command()
    async def note(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Add a note for your colleagues.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._form(interaction, ref, self._desk.note_form)

    @care.command()
    async def close(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Close a case; who asked for it is asked first.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._form(interaction, ref, self._ends.close_form)

    @care.command()
    async def reopen(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Open a closed case again.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        await self._form(interaction, ref, self._ends.reopen_form)

    @care.command()
    async def handto(
        self,
        interaction: discord.Interaction[Any],
        ref: str,
        colleague: discord.Member | None = None,
    ) -> None:
        """Hand a case over to a colleague, or to the next shift.

        Args:
            ref: The five characters on its card, such as K7Q2M.
            colleague: Who gets it if they take it; nobody for the next shift.
        """
        if colleague is None:
            await self._form(interaction, ref, self._ends.shift_form)
            return
        to = colleague.id

        async def offer(request: Request) -> None:
            await self._ends.offer_to(request, to)

        await self._with(interaction, ref, offer)

    @care.command()
    async def severity(
        self,
        interaction: discord.Interaction[Any],
        ref: str,
        level: Literal["now", "soon", "today", "watch"],
    ) -> None:
        """Change how soon a case must be looked at; its clock starts anew.

        Args:
            ref: The five characters on its card, such as K7Q2M.
            level: How soon.
        """

        async def rate(request: Request) -> None:
            await self._ends.rate(request, LEVELS[level])

        await self._with(interaction, ref, rate)

    @card.autocomplete("ref")
    @claim.autocomplete("ref")
    @contacted.autocomplete("ref")
    @backup.autocomplete("ref")
    @busy.autocomplete("ref")
    @tried.autocomplete("ref")
    @steps.autocomplete("ref")
    @write.autocomplete("ref")
    @open_file.autocomplete("ref")
    @note.autocomplete("ref")
    @close.autocomplete("ref")
    @reopen.autocomplete("ref")
    @handto.autocomplete("ref")
    @severity.autocomplete("ref")
    async def refs(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the open cases a member may know of."""
        request = self.bot.request(interaction)
        member = request.services.staff.get(request.user_id)
        if member is None:
            return []
        wanted = current.strip().upper()
        return [
            app_commands.Choice(name=f"{case.ref} · {named(request.words, case)}", value=case.ref)
            for case in await request.services.case_desk.queue(member)
            if wanted in case.ref
        ][:MOST_CHOICES]

    async def _with(
        self, interaction: discord.Interaction[Any], ref: str, handler: Handler
    ) -> None:
        """Do with a case what its button does."""
        await handler(await self._request(interaction, ref))

    async def _form(
        self,
        interaction: discord.Interaction[Any],
        ref: str,
        builder: Callable[[Request], Awaitable[Form]],
    ) -> None:
        request = await self._request(interaction, ref)
        await request.open(await builder(request))

    async def _request(self, interaction: discord.Interaction[Any], ref: str) -> Request:
        request = self.bot.request(interaction)
        case = await request.services.case_desk.by_ref(ref, await request.staff())
        request.args = [case.id]
        return request

    async def _show_card(self, request: Request) -> None:
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        await request.reply(case_card(request.words, await view_of(self.bot, case)))

    @pressed("case:v1:queue")
    async def show_queue(self, request: Request) -> None:
        """List what is left to do."""
        cases = await request.services.case_desk.queue(await request.staff())
        await self._show_list(request, "queue", cases)

    @pressed("case:v1:mine")
    async def show_mine(self, request: Request) -> None:
        """List the presser's own cases, and those they stand by in."""
        cases = await request.services.case_desk.queue(await request.staff())
        own = [case for case in cases if request.user_id in (case.owner_id, case.backup_id)]
        await self._show_list(request, "mine", own)

    async def _show_list(self, request: Request, which: str, cases: Sequence[Case]) -> None:
        words = request.words
        is_turning = bool(request.args)
        card = list_card(
            words,
            words(f"care.case.{which}_title"),
            words(f"care.case.{which}_empty"),
            await views_of(self.bot, cases),
            route=f"case:v1:{which}",
            page=int(request.arg()) if is_turning else 0,
        )
        await (request.update(card) if is_turning else request.reply(card))

    @pressed("case:v1:pick")
    async def pick(self, request: Request) -> None:
        """Show the card of a case chosen from a list."""
        request.args = request.selected
        await self._show_card(request)

    @renders("case.page", "case.request")
    async def page(self, row: OutboxRow) -> Card:
        """Make the card of a case for a staff channel, mentioning who may help.

        Who has it may be off duty by now: whoever asks again rings those who are on.
        """
        case = await self._of(row)
        view = await view_of(self.bot, case)
        if case.is_closed or (case.claimed_at is not None and row.due_at <= case.claimed_at):
            return case_card(team_words(self.bot), view)
        services = self.bot.services
        rung = await services.case_clocks.rung(case, row.args)
        people = await services.case_desk.people(case)
        is_staffed = bool(services.duty.free_to_help(people, leads_only=case.is_apart))
        card = case_card(
            team_words(self.bot),
            view,
            ring=rung if rung or not is_staffed else None,
            asked_again_at=row.due_at if AGAIN in row.args else None,
            is_urgent=row.kind == URGENT.name,
        )
        return with_waiting(team_words(self.bot), card, row, is_free=view.is_free)

    @renders("case.opened")
    async def opened(self, row: OutboxRow) -> Card:
        """Tell the leads who opened a case with a reason."""
        case = await self._of(row)
        who = f"<@{row.args['by']}>"
        return Card(body=team_words(self.bot)("care.case.opened_by_reason", who=who, ref=case.ref))

    async def _of(self, row: OutboxRow) -> Case:
        case = await self.bot.services.case_desk.get(row.subject_id)
        if case is None:
            raise RefusedError("the case is gone")
        return case

    @renders("case.news")
    async def news(self, row: OutboxRow) -> Card:
        """Tell somebody on the team what happened to a case; only who is on duty is mentioned."""
        case = await self._of(row)
        what, services = What(row.args["what"]), self.bot.services
        to = int(row.args["to"]) if "to" in row.args else None
        people = await services.case_desk.people(case)
        free = services.duty.free_to_help(people, leads_only=case.is_apart)
        ring = [
            one.user_id
            for one in free
            if one.user_id == to or (to is None and one.user_id != case.owner_id)
        ]
        if not ring and what in FOR_ANYONE:
            ring = [one.user_id for one in free]
        return news_card(team_words(self.bot), await view_of(self.bot, case), what, ring, to)


async def setup(bot: Bot) -> None:
    """Add every part."""
    desk, ends = CaseDeskCog(bot), CaseEndsCog(bot)
    await bot.add_cog(desk)
    await bot.add_cog(ends)
    await bot.add_cog(CaseCog(bot, desk, ends))
