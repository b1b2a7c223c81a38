"""Check-ins: the daily questions, what becomes of the answers, and looking back."""

from datetime import date
from typing import Any, Literal

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.answers import call_source, read_calls
from bot.domain.checkin import Snooze
from bot.domain.consent import ConsentKind
from bot.domain.history import SPANS
from bot.domain.note import Note
from bot.errors import KeyLostError, StoreError, UserError
from bot.services.checkin_prompts import DAY, PROMPT
from bot.services.checkins import Sheet
from bot.services.signals import NUDGE
from bot.ui.cards import Card
from bot.ui.checkin import (
    ANSWER,
    nudge_card,
    outcome_card,
    prompt_card,
    sheet_form,
    skipped_card,
    snoozed_card,
)
from bot.ui.checkin_history import day_card, history_card
from bot.ui.consent import consent_card
from bot.ui.crisis import crisis_cards, receipt
from bot.ui.forms import Form
from bot.ui.private import private_form, private_gate
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from bot.ui.truth import until_text
from cogs._calling import reach_team
from cogs._checkin_times import CheckInTimesCog, read_schedule


class CheckInCog(FeatureCog[Bot]):
    """Asks, keeps, puts off and shows check-ins."""

    checkin = app_commands.Group(name="checkin", description="Your check-in")

    @checkin.command()
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        """Answer today's check-in."""
        request = self.bot.request(interaction)
        await request.open(await self.now_form(request))

    @checkin.command()
    async def edit(self, interaction: discord.Interaction[Any]) -> None:
        """Change your last answer."""
        request = self.bot.request(interaction)
        await request.open(await self.edit_form(request))

    @checkin.command()
    async def history(
        self, interaction: discord.Interaction[Any], days: Literal[7, 30, 90] = 7
    ) -> None:
        """Look back at your check-ins, as a picture and in words.

        Args:
            days: How many days to look back
        """
        request = self.bot.request(interaction)
        if await private_gate(request, f"checkin:v1:history:{days}"):
            await request.defer()
            await request.reply(await _history(request, days))

    @checkin.command()
    async def schedule(self, interaction: discord.Interaction[Any]) -> None:
        """See when your check-ins come, and change it."""
        request = self.bot.request(interaction)
        await request.reply(await read_schedule(request))

    @form("checkin:v1:now")
    async def now_form(self, request: Request) -> Form:
        """Ask for today, or for the day whose prompt is still open."""
        participant = await request.participant()
        sheet = await request.services.checkins.sheet(participant)
        return await _sheet_form(request, sheet, "checkin:v1:now")

    @form("checkin:v1:edit")
    async def edit_form(self, request: Request) -> Form:
        """Open the last answer to be changed."""
        participant = await request.participant()
        sheet = await request.services.checkins.last_sheet(participant)
        return await _sheet_form(request, sheet, "checkin:v1:edit")

    @form(ANSWER)
    async def answer_form(self, request: Request) -> Form:
        """Ask for the day a card is about."""
        participant = await request.participant()
        sheet = await request.services.checkins.sheet(
            participant, carried(date.fromisoformat, request.arg())
        )
        return await _sheet_form(request, sheet, ":".join((ANSWER, *request.args)))

    @submits(ANSWER)
    async def answer(self, request: Request) -> None:
        """Keep an answer, and say what became of it."""
        day, version = carried(date.fromisoformat, request.arg()), _number(request.arg(1))
        try:
            participant = await request.participant()
            outcome = await request.services.checkins.answer(
                participant, day, version, request.words.locale, request.values
            )
        except (StoreError, KeyLostError):
            await self._call_all_the_same(request, version)
            raise
        await request.reply(outcome_card(request, outcome))
        if outcome.offers_heads_ups:
            await request.reply(consent_card(request, ConsentKind.HEADS_UPS))

    async def _call_all_the_same(self, request: Request, version: int) -> None:
        """Bring a call for a person to the team though the answer could not be kept."""
        texts = request.services.prompt_sets.edition(version).texts(request.words.locale)
        if not (calls := read_calls(texts, request.values)):
            return
        source = call_source(calls)
        asked = await request.services.crisis.ask(request.user_id, source=source)
        reached = await reach_team(self.bot, asked)
        until = until_text(request.words, asked.next_on, request.zone, request.now)
        told = receipt(
            request.words,
            asked,
            reached=reached,
            has_joined=bool(request.profile),
            until=until,
        )
        await request.reply(crisis_cards(request).asked(told))

    @opens(PROMPT.name)
    async def open_prompt(self, request: Request, note: Note) -> None:
        """Show what a prompt's note holds."""
        participant = await request.participant()
        day = carried(date.fromisoformat, note.args.get(DAY, ""))
        prompt = await request.services.checkins.open(participant, day)
        await request.reply(prompt_card(request.words, prompt, note.id, request.zone))

    @opens(NUDGE.name)
    async def open_nudge(self, request: Request, note: Note) -> None:
        """Ask a quiet person what would help."""
        await request.reply(nudge_card(request))

    @pressed("checkin:v1:snooze")
    async def snooze(self, request: Request) -> None:
        """Let the prompt come again."""
        participant = await request.participant()
        at = await request.services.checkins.snooze(
            participant,
            carried(date.fromisoformat, request.arg(1)),
            request.arg(2),
            carried(Snooze, request.arg()),
        )
        await request.update(snoozed_card(request.words, at, request.zone))

    @pressed("checkin:v1:skip")
    async def skip(self, request: Request) -> None:
        """Let the day go."""
        participant = await request.participant()
        await request.services.checkins.skip(
            participant, carried(date.fromisoformat, request.arg())
        )
        await request.update(skipped_card(request.words))

    @pressed("checkin:v1:history")
    async def show_history(self, request: Request) -> None:
        """Look back; on one's own card the picture is changed in place."""
        days = _number(request.arg()) if request.args else SPANS[0]
        if days not in SPANS:
            raise UserError("core.old_card")
        if not await private_gate(request):
            return
        await request.hold()
        await request.update(await _history(request, days))

    @pressed("checkin:v1:day")
    async def show_day(self, request: Request) -> None:
        """Show all of one day."""
        if not request.selected:
            raise UserError("core.old_card")
        participant = await request.participant()
        if not await private_gate(request, "checkin:v1:history"):
            return
        checkin, edition, answers = await request.services.checkins.day(
            participant, carried(date.fromisoformat, request.selected[0])
        )
        await request.update(day_card(request.words, checkin, edition, answers))


async def _sheet_form(request: Request, sheet: Sheet, then: str) -> Form:
    """Ask; what was answered before is shown only to who knows the private word."""
    asked = await private_form(request, then) if sheet.answers is not None else None
    return asked or sheet_form(request.words, sheet)


async def _history(request: Request, days: int) -> Card:
    checkins = request.services.checkins
    participant = await request.participant()
    history = await checkins.history(participant, days)
    current = request.services.prompt_sets.current
    paint = request.host.easel.of(participant.id)
    return await history_card(request.words, history, current, checkins.edition, paint)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UserError("core.old_card")
    return int(text)


async def setup(bot: Bot) -> None:
    """Add both parts."""
    await bot.add_cog(CheckInCog(bot))
    await bot.add_cog(CheckInTimesCog(bot))
