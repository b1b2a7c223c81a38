"""Pauses: `/pause`, what comes at the return, and the line in the couple's thread."""

from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.content.couple_texts import CardKind, CoupleTexts
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.domain.pause import Pause, PauseState, read_length
from bot.errors import UserError
from bot.services.pauses import CALLED, IN_THREAD, PAUSE, RETURN, SOFT_START, STATE
from bot.ui.cards import Card
from bot.ui.forms import Form, TextField
from bot.ui.pause import (
    answered_card,
    call_card,
    calm_card,
    return_card,
    running_card,
    soft_start_card,
    thread_line,
)
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, renders, submits

LENGTH = "length"


class PauseCog(FeatureCog[Bot]):
    """Calls a pause and brings both back."""

    @app_commands.command()
    async def pause(self, interaction: discord.Interaction[Any], length: str | None = None) -> None:
        """Take a pause from each other, with a time to come back.

        Args:
            length: From 20 minutes to 24 hours, such as 45 or 2 h
        """
        request = self.bot.request(interaction)
        space = await self._any_space(request)
        if length is None:
            await request.reply(await self._card(request, space))
        else:
            await self._call(request, space, length)

    @pressed("pause:v1:open")
    async def show(self, request: Request) -> None:
        """Show the pause that is on, or ask how long one shall be."""
        await request.update(await self._card(request, await self._space(request)))

    @pressed("pause:v1:call")
    async def call(self, request: Request) -> None:
        """Call a pause of one of the lengths offered."""
        await self._call(request, await self._space(request), request.selected[0])

    @form("pause:v1:other")
    async def other_form(self, request: Request) -> Form:
        """Ask for another length."""
        space = await self._space(request)
        field = TextField(
            key=LENGTH,
            label=request.words("pause.length"),
            description=request.words("pause.length_hint"),
            max_length=40,
        )
        title = request.words("together.tool.pause")
        return Form.of("pause:v1:other", space.pair_id, title=title, fields=[field])

    @submits("pause:v1:other")
    async def other(self, request: Request) -> None:
        """Call a pause of a length that was typed."""
        await self._call(request, await self._space(request), request.text(LENGTH))

    @pressed("pause:v1:ready")
    async def ready(self, request: Request) -> None:
        """Keep that someone is ready."""
        await self._answer(request, ready=True)

    @pressed("pause:v1:not_today")
    async def not_today(self, request: Request) -> None:
        """Keep that someone is not ready today; it looks like running out of time."""
        await self._answer(request, ready=False)

    @pressed("pause:v1:more")
    async def more(self, request: Request) -> None:
        """Make the pause longer for both."""
        space = await self._space(request)
        pause = await request.services.pauses.longer(space, request.arg(1))
        said = await request.services.pauses.said(space, pause)
        await request.update(running_card(request.words, pause, said, request.zone))

    @pressed("pause:v1:calm")
    async def calm(self, request: Request) -> None:
        """Show a calming step."""
        space = await self._space(request)
        steps = self._texts(request).calming
        await request.update(calm_card(request.words, space, steps, carried(int, request.arg(1))))

    @pressed("pause:v1:still")
    async def still(self, request: Request) -> None:
        """Show a calming step without breath work."""
        space = await self._space(request)
        steps = [step for step in self._texts(request).calming if not step.uses_breath]
        await request.update(calm_card(request.words, space, steps, carried(int, request.arg(1))))

    @opens(CALLED.name)
    async def called(self, request: Request, note: Note) -> None:
        """Show that a pause is on."""
        space, pause = await self._of(request, note)
        said = await request.services.pauses.said(space, pause)
        await request.reply(running_card(request.words, pause, said, request.zone))

    @opens(RETURN.name)
    async def returned(self, request: Request, note: Note) -> None:
        """Ask whether someone is ready."""
        space, pause = await self._of(request, note)
        if not pause.is_on:
            raise UserError("pause.over")
        await request.reply(return_card(request.words, space, pause))

    @opens(SOFT_START.name)
    async def soft_start(self, request: Request, _note: Note) -> None:
        """Show how to begin again."""
        await self._any_space(request)
        cards = self._texts(request).cards_of(CardKind.SOFT_START)
        card = cards[request.now.toordinal() % len(cards)]
        await request.reply(soft_start_card(request.words, card))

    @renders(IN_THREAD.name)
    async def line(self, row: OutboxRow) -> Card:
        """Make the line in the couple's thread."""
        pause = await self.bot.services.pauses.get(row.args[PAUSE])
        if pause is None:
            raise RefusedError("the pause is gone")
        words = self.bot.catalog.words(self.bot.services.programme.current.locale)
        return thread_line(words, pause, PauseState(row.args[STATE]))

    async def _call(self, request: Request, space: Space, typed: str) -> None:
        participant = await request.participant()
        length = read_length(typed)
        if length is None:
            raise UserError("pause.unreadable", typed=typed)
        pauses = request.services.pauses
        pause = await pauses.call(participant, space, length)
        said = await pauses.said(space, pause)
        await request.update(running_card(request.words, pause, said, request.zone))

    async def _answer(self, request: Request, *, ready: bool) -> None:
        participant = await request.participant()
        space = await self._space(request)
        await request.services.pauses.answer(participant, space, request.arg(1), ready=ready)
        await request.update(answered_card(request.words, ready=ready))

    async def _card(self, request: Request, space: Space) -> Card:
        pauses = request.services.pauses
        pause = await pauses.current(space)
        if pause is not None:
            said = await pauses.said(space, pause)
            return running_card(request.words, pause, said, request.zone)
        participant = await request.participant()
        return call_card(request.words, space, is_often=await pauses.is_often(participant))

    async def _of(self, request: Request, note: Note) -> tuple[Space, Pause]:
        space = await self._any_space(request)
        pause = await request.services.pauses.get(note.args[PAUSE])
        if pause is None or pause.pair_id != space.pair_id:
            raise UserError("pause.over")
        return space, pause

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.PAUSE, request.arg())

    async def _any_space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.PAUSE)

    def _texts(self, request: Request) -> CoupleTexts:
        return request.content.texts(request.locale).couples


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PauseCog(bot))
