"""The care team's requests: cards in the staff channel, lists, and a case's content."""

from collections.abc import Sequence
from typing import Any, Literal

import discord

from bot.checks import StaffGroup
from bot.client import Bot
from bot.domain.case import Case, Resolution
from bot.domain.delivery import OutboxRow, RefusedError
from bot.errors import UserError
from bot.services.case_desk import CaseFile
from bot.services.pages import AGAIN, URGENT
from bot.text import Words
from bot.ui.cards import Card, Option
from bot.ui.care import CaseView, case_card, list_card
from bot.ui.case_file import file_card
from bot.ui.forms import Field, Form, RadioField, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, renders, submits
from bot.ui.waiting import with_waiting
from cogs._reports import show_report

WORDS = "words"
ENDING = "ending"


class CaseCog(FeatureCog[Bot]):
    """The team's side of care."""

    care = StaffGroup(name="care", description="The care team's requests")

    @care.command()
    async def queue(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is waiting and who has what."""
        await self.show_queue(self.bot.request(interaction))

    @care.command()
    async def mine(self, interaction: discord.Interaction[Any]) -> None:
        """Show the cases you have."""
        await self.show_mine(self.bot.request(interaction))

    @care.command(name="case")
    async def open_by_ref(self, interaction: discord.Interaction[Any], ref: str) -> None:
        """Open a case by its reference.

        Args:
            ref: The five characters on its card, such as K7Q2M.
        """
        request = self.bot.request(interaction)
        member = await request.staff()
        case = await request.services.case_desk.by_ref(ref, member)
        await request.reply(case_card(request.words, await self._view(case)))

    @care.command()
    async def report(
        self, interaction: discord.Interaction[Any], week: Literal["last", "this"] = "last"
    ) -> None:
        """Show a week in counts, as text and as a picture.

        Args:
            week: Which week, from Monday to Sunday.
        """
        await show_report(self.bot.request(interaction), weeks_ago=int(week == "last"))

    @pressed("case:v1:queue")
    async def show_queue(self, request: Request) -> None:
        """List what is left to do."""
        cases = await request.services.case_desk.queue(await request.staff())
        words = request.words
        title, empty = words("care.case.queue_title"), words("care.case.queue_empty")
        await request.reply(list_card(words, title, empty, await self._views(cases)))

    @pressed("case:v1:mine")
    async def show_mine(self, request: Request) -> None:
        """List the presser's own cases."""
        cases = await request.services.case_desk.queue(await request.staff())
        own = [case for case in cases if case.owner_id == request.user_id]
        words = request.words
        title, empty = words("care.case.mine_title"), words("care.case.mine_empty")
        await request.reply(list_card(words, title, empty, await self._views(own)))

    @pressed("case:v1:claim")
    async def claim(self, request: Request) -> None:
        """Take a case; of two people at once one gets it, the other is told who."""
        case = await request.services.case_desk.claim(request.arg(), await request.staff())
        await self._redraw(request, case)

    @pressed("case:v1:contacted")
    async def contacted(self, request: Request) -> None:
        """Keep that the owner wrote to the person."""
        case = await request.services.case_desk.contacted(request.arg(), await request.staff())
        await self._redraw(request, case)

    @form("case:v1:note")
    async def note_form(self, request: Request) -> Form:
        """Ask for a note."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        words = request.words
        field = TextField(
            key=WORDS,
            label=words("care.case.note_field"),
            description=words("care.case.note_hint"),
            long=True,
            required=False,
        )
        title = words("care.case.note_title", ref=case.ref)
        return Form.of("case:v1:note", case.id, title=title, fields=[field])

    @submits("case:v1:note")
    async def note(self, request: Request) -> None:
        """Keep a note."""
        if not (text := request.text(WORDS)):
            raise UserError("care.case.note_empty")
        member = await request.staff()
        case = await request.services.case_desk.note(request.arg(), member, text)
        await request.say("care.case.note_saved", ref=case.ref)

    @form("case:v1:close")
    async def close_form(self, request: Request) -> Form:
        """Ask how a case ended."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        words = request.words
        endings = [
            Option(value=ending.value, label=words(f"care.resolution.{ending.value}"))
            for ending in Resolution
        ]
        fields: list[Field] = [
            RadioField(key=ENDING, label=words("care.case.close_field"), options=endings),
            TextField(key=WORDS, label=words("care.case.close_note"), long=True, required=False),
        ]
        title = words("care.case.close_title", ref=case.ref)
        return Form.of("case:v1:close", case.id, title=title, fields=fields)

    @submits("case:v1:close")
    async def close(self, request: Request) -> None:
        """Close a case."""
        if (ending := request.choice(ENDING)) is None:
            raise UserError("care.case.close_missing")
        case = await request.services.case_desk.close(
            request.arg(), await request.staff(), Resolution(ending), request.text(WORDS)
        )
        await self._redraw(request, case)

    @pressed("case:v1:pick")
    async def pick(self, request: Request) -> None:
        """Show the card of a case chosen from a list."""
        desk = request.services.case_desk
        case = await desk.visible(request.selected[0], await request.staff())
        await request.reply(case_card(request.words, await self._view(case)))

    @pressed("case:v1:open")
    async def open_case(self, request: Request) -> None:
        """Open a case's content, or ask for the reason first."""
        member = await request.staff()
        file = await request.services.case_desk.open_file(request.arg(), member)
        if file is None:
            await request.open(await self.reason_form(request))
            return
        await self._show_file(request, file)

    @form("case:v1:reason")
    async def reason_form(self, request: Request) -> Form:
        """Ask why a case must be opened."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        words = request.words
        field = TextField(
            key=WORDS,
            label=words("care.case.reason_field", ref=case.ref),
            description=words("care.case.reason_hint"),
            long=True,
            required=False,
            max_length=1000,
        )
        title = words("care.case.reason_title")
        return Form.of("case:v1:reason", case.id, title=title, fields=[field])

    @submits("case:v1:reason")
    async def open_with_reason(self, request: Request) -> None:
        """Open a case with a reason, which the leads learn at once."""
        if not (reason := request.text(WORDS)):
            raise UserError("care.case.reason_empty")
        member = await request.staff()
        desk = request.services.case_desk
        file = await desk.open_file(request.arg(), member, reason=reason)
        if file is not None:
            await self._show_file(request, file)

    @renders("case.page", "case.request")
    async def page(self, row: OutboxRow) -> Card:
        """Make the card of a case for a staff channel, mentioning who may help.

        Who has it may be off duty by now: whoever asks again rings those who are on.
        """
        case = await self._of(row)
        view = await self._view(case)
        if case.is_closed or (case.claimed_at is not None and row.due_at <= case.claimed_at):
            return case_card(self._words, view)
        services = self.bot.services
        rung = await services.case_clocks.rung(case, row.args)
        people = await services.case_desk.people(case)
        is_staffed = bool(services.duty.free_to_help(people, leads_only=case.is_apart))
        card = case_card(
            self._words,
            view,
            ring=rung if rung or not is_staffed else None,
            asked_again_at=row.due_at if AGAIN in row.args else None,
            is_urgent=row.kind == URGENT.name,
        )
        return with_waiting(self._words, card, row)

    @renders("case.opened")
    async def opened(self, row: OutboxRow) -> Card:
        """Tell the leads who opened a case with a reason."""
        case = await self._of(row)
        who = f"<@{row.args['by']}>"
        return Card(body=self._words("care.case.opened_by_reason", who=who, ref=case.ref))

    async def _of(self, row: OutboxRow) -> Case:
        case = await self.bot.services.case_desk.get(row.subject_id)
        if case is None:
            raise RefusedError("the case is gone")
        return case

    async def _show_file(self, request: Request, file: CaseFile) -> None:
        content = request.content.texts(request.locale)
        guild_id = self.bot.services.programme.current.guild_id
        card = file_card(request.words, file, content, guild_id, request.zone)
        await request.reply(card)

    async def _redraw(self, request: Request, case: Case) -> None:
        """Turn the card that was pressed into the case as it is now, in its own language."""
        message = request.interaction.message
        is_own = message is not None and message.flags.ephemeral
        words = request.words if is_own else self._words
        card = case_card(words, await self._view(case))
        await (request.rewrite(card) if message is not None else request.reply(card))

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)

    async def _views(self, cases: Sequence[Case]) -> list[CaseView]:
        return [await self._view(case) for case in cases]

    async def _view(self, case: Case) -> CaseView:
        participant = await self.bot.services.participants.find(case.user_id)
        return CaseView(
            case=case,
            code=participant.code if participant else None,
            joined=participant is not None,
            is_free=self.bot.services.case_desk.is_free(case),
        )


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(CaseCog(bot))
